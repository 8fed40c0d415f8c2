"""Metadata that cannot be right: one plain sentence, no scale, and the picture still opens."""

import numpy as np
import pytest
import tifffile
from vendor_files import HITACHI, described, fei, tescan, zeiss

from microcrystalnet.micrographs import reader, sidecar

JEOL = "$CM_FULL_SIZE 1024 768\n$CM_ACCEL_VOLT 20.0\n$$SM_MICRON_BAR 80\n$$SM_MICRON_MARKER 1um\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.tif"


def no_rights(*_):
    raise PermissionError(13, "Permission denied")


def open_but_texts(opened, *mode):
    return no_rights() if opened.suffix == ".txt" else open(opened, *mode)  # noqa: PTH123


def refused(micrograph):
    """Give the note of a micrograph that has no scale."""
    assert not micrograph.calibrated
    assert micrograph.scale_note.endswith(".")
    return micrograph.scale_note


def test_the_sidecar_of_another_image_is_known_by_the_name_in_it(path):
    path.with_suffix(".txt").write_text(HITACHI.replace("a.tif", "b.tif"))
    assert "belongs to b.tif and not to a.tif" in refused(described(path))


def test_the_sidecar_of_an_image_of_another_size_is_not_believed(path):
    path.with_suffix(".txt").write_text(JEOL.replace("1024 768", "2560 1920"))
    assert "2560 x 1920 pixels but the file has 1024 x 768" in refused(described(path))


def test_a_sidecar_that_names_the_image_with_its_folder_is_its_own(path):
    path.with_suffix(".txt").write_text(HITACHI.replace("a.tif", "C:\\SEM\\A.TIF"))
    assert described(path).calibrated


def test_two_sidecars_that_contradict_each_other_are_both_left(path):
    path.with_suffix(".txt").write_text(JEOL)
    path.with_name("a.tif.txt").write_text("pixel_size: 2.38")
    assert "sidecar (a.txt) and the pixel_size sidecar (a.tif.txt)" in refused(described(path))


def test_two_sidecars_that_agree_are_used(path):
    path.with_suffix(".txt").write_text(JEOL)
    path.with_name("a.tif.txt").write_text("pixel_size: 0.0125")
    assert described(path).pixel_size.nm == pytest.approx(12.5)


@pytest.mark.parametrize("marker", ["1", "1 furlong", "0um", "-1um", "um"])
def test_a_jeol_marker_without_a_positive_length_in_a_known_unit_is_no_scale(path, marker):
    path.with_suffix(".txt").write_text(JEOL.replace("1um", marker))
    assert f"gives a scale bar of “{marker}”, which is not" in refused(described(path))


def test_a_file_that_lost_its_tags_in_an_image_program_has_no_scale(path):
    described(path, 34118, zeiss())
    pixels = tifffile.imread(path)
    options = {"resolution": (300, 300), "resolutionunit": "INCH", "software": "Adobe Photoshop"}
    tifffile.imwrite(path, pixels, **options)
    assert not reader.describe(path).calibrated


def test_a_file_that_an_image_program_saved_says_where_the_scale_went(path):
    micrograph = described(path, software="Adobe Photoshop 25.0", metadata=None)
    assert "saved by Adobe Photoshop 25.0 and holds no tag" in refused(micrograph)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty (0 bytes)"),
        (b"Dear colleague", "holds no scale that is understood"),
        (b"\0\xff\x81" * 999, "holds no scale that is understood"),
        (b"$CM_MAG 5000\n" * 90_000, "has 1,170,000 bytes, too many"),
    ],
)
def test_a_sidecar_that_nobody_understands_is_named(path, content, reason):
    path.with_suffix(".txt").write_bytes(content)
    assert f"a.txt beside the picture {reason}" in refused(described(path))


def test_a_sidecar_that_cannot_be_read_is_named(path, monkeypatch):
    path.with_suffix(".txt").write_text(JEOL)
    monkeypatch.setattr(sidecar.Path, "read_bytes", no_rights)
    monkeypatch.setattr(sidecar.Path, "open", open_but_texts)
    assert "a.txt beside the picture cannot be read (Permission" in refused(described(path))


def test_a_header_file_that_nobody_understands_is_named(path):
    path.with_name("a-tif.hdr").write_text("[MAIN]\nSign=-1")
    assert "a-tif.hdr beside the picture holds no scale" in refused(described(path))


def test_what_a_tag_says_wrong_is_told_before_a_letter_beside_it(path):
    path.with_suffix(".txt").write_text("Dear colleague")
    assert "Zeiss tag" in refused(described(path, 34118, zeiss("0 nm")))


def test_a_letter_beside_a_micrograph_with_a_scale_is_not_spoken_of(path):
    path.with_suffix(".txt").write_text("Dear colleague")
    assert described(path, 34118, zeiss()).scale_note == ""


@pytest.mark.parametrize("bar", ["0", "-80", "many"])
def test_a_jeol_bar_that_is_no_length_is_told_with_its_value(path, bar):
    path.with_suffix(".txt").write_text(JEOL.replace("BAR 80", f"BAR {bar}"))
    assert f"is “{bar}” pixels long" in refused(described(path))


def test_ome_tags_that_declare_entities_are_not_parsed(path):
    text = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><OME>&b;</OME>'
    described(path, description=text)
    assert "cut off or damaged" in refused(reader.describe(path))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "cp932"])
