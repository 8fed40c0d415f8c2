"""Pictures of Phenom and TESCAN that were resized: neither maker writes a size to compare with."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
import tifffile
from PIL import Image
from vendor_files import MAIN, SEM, described, fei, phenom, tescan

from microcrystalnet.domain.micrograph import Region, ScaleSource
from microcrystalnet.micrographs import databar as bars
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.known import badge_lines, doubt_words
from microcrystalnet.micrographs.resizing import burnt_in
from microcrystalnet.synth.databar import Conditions, ScaleBar, databar

BAR = ScaleBar(2000, 160)  # 12.5 nm per pixel, as the tags say
PHENOM, TESCAN = (34683, phenom()), (50431, tescan())
BOTH = pytest.mark.parametrize("tag", [PHENOM, TESCAN])


def picture(bar=BAR, rows=64):
    """Draw grain above a databar."""
    grain = np.random.default_rng(3).normal(110, 25, (768, 1024)).clip(0, 255).astype(np.uint8)
    return np.vstack([grain, databar(1024, rows, bar, Conditions())])


@pytest.fixture
def written(tmp_path):
    """Give a function that writes a picture with a vendor's tag, and says what is known of it."""

    def write(pixels, tag, **options):
        extra = [(tag[0], "B", len(tag[1]), tag[1], True)]
        tifffile.imwrite(tmp_path / "a.tif", pixels, extratags=extra, **options)
        return reader.examine(tmp_path / "a.tif")

    return write


@BOTH
def test_a_picture_that_agrees_with_its_tag_is_not_doubted(written, tag):
    known = written(picture(), tag)
    assert (known.scale_note, known.region) == ("", Region(0, 0, 768, 1024))


def test_a_bar_of_two_and_a_half_micrometres_is_a_round_one(written):
    assert written(picture(ScaleBar(2500, 200)), TESCAN).scale_note == ""


@BOTH
def test_a_databar_of_another_height_tells_that_the_picture_was_resized(written, tag):
    half = np.asarray(Image.fromarray(picture()).resize((512, 416)))
    known = written(half, tag)
    assert "a databar of 64 rows but the picture has one of 32" in known.scale_note
    assert known.region == Region(0, 0, 384, 512)
    assert badge_lines(known)[-1] == "check it against the scale bar"


@BOTH
def test_a_bar_of_no_round_length_tells_that_the_picture_was_resized(written, tag):
    known = written(picture(ScaleBar(2000, 100)), tag)
    assert "would stand for 1.25 µm, which is no round length" in known.scale_note
    assert known.pixel_size.nm == pytest.approx(12.5)


@BOTH
def test_a_file_that_an_image_editor_saved_is_to_be_checked(written, tag):
    known = written(picture(), tag, software="Adobe Photoshop 25.0", metadata=None)
    assert known.scale_note.startswith("The file was saved by Adobe Photoshop 25.0, which may")
    assert known.pixel_size.nm == pytest.approx(12.5)


def test_a_header_file_beside_a_picture_of_an_editor_is_to_be_checked(tmp_path):
    path = tmp_path / "a.tif"
    path.with_name("a-tif.hdr").write_text(f"[MAIN]\n{MAIN}[SEM]\n{SEM}")
    known = described(path, software="GIMP 2.10", metadata=None)
    assert known.scale_note.startswith("The file was saved by GIMP 2.10, which may have resized")
    assert known.scale_source is ScaleSource.TESCAN_HEADER


def test_an_editor_is_no_matter_where_the_tag_tells_the_size_of_its_picture(tmp_path):
    known = described(tmp_path / "a.tif", 34682, fei(), software="GIMP 2.10", metadata=None)
    assert (known.calibrated, known.scale_note) == (True, "")


def test_what_a_person_measured_is_not_doubted(written):
    known = written(picture(), PHENOM, software="GIMP 2.10", metadata=None)
    assert doubt_words(known)
    assert doubt_words(replace(known, scale_source=ScaleSource.SCALE_BAR)) == ""


def test_the_bar_in_a_databar_is_found_to_the_pixel():
    assert burnt_in(picture(), 768).length_px == pytest.approx(160)


def test_two_lines_in_a_databar_are_not_taken_for_its_bar():
    pixels = picture()
    pixels[780:783, 100:300] = 255
    assert burnt_in(pixels, 768) is None


def test_a_picture_whose_tag_names_no_databar_is_searched_for_one_once(written):
    tag = tescan(MAIN.replace("ImageStripSize=64\n", ""))
    with patch.object(bars, "_coarse", wraps=bars._coarse) as search:
        known = written(picture(), (50431, tag))
    assert (search.call_count, known.region) == (1, Region(0, 0, 768, 1024))
