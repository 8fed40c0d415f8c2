"""`mcn preprocess`."""

import json

import numpy as np
import pytest
import tifffile
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.imaging.noise import SNR_WORDS
from microcrystalnet.micrographs.reader import describe


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "chip.tif"
    pixels = np.random.default_rng(0).integers(90, 160, (64, 80), np.uint8)
    unit = {"unit": "um"}
    tifffile.imwrite(path, pixels, imagej=True, resolution=(100, 100), metadata=unit)
    return path


def run(*arguments):
    return CliRunner().invoke(app, ["preprocess", *map(str, arguments)])


def test_the_filtered_image_keeps_size_and_scale(picture, tmp_path):
    assert run(picture, "--out", tmp_path / "out", "--opening", "5").exit_code == 0
    before, after = describe(picture), describe(tmp_path / "out" / "chip_filtered.tif")
    assert (after.height, after.width, after.dtype) == (before.height, before.width, before.dtype)
    assert after.pixel_size.nm == pytest.approx(before.pixel_size.nm)


def test_a_ratio_is_written_for_every_step(picture, tmp_path):
    run(picture, "--out", tmp_path, "--preset", "paper", "--no-n2v")
    told = json.loads((tmp_path / "snr.json").read_text())
    assert told["definition"] == SNR_WORDS
    (gains,) = told["images"].values()
    steps = ["recorded", "non-local means", "unsharp mask", "opening", "closing"]
    assert [each["step"] for each in gains] == steps


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--preset", "strong"), "strong"), (("--opening", "999"), "51"), (("--nlm", "9"), "0 to 5")],
)
def test_what_cannot_be_done_is_said_in_a_sentence(picture, tmp_path, arguments, said):
    result = run(picture, "--out", tmp_path, *arguments)
    assert said in str(result.exception)
    assert not (tmp_path / "chip_filtered.tif").exists()


def test_two_micrographs_of_one_name_are_refused(picture, tmp_path):
    result = run(picture, picture, "--out", tmp_path / "out", "--preset", "none")
    assert "chip" in str(result.exception)
