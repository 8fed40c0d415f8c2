"""`mcn compare`."""

import json

import numpy as np
import pytest
import tifffile
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.errors import MaskError


@pytest.fixture
def write(tmp_path):
    def labels(name, *places, shape=(40, 40)):
        pixels = np.zeros(shape, np.uint32)
        for number, row, col in places:
            pixels[row : row + 10, col : col + 10] = number
        tifffile.imwrite(tmp_path / name, pixels)
        return str(tmp_path / name)

    return labels


def run(*arguments):
    return CliRunner().invoke(app, ["compare", *arguments], catch_exceptions=True)


def test_crystals_are_named_by_their_numbers_in_the_files(write):
    found = write("found.tif", (5, 0, 0), (9, 25, 25))
    reference = write("reference.tif", (2, 1, 0), (7, 25, 0))
    said = json.loads(run(found, reference).stdout)
    assert (said["matches"][0]["found"], said["matches"][0]["reference"]) == (5, 2)
    assert said["missed"] == [{"reference": 7, "best_iou": 0.0}]
    assert said["invented"] == [{"found": 9, "best_iou": 0.0}]


def test_the_numbers_are_not_rounded(write):
    found, reference = write("a.tif", (1, 0, 0), (2, 20, 20)), write("b.tif", (1, 1, 0), (2, 0, 25))
    said = json.loads(run(found, reference).stdout)
    assert (said["f1"], said["mean_iou"]) == (0.5, 9 / 11)


def test_a_stricter_overlap_can_be_asked_for(write):
    found, reference = write("a.tif", (1, 0, 0)), write("b.tif", (1, 1, 0))
    assert json.loads(run(found, reference, "--iou", "0.9").stdout)["n_matched"] == 0


def test_images_of_two_sizes_are_refused(write):
    refused = run(write("a.tif", (1, 0, 0)), write("b.tif", (1, 0, 0), shape=(40, 50)))
    assert isinstance(refused.exception, MaskError)
    assert "50 x 40" in str(refused.exception)
