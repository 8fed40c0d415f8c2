"""`mcn info` and `mcn measure` as a user would type them."""

import csv
import json

import numpy as np
import pytest
import tifffile
import typer
from typer.testing import CliRunner
from vendor_files import SHAPE, described, fei

from microcrystalnet.cli import micrographs
from microcrystalnet.errors import MaskError, UnreadableFileError

LABELS = np.zeros((100, 120), np.uint32)
LABELS[10:40, 20:50] = 7
LABELS[60:64, 70:75] = 3


@pytest.fixture
def mcn():
    app = typer.Typer()
    app.command()(micrographs.info)
    app.command()(micrographs.measure)

    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


@pytest.fixture
def labels(tmp_path):
    tifffile.imwrite(tmp_path / "labels.tif", LABELS)
    return tmp_path / "labels.tif"


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_info_is_a_list_with_one_entry_per_image(mcn, labels):
    entries = json.loads(mcn("info", labels, labels).stdout)
    assert [entry["width"] for entry in entries] == [120, 120]


def test_an_unknown_scale_is_null_and_never_guessed(mcn, labels):
    (entry,) = json.loads(mcn("info", labels).stdout)
    assert entry["pixel_size_nm"] is None
    assert entry["scale_source"] == "unknown"
    assert entry["analysis_region"] == [0, 0, 100, 120]


def test_info_tells_the_scale_of_a_sidecar(mcn, labels):
    labels.with_suffix(".txt").write_text("$CM_ACCEL_VOLT 20\n$CM_PIXEL_SIZE 10nm\n$SM_WD 9.8\n")
    (entry,) = json.loads(mcn("info", labels).stdout)
    assert entry["pixel_size_nm"] == pytest.approx(10)
    assert (entry["vendor"], entry["hv_kv"], entry["wd_mm"]) == ("JEOL", 20, 9.8)


def test_info_tells_why_the_scale_of_a_resized_file_is_not_used(mcn, tmp_path):
    described(tmp_path / "a.tif", 34682, fei(), rows=300, columns=400)
    (entry,) = json.loads(mcn("info", tmp_path / "a.tif").stdout)
    assert (entry["vendor"], entry["hv_kv"], entry["pixel_size_nm"]) == ("FEI/Thermo", 15, None)
    assert "resized or cropped" in entry["scale_note"]


def test_info_refuses_what_is_no_image(mcn, tmp_path):
    assert isinstance(mcn("info", tmp_path / "none.tif").exception, UnreadableFileError)


def test_info_describes_the_others_when_one_file_is_none(mcn, labels, tmp_path):
    (tmp_path / "notes.tif").write_text("no picture")
    call = mcn("info", tmp_path / "notes.tif", labels)
    assert "notes.tif" in str(call.exception)
    assert [entry["width"] for entry in json.loads(call.stdout)] == [120]


def test_measure_writes_one_row_per_label(mcn, labels, tmp_path):
    assert mcn("measure", labels, "--out", tmp_path / "m.csv").exit_code == 0
    small, large = rows_of(tmp_path / "m.csv")
    assert (small["label"], small["area_px"], small["circularity"]) == ("3", "20", "")
    assert (large["label"], large["area_px"], large["row"]) == ("7", "900", "24.5")
    assert large["area_um2"] == ""


def test_a_typed_pixel_size_gives_micrometres(mcn, labels, tmp_path):
    mcn("measure", labels, "--pixel-size", "100", "--out", tmp_path / "m.csv")
    assert float(rows_of(tmp_path / "m.csv")[1]["area_um2"]) == pytest.approx(9)


def test_the_micrograph_gives_grey_levels_and_scale(mcn, labels, tmp_path):
    image = tmp_path / "image.tif"
    tifffile.imwrite(image, (LABELS * 10).astype(np.uint8))
    image.with_suffix(".txt").write_text("$CM_PIXEL_SIZE 100nm\n")
    mcn("measure", labels, "--image", image, "--out", tmp_path / "m.csv")
    large = rows_of(tmp_path / "m.csv")[1]
    assert (large["mean_grey"], float(large["area_um2"])) == ("70.0", pytest.approx(9))


