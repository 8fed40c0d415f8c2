"""Where the scale of a micrograph comes from, and when it stays unknown."""

import numpy as np
import pytest
import tifffile

from microcrystalnet.domain.micrograph import PixelSize, Region, ScaleSource
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.units import length_um

WITH_DATABAR = np.zeros((1024, 1280), np.uint8)
OLD = "$CM_FORMAT JEOL-SEM\r\n$CM_ACCEL_VOLT 20.0\r\n$CM_FULL_SIZE 1280 960\r\n"
OLD += "$$SM_WD 10.2\r\n$$SM_MICRON_BAR 200\r\n$$SM_MICRON_MARKER 10um\r\n"


@pytest.fixture
def described(tmp_path):
    def describe(sidecar, pixels=WITH_DATABAR, encoding="utf-8", suffix=".txt", **options):
        tifffile.imwrite(tmp_path / "a.tif", pixels, **options)
        (tmp_path / f"a{suffix}").write_bytes(sidecar.encode(encoding))
        return reader.describe(tmp_path / "a.tif")

    return describe


def test_the_scale_bar_of_a_jeol_sidecar_gives_the_pixel_size(described):
    micrograph = described(OLD)
    assert micrograph.pixel_size == PixelSize(0.05, 0.05)
    assert micrograph.scale_source is ScaleSource.JEOL_SIDECAR
    assert (micrograph.vendor, micrograph.hv_kv, micrograph.wd_mm) == ("JEOL", 20.0, 10.2)
    assert micrograph.scale_note == ""


def test_the_databar_is_outside_the_analysis_region(described):
    assert described(OLD).region == Region(0, 0, 960, 1280)


def test_one_leading_dollar_is_as_good_as_two(described):
    assert described(OLD.replace("$$", "$")).pixel_size == PixelSize(0.05, 0.05)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_a_sidecar_is_read_in_every_encoding(described, encoding):
    micrograph = described(OLD.replace("10um", "10µm"), encoding=encoding)
    assert micrograph.pixel_size == PixelSize(0.05, 0.05)


def test_a_japanese_sidecar_is_read(described):
    text = "$CM_TITLE 方解石の結晶\r\n" + OLD.replace("10um", "10μm")
    assert described(text, encoding="cp932").pixel_size == PixelSize(0.05, 0.05)


def test_the_suffix_of_the_sidecar_may_be_in_capitals(described):
    assert described(OLD, suffix=".TXT").calibrated


def test_a_marker_in_nanometres_is_understood(described):
    text = OLD.replace("10um", "500nm")
    assert described(text).pixel_size == PixelSize(0.0025, 0.0025)


NEW = "$CM_IMAGE_SIZE 1280 960\n$CM_PIXEL_SIZE 9.765nm\n$SM_PNU_HEIGHT 64\n$CM_LABEL 7\n"


def test_the_pixel_size_of_a_newer_sidecar_is_taken_with_its_unit(described):
    micrograph = described(NEW)
    assert micrograph.pixel_size is not None
    assert micrograph.pixel_size.nm == pytest.approx(9.765)
    assert micrograph.region == Region(0, 0, 960, 1280)


def test_a_newer_file_saved_without_its_databar_is_analysed_whole(described):
    assert described(NEW, WITH_DATABAR[:960]).region == Region(0, 0, 960, 1280)


def test_a_field_of_view_is_a_scale(described):
    micrograph = described("$CM_IMAGE_SIZE 1280 960\n$CM_FIELD_OF_VIEW 12.8um 9.6um\n")
    assert micrograph.pixel_size is not None
    assert micrograph.pixel_size.nm == pytest.approx(10)


@pytest.mark.parametrize("pixels", [WITH_DATABAR[::2, ::2], WITH_DATABAR[:800]])
def test_a_resized_image_loses_its_scale_and_says_why(described, pixels):
    micrograph = described(OLD, pixels)
    assert not micrograph.calibrated
    assert "resized or cropped" in micrograph.scale_note
    assert micrograph.region == Region(0, 0, *pixels.shape)