def test_a_sidecar_in_another_encoding_is_read(path, encoding):
    text = "$CM_TITLE calcite\n" + JEOL.replace("1um", "1μm" if encoding == "cp932" else "1µm")
    path.with_suffix(".txt").write_bytes(text.encode(encoding))
    assert described(path).pixel_size.nm == pytest.approx(12.5)


@pytest.mark.parametrize("kept", range(60, len(fei()), 5))
def test_an_fei_tag_that_is_cut_off_gives_the_true_scale_or_none_and_no_wrong_reason(path, kept):
    micrograph = described(path, 34682, fei()[:kept], rows=832)
    assert micrograph.pixel_size is None or micrograph.pixel_size.nm == pytest.approx(12.5)
    assert "resized" not in micrograph.scale_note


@pytest.mark.parametrize("kept", range(0, len(JEOL), 7))
def test_a_sidecar_that_is_cut_off_gives_the_true_scale_or_none(path, kept):
    path.with_suffix(".txt").write_text(JEOL[:kept])
    size = described(path).pixel_size
    assert size is None or size.nm == pytest.approx(12.5)


@pytest.mark.parametrize("text", ["$$SM_MICRON_MARKER 1um\n$$SM_MICRON_BAR 8", HITACHI[:85]])
def test_a_number_at_which_a_sidecar_breaks_off_is_not_believed(path, text):
    path.with_suffix(".txt").write_text(text)
    assert refused(described(path))


@pytest.mark.parametrize("kept", range(0, len(zeiss()), 40))
def test_a_zeiss_tag_that_is_cut_off_gives_the_true_scale_or_none(path, kept):
    size = described(path, 34118, zeiss()[:kept] + b"\0\0").pixel_size
    assert size is None or size.nm == pytest.approx(12.5)


@pytest.mark.parametrize("kept", range(0, len(tescan()), 20))
def test_a_tescan_tag_that_is_cut_off_gives_the_true_scale_or_none(path, kept):
    size = described(path, 50431, tescan()[:kept] + b"\0\0").pixel_size
    assert size is None or size.nm == pytest.approx(12.5)


@pytest.mark.parametrize(
    ("tag", "content", "rows"),
    [
        (34682, fei()[:250], 832),
        (34118, zeiss()[:400] + b"\0\0", 768),
        (50431, tescan()[:120] + b"\0\0", 768),
    ],
)
def test_a_tag_that_is_cut_off_behind_its_scale_still_gives_it(path, tag, content, rows):
    assert described(path, tag, content, rows=rows).pixel_size.nm == pytest.approx(12.5)


def test_a_sidecar_that_is_cut_off_behind_its_scale_still_gives_it(path):
    path.with_suffix(".txt").write_text(f"{JEOL}$CM_TIT")
    assert described(path).pixel_size.nm == pytest.approx(12.5)


@pytest.mark.parametrize("name", ["方解石 кальцит é.tif", "n" * 251 + ".tif"])
def test_a_path_that_is_not_ascii_or_very_long_is_read_with_its_sidecar(tmp_path, name):
    path = tmp_path / name
    path.with_suffix(".txt").write_text(JEOL)
    assert described(path).calibrated


def test_a_path_below_many_folders_is_read(tmp_path):
    folder = tmp_path.joinpath(*["a folder of a long name"] * 40)
    folder.mkdir(parents=True)
    assert described(folder / "a.tif").width == 1024


def test_pixels_are_read_whatever_the_metadata(path):
    path.with_suffix(".txt").write_bytes(b"\xff\xfe$CM_\0\0 \xd8\xd8")
    described(path, 34118, zeiss()[:33])
    assert np.array_equal(reader.read_pixels(path), np.zeros((768, 1024)))


@pytest.mark.parametrize(
    ("size", "unit"), [(0, "µm"), (-1, "µm"), (0.05, "furlong"), (0.05, "pixel"), (5, "m")]
)
def test_an_impossible_ome_size_is_refused(tmp_path, size, unit):
    keys = {"PhysicalSizeX": size, "PhysicalSizeXUnit": unit, "axes": "YX"}
    described(tmp_path / "a.ome.tif", metadata=keys)
    assert "OME tags give" in refused(reader.describe(tmp_path / "a.ome.tif"))


@pytest.mark.parametrize(("resolution", "unit"), [((20, 20), "furlong"), ((0, 0), "um")])
def test_an_impossible_imagej_size_is_refused(path, resolution, unit):
    micrograph = described(path, imagej=True, resolution=resolution, metadata={"unit": unit})
    assert "not a length above 0 in a known unit" in refused(micrograph)


def test_ome_tags_that_are_cut_off_say_so(path):
    described(path, description="<OME xmlns='http://www.openmicroscopy.org/Schemas/OME/2016-06'>")
    assert "cut off or damaged" in refused(reader.describe(path))


def test_the_smaller_pictures_of_a_pyramid_do_not_count(tmp_path):
    pixels = np.arange(256 * 256, dtype=np.uint16).reshape(256, 256)
    keys = {"axes": "YX", "PhysicalSizeX": 0.05, "PhysicalSizeXUnit": "µm"}
    with tifffile.TiffWriter(tmp_path / "a.ome.tif") as file:
        file.write(pixels, subifds=2, tile=(64, 64), metadata=keys)
        file.write(pixels[::2, ::2], subfiletype=1, tile=(64, 64))
        file.write(pixels[::4, ::4], subfiletype=1, tile=(64, 64))
    assert np.array_equal(reader.read_pixels(tmp_path / "a.ome.tif"), pixels)
    assert reader.describe(tmp_path / "a.ome.tif").pixel_size.nm == pytest.approx(50)
