"""The databar is found where it is, whatever its layout, and nowhere else."""

import io
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image
from vendor_files import zeiss

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.databar import find_databar
from microcrystalnet.synth.databar import Conditions, ScaleBar, databar

REAL = Path(__file__).parents[3] / "shared" / "data" / "emps_dev" / "images"
GRAIN = np.random.default_rng(7).normal(110, 25, (480, 640))
PICTURE = np.clip(GRAIN, 0, 255).astype(np.uint8)
STRIP = databar(640, 48, ScaleBar.fit(640, 10), Conditions())


def framed(strip):
    """Draw a white frame around a strip, as Zeiss does."""
    strip = strip.copy()
    strip[:2], strip[-2:], strip[:, :2], strip[:, -2:] = 255, 255, 255, 255
    return strip


LAYOUTS = {
    "white on black": STRIP,
    "black on white": 255 - STRIP,
    "on grey": np.where(STRIP > 100, 250, 90).astype(np.uint8),
    "framed": framed(STRIP),
    "low": STRIP[8:28],
}


@pytest.mark.parametrize("strip", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_databar_is_found_to_the_row(strip):
    found = find_databar(np.vstack([PICTURE, strip]))
    assert found is not None
    assert (found.row, found.confidence > 0.7) == (480, True)


def test_a_databar_is_found_in_a_jpeg():
    file = io.BytesIO()
    Image.fromarray(np.vstack([PICTURE, STRIP])).save(file, "JPEG", quality=75)
    found = find_databar(np.asarray(Image.open(file)))
    assert found is not None
    assert abs(found.row - 480) <= 2


def test_a_databar_is_found_in_16_bits():
    pixels = np.vstack([PICTURE, STRIP]).astype(np.uint16) * 257
    assert find_databar(pixels).row == 480


@pytest.mark.parametrize(
    "pixels",
    [
        PICTURE,
        np.zeros((480, 640), np.uint8),
        np.full((480, 640), np.nan, np.float32),
        np.vstack([PICTURE, np.zeros((48, 640), np.uint8)]),
        np.where(PICTURE > 130, PICTURE, 0),
        PICTURE[:20, :30],
    ],
    ids=["grain", "constant", "nan", "empty strip", "black ground", "tiny"],
)
def test_no_databar_is_made_up(pixels):
    assert find_databar(pixels) is None


def test_a_zeiss_file_is_analysed_above_the_databar_that_was_found(tmp_path):
    pixels = np.vstack([PICTURE, STRIP])
    content = zeiss(stored="640 * 528", unnamed="7.8125e-9")
    tag = (34118, "B", len(content), content, True)
    tifffile.imwrite(tmp_path / "a.tif", pixels, extratags=[tag])
    micrograph = reader.examine(tmp_path / "a.tif")
    assert micrograph.region == Region(0, 0, 480, 640)
    assert micrograph.origins["databar"] == "found in the picture (99 % sure)"


def test_a_databar_that_the_file_declares_is_not_looked_for(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.vstack([PICTURE, STRIP]))
    (tmp_path / "a.txt").write_text("$CM_FULL_SIZE 640 500\n")
    assert reader.examine(tmp_path / "a.tif").region.row1 == 500


@pytest.mark.long
@pytest.mark.skipif(not REAL.is_dir(), reason="the published micrographs are not here")
def test_on_published_micrographs_only_databars_are_found():
    # Looked at one by one: 18 of these 366 pictures end in a flat strip with lettering.
    found = [path.stem for path in sorted(REAL.glob("*.png")) if _has_databar(path)]
    assert len(found) == 18
    assert {"1b3c6536a3", "37ce835fb2", "427ebc9e15", "60feb7de8f"} <= set(found)


def _has_databar(path):
    return find_databar(reader.read_pixels(path)) is not None