def test_a_sidecar_that_contradicts_itself_is_not_believed(described):
    micrograph = described(OLD + "$CM_PIXEL_SIZE 10nm\n")
    assert not micrograph.calibrated
    assert "contradicts itself" in micrograph.scale_note


def test_a_sidecar_without_any_scale_says_so(described):
    micrograph = described("$CM_FORMAT JEOL-SEM\n$CM_MAG 5000\n")
    assert not micrograph.calibrated
    assert "neither a pixel size nor a scale bar" in micrograph.scale_note


@pytest.mark.parametrize("bar", ["0", "-3", "nan", "many", "1e999"])
def test_an_impossible_scale_bar_is_no_scale(described, bar):
    assert not described(OLD.replace("BAR 200", f"BAR {bar}")).calibrated


def test_a_hitachi_sidecar_of_the_same_name_is_not_taken_for_jeol(described):
    micrograph = described("[SemImageFile]\nPixelSize=12.4\nDataSize=1280x960\n")
    assert (micrograph.vendor, micrograph.scale_source) == ("Hitachi", ScaleSource.HITACHI_SIDECAR)


def test_another_text_file_of_the_same_name_changes_nothing(described):
    assert not described("my notes about $CM things").calibrated


@pytest.mark.parametrize("unit", ["um", "micron", "\\u00B5m"])
def test_imagej_units_are_a_scale(tmp_path, unit):
    tifffile.imwrite(
        tmp_path / "a.tif", WITH_DATABAR, imagej=True, resolution=(20, 20), metadata={"unit": unit}
    )
    micrograph = reader.describe(tmp_path / "a.tif")
    assert micrograph.pixel_size == PixelSize(0.05, 0.05)
    assert micrograph.scale_source is ScaleSource.IMAGEJ


@pytest.mark.parametrize("unit", ["inch", "cm", "pixel", ""])
def test_imagej_print_resolution_is_not_a_scale(tmp_path, unit):
    tifffile.imwrite(
        tmp_path / "a.tif", WITH_DATABAR, imagej=True, resolution=(72, 72), metadata={"unit": unit}
    )
    assert not reader.describe(tmp_path / "a.tif").calibrated


@pytest.mark.parametrize("unit", ["INCH", "CENTIMETER"])
def test_dots_per_inch_are_never_a_scale(tmp_path, unit):
    tifffile.imwrite(tmp_path / "a.tif", WITH_DATABAR, resolution=(300, 300), resolutionunit=unit)
    micrograph = reader.describe(tmp_path / "a.tif")
    assert micrograph.scale_source is ScaleSource.UNKNOWN
    assert not micrograph.calibrated


@pytest.mark.parametrize(("size", "unit"), [(0.05, "µm"), (50, "nm"), (5e-5, "mm"), (5e-6, "cm")])
def test_ome_sizes_are_a_scale_in_their_own_unit(tmp_path, size, unit):
    keys = {"PhysicalSizeX": size, "PhysicalSizeXUnit": unit}
    keys |= {"PhysicalSizeY": size, "PhysicalSizeYUnit": unit, "axes": "YX"}
    tifffile.imwrite(tmp_path / "a.ome.tif", WITH_DATABAR, metadata=keys)
    micrograph = reader.describe(tmp_path / "a.ome.tif")
    assert micrograph.scale_source is ScaleSource.OME
    assert micrograph.pixel_size is not None
    assert micrograph.pixel_size.nm == pytest.approx(50)


def test_an_ome_size_without_a_unit_is_in_micrometres(tmp_path):
    tifffile.imwrite(
        tmp_path / "a.ome.tif", WITH_DATABAR, metadata={"PhysicalSizeX": 0.05, "axes": "YX"}
    )
    assert reader.describe(tmp_path / "a.ome.tif").pixel_size == PixelSize(0.05, 0.05)


@pytest.mark.parametrize("text", ["", "um", "10", "10 inch", "0 um", "-1um", "1..2um"])
def test_what_is_not_a_length_is_not_read_as_one(text):
    assert length_um(text) is None
