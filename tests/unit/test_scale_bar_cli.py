"""`mcn scale-bar` as a user would type it."""

import json

import pytest
import tifffile
import typer
from typer.testing import CliRunner

from microcrystalnet.cli.scale_bar import scale_bar
from microcrystalnet.errors import ScaleBarError
from microcrystalnet.synth.databar import Conditions, ScaleBar, databar

BAR = ScaleBar.fit(1280, 10)


@pytest.fixture
def mcn(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", databar(1280, 96, BAR, Conditions()))
    app = typer.Typer()
    app.command()(scale_bar)

    def call(length):
        words = [str(tmp_path / "a.tif"), "--from", "69", "1050", "--to", "70", "1240"]
        return CliRunner().invoke(app, [*words, "--length", length])

    return call


def test_the_bar_gives_the_pixel_size_and_how_sure_it_is(mcn):
    answer = json.loads(mcn("2um").stdout)
    assert answer["pixel_size_nm"] == pytest.approx(10)
    assert answer["relative_uncertainty"] == pytest.approx(0.002, abs=1e-4)
    assert answer["found"]


@pytest.mark.parametrize("length", ["2", "0um", "two um", "2 furlong"])
def test_what_is_not_a_length_is_refused(mcn, length):
    assert isinstance(mcn(length).exception, ScaleBarError)