def test_nothing_is_measured_in_the_data_bar(mcn, tmp_path):
    bar = described(tmp_path / "a.tif", 34682, fei(), rows=SHAPE[0] + 64).region.row1
    values = np.zeros((SHAPE[0] + 64, SHAPE[1]), np.uint32)
    values[10:40, 20:50], values[bar - 10 : bar + 9, 20:50], values[bar + 20 :, 20:50] = 1, 2, 3
    tifffile.imwrite(tmp_path / "labels.tif", values)
    arguments = ["--image", tmp_path / "a.tif", "--out", tmp_path / "m.csv"]
    call = mcn("measure", tmp_path / "labels.tif", *arguments)
    areas = [(row["label"], row["area_px"]) for row in rows_of(tmp_path / "m.csv")]
    assert areas == [("1", "900"), ("2", "300")]
    assert "1 of 3 crystals lie outside the analysed region" in call.stderr


def test_a_micrograph_of_another_size_is_refused(mcn, labels, tmp_path):
    tifffile.imwrite(tmp_path / "image.tif", LABELS[:50])
    call = mcn("measure", labels, "--image", tmp_path / "image.tif", "--out", tmp_path / "m.csv")
    assert isinstance(call.exception, MaskError)
    assert not (tmp_path / "m.csv").exists()


def test_a_label_image_without_labels_gives_an_empty_table(mcn, tmp_path):
    tifffile.imwrite(tmp_path / "labels.tif", np.zeros((9, 9), np.uint32))
    mcn("measure", tmp_path / "labels.tif", "--out", tmp_path / "m.csv")
    assert rows_of(tmp_path / "m.csv") == []


def test_the_parts_of_a_yes_or_no_mask_are_measured_one_by_one(mcn, tmp_path):
    tifffile.imwrite(tmp_path / "mask.tif", (255 * (LABELS > 0)).astype(np.uint8))
    mcn("measure", tmp_path / "mask.tif", "--out", tmp_path / "m.csv")
    assert [row["area_px"] for row in rows_of(tmp_path / "m.csv")] == ["900", "20"]


def test_a_micrograph_is_not_measured_as_if_it_were_labels(mcn, tmp_path):
    grey = np.random.default_rng(0).normal(120, 20, (100, 120)).astype(np.uint8)
    tifffile.imwrite(tmp_path / "grey.tif", grey)
    call = mcn("measure", tmp_path / "grey.tif", "--out", tmp_path / "m.csv")
    assert isinstance(call.exception, MaskError)
    assert "grey.tif looks like a micrograph" in str(call.exception)
    assert not (tmp_path / "m.csv").exists()


@pytest.fixture
def two_pages(tmp_path):
    """Label images of two slices: one crystal on the first, two on the second."""
    tifffile.imwrite(tmp_path / "z.tif", np.stack([np.where(LABELS == 7, LABELS, 0), LABELS]))
    return tmp_path / "z.tif"


@pytest.mark.parametrize(("page", "crystals"), [("1", ["7"]), ("2", ["3", "7"])])
def test_the_page_of_a_label_image_is_the_one_that_is_measured(
    mcn, two_pages, tmp_path, page, crystals
):
    call = mcn("measure", two_pages, "--page", page, "--out", tmp_path / "m.csv")
    assert call.exit_code == 0, call.output
    assert [row["label"] for row in rows_of(tmp_path / "m.csv")] == crystals


def test_where_only_the_micrograph_holds_several_pages_the_labels_stay_as_they_are(
    mcn, labels, tmp_path
):
    image = tmp_path / "image.tif"
    tifffile.imwrite(image, np.stack([LABELS * 10, LABELS * 20]).astype(np.uint8))
    mcn("measure", labels, "--image", image, "--page", "2", "--out", tmp_path / "m.csv")
    assert [row["mean_grey"] for row in rows_of(tmp_path / "m.csv")] == ["60.0", "140.0"]


def test_a_page_that_no_file_has_is_refused(mcn, labels, tmp_path):
    call = mcn("measure", labels, "--page", "2", "--out", tmp_path / "m.csv")
    assert "labels.tif has 1 page and no page 2" in str(call.exception)
    assert not (tmp_path / "m.csv").exists()
