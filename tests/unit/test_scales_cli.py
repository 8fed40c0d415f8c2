"""`mcn project tilt` and `mcn project read-again`."""

import json

import numpy as np
import pytest
import tifffile
from typer.testing import CliRunner

from microcrystalnet.cli.app import app

SIDECAR = "$CM_FULL_SIZE 80 60\n$CM_PIXEL_SIZE {}nm\n"


@pytest.fixture
def mcn(tmp_path, monkeypatch):
    """Give a function that runs a command on a project of one micrograph of 10 nm."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((60, 80), np.uint8))
    (tmp_path / "a.txt").write_text(SIDECAR.format(10))

    def run(command, *words):
        arguments = ["project", command, str(tmp_path / "p"), *map(str, words), "--expert", "AY"]
        return CliRunner().invoke(app, arguments)

    run("create")
    run("add", tmp_path / "a.tif")
    return run


def told(result):
    return json.loads(result.stdout)[0]


def test_a_typed_tilt_corrects_heights_and_nothing_takes_it_back(mcn):
    tilted, level = told(mcn("tilt", 60, "a.tif")), told(mcn("tilt", 0, "a.tif"))
    assert tilted["pixel_height_nm"] == pytest.approx(20)
    assert (tilted["pixel_width_nm"], tilted["tilt_corrected_deg"]) == (pytest.approx(10), 60)
    assert (level["pixel_height_nm"], level["tilt_corrected_deg"]) == (pytest.approx(10), None)


@pytest.mark.parametrize("degrees", ["80", "inf"])
def test_a_tilt_that_cannot_be_corrected_is_refused(mcn, degrees):
    result = mcn("tilt", degrees, "a.tif")
    assert (result.exit_code, "give " in str(result.exception)) == (1, True)


def test_a_micrograph_that_is_not_there_is_refused(mcn):
    assert "has no micrograph b.tif" in str(mcn("tilt", 30, "b.tif").exception)


def test_no_tilt_is_corrected_without_a_scale(mcn, tmp_path):
    tifffile.imwrite(tmp_path / "b.tif", np.ones((60, 80), np.uint8))
    mcn("add", tmp_path / "b.tif")
    assert "b.tif has no scale" in str(mcn("tilt", 30, "b.tif").exception)


def test_a_sidecar_that_was_put_right_is_read_again(mcn, tmp_path):
    (tmp_path / "a.txt").write_text(SIDECAR.format(12.5))
    assert told(mcn("read-again", tmp_path / "a.tif"))["pixel_width_nm"] == pytest.approx(12.5)


def test_another_file_is_not_read_for_a_micrograph(mcn, tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.ones((60, 80), np.uint8))
    assert "or the file was changed since" in str(mcn("read-again", tmp_path / "a.tif").exception)
