"""The databar and the JEOL sidecar, read back by our own reader."""

import numpy as np
import pytest

from microcrystalnet.domain.micrograph import Region, ScaleSource
from microcrystalnet.micrographs.reader import describe, read_pixels
from microcrystalnet.synth.databar import Conditions, ScaleBar, databar
from microcrystalnet.synth.files import write_micrograph
from microcrystalnet.synth.scene import render


def test_a_scale_bar_is_round_and_near_the_wanted_pixel_size():
    bar = ScaleBar.fit(1024, 12.5)
    assert bar.text == "2um"
    assert bar.pixel_size.nm == pytest.approx(12.5, rel=0.01)


def test_short_bars_are_given_in_nanometres():
    assert ScaleBar.fit(1024, 3.0).text == "500nm"


def test_the_drawn_bar_is_as_long_as_the_sidecar_says():
    bar = ScaleBar(2000, 160)
    strip = databar(1024, 64, bar, Conditions())
    assert np.count_nonzero(strip[64 * 3 // 4] == 255) == 160


def test_a_written_scene_is_read_with_scale_voltage_and_region(tmp_path):
    scene = render(1, (128, 160))
    write_micrograph(tmp_path / "a.tif", scene)
    read = describe(tmp_path / "a.tif")
    assert read.scale_source is ScaleSource.JEOL_SIDECAR
    assert read.pixel_size.nm == pytest.approx(scene.pixel_size.nm)
    assert (read.hv_kv, read.wd_mm) == (20.0, 10.0)
    assert read.region == Region(0, 0, 128, 160)


def test_a_written_scene_keeps_its_grey_levels(tmp_path):
    scene = render(1, (128, 160))
    write_micrograph(tmp_path / "a.tif", scene)
    assert np.array_equal(read_pixels(tmp_path / "a.tif"), scene.pixels)
