"""Every export is opened by somebody else's reader and shows the same crystals."""

import csv
import errno
import json
import tempfile

import numpy as np
import pytest
import tifffile
from report_project import PIXELS, add, empty, labelled, retire, square, vote

from microcrystalnet.cli.export import Format
from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.mask import Mask
from microcrystalnet.interchange import coco, geojson, imagej
from microcrystalnet.progress import CancelledError, ignore_progress
from microcrystalnet.report.export_images import export_crops, export_ome
from microcrystalnet.report.export_outlines import export_coco, export_geojson, export_imagej
from microcrystalnet.report.files import OutputError
from microcrystalnet.report.formats import WRITERS, write_formats
from microcrystalnet.report.workbook import write as write_workbook
from microcrystalnet.storage import files

RING = Mask.from_pixels(np.pad(np.zeros((4, 4), bool), 3, constant_values=True), 60, 20)


@pytest.fixture
def store(tmp_path):
    made = labelled(tmp_path)
    (image_id,) = made.state.micrographs
    made.put_mask(image_id, RING, MaskSource.MANUAL)
    yield made
    made.close()


@pytest.fixture
def masks(store):
    (image_id,) = store.state.micrographs
    return [each.mask for each in store.state.crystals(image_id).values()]


def test_every_format_of_the_command_line_can_be_written():
    assert {each.value for each in Format} == {*WRITERS, "source-csv"}


def test_pycocotools_sees_the_same_pixels_and_classes(store, masks, tmp_path, capsys):
    from pycocotools.coco import COCO

    (path,) = export_coco(store, tmp_path / "out")
    opened = COCO(str(path))
    found = opened.loadAnns(opened.getAnnIds())
    assert all(
        np.array_equal(opened.annToMask(each), mask.to_image(*PIXELS.shape))
        for each, mask in zip(found, masks, strict=True)
    )
    names = [opened.cats[each["category_id"]]["name"] for each in found]
    assert names == ["RES", "SA", "unsettled", "unsettled"]


def test_coco_reads_back(store, masks, tmp_path):
    (path,) = export_coco(store, tmp_path / "out")
    assert [each.mask for each in coco.read(path.read_text(), "a.tif")] == masks


def test_qupaths_features_carry_class_and_colour(store, masks, tmp_path):
    (path,) = export_geojson(store, tmp_path / "out")
    features = json.loads(path.read_text())["features"]
    said = features[0]["properties"]["classification"]
    assert (said["name"], len(said["color"])) == ("RES", 3)
    assert "classification" not in features[2]["properties"]
    assert [each.mask for each in geojson.read(path.read_text())] == masks


def test_a_hole_is_a_second_ring_for_qupath(store, tmp_path):
    (path,) = export_geojson(store, tmp_path / "out")
    geometry = json.loads(path.read_text())["features"][-1]["geometry"]
    assert (geometry["type"], len(geometry["coordinates"])) == ("Polygon", 2)


def test_roifile_opens_a_region_per_crystal(store, masks, tmp_path):
    import roifile

    (path,) = export_imagej(store, tmp_path / "out")
    regions = roifile.roiread(path)
    assert [each.name for each in regions] == ["00001", "00002", "00003", "00004"]
    assert [each.mask for each in imagej.read(path.read_bytes())] == masks


def test_ome_labels_say_how_large_a_pixel_is(store, tmp_path):
    (path,) = export_ome(store, tmp_path / "out")
    with tifffile.TiffFile(path) as opened:
        (image,) = (tifffile.xml2dict(opened.ome_metadata)["OME"]["Image"],)
        labels = opened.asarray()
    assert image["Pixels"]["PhysicalSizeX"] == pytest.approx(0.1)
    assert (labels.dtype, int(labels.max())) == (np.uint32, 4)


def test_crops_are_the_recorded_pixels_and_say_where_they_come_from(store, masks, tmp_path):
    *crops, table = export_crops(store, tmp_path / "out")
    with tifffile.TiffFile(crops[0]) as opened:
        about, pixels = json.loads(opened.pages[0].description), opened.asarray()
    assert np.array_equal(pixels, PIXELS[masks[0].slices])
    assert (about["micrograph"], about["class"]) == ("a.tif", "RES")
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["label"] for row in rows] == ["RES", "SA", "", ""]
    assert crops[0].relative_to(table.parent).as_posix() == rows[0]["path"]


def test_a_workbook_holds_numbers_and_never_a_formula(tmp_path):
    from openpyxl import load_workbook

    path = tmp_path / "out.xlsx"
    cells = ["=1+1", "@cmd", -3, 2.5, float("nan"), None, True, "β\x07"]
    write_workbook(path, {"crystals": (("a",) * len(cells), [cells])})
    row = load_workbook(path)["crystals"][2]
    assert [cell.value for cell in row] == ["=1+1", "@cmd", -3, 2.5, None, None, "yes", "β"]
    assert {cell.data_type for cell in row} <= {"s", "n"}


def test_the_workbook_has_crystals_micrographs_and_statistics(store, tmp_path):
    from openpyxl import load_workbook

    (path,) = write_formats(["xlsx"], store, tmp_path / "out", lambda _: None)
    book = load_workbook(path)
    assert book.sheetnames == ["crystals", "micrographs", "statistics"]
    assert book["crystals"].max_row == 1 + 4


@pytest.mark.parametrize("name", WRITERS)
def test_a_project_without_crystals_is_exported_too(tmp_path, name):
    store = empty(tmp_path)
    add(store, tmp_path)
    written = write_formats([name], store, tmp_path / "out", lambda _: None)
    store.close()
    assert all(path.exists() for path in written)


@pytest.mark.parametrize("name", WRITERS)
def test_where_nothing_can_be_written_one_sentence_says_so(store, tmp_path, name):
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(OutputError, match="choose another place"):
        write_formats([name], store, tmp_path / "taken", lambda _: None)


def test_a_label_image_says_how_large_a_pixel_is(store, tmp_path):
    from microcrystalnet.micrographs.reader import describe

    path, _ = write_formats(["labels"], store, tmp_path / "out", ignore_progress)
    known = describe(path)
    assert known.pixel_size.nm == pytest.approx(100)
    assert tifffile.TiffFile(path).imagej_metadata["unit"] == "micron"
    assert tifffile.imread(path).max() == 4


def test_pillow_sees_the_same_numbers_in_a_label_image(store, tmp_path):
    from PIL import Image

    path, _ = write_formats(["labels"], store, tmp_path / "out", ignore_progress)
    assert np.array_equal(np.array(Image.open(path)), tifffile.imread(path))


def test_exported_crops_are_what_training_takes(store, tmp_path):
    from microcrystalnet.cli.train import material_of
    from microcrystalnet.learning.config import TrainConfig

    places = [square(2, 10 * at, 9) for at in range(5)] + [
        square(60, 10 * at, 9) for at in range(5)
    ]
    _, crystals = add(store, tmp_path, "b.tif", places, offset=1)
    for at, crystal in enumerate(crystals):
        vote(store, crystal, *[("RES", "SA")[at % 2]] * 2)
    *_, table = write_formats(["crops"], store, tmp_path / "out", ignore_progress)
    material, scheme, _ = material_of(table, TrainConfig(), ignore_progress)
    assert (list(material.labels), scheme.codes) == (["RES", "SA"] * 6, store.state.scheme.codes)


def test_a_name_that_looks_like_a_formula_does_not_hide_its_crops(tmp_path):
    from microcrystalnet.cli.crop_table import read_crops

    store = empty(tmp_path)
    add(store, tmp_path, "=2+3.tif", [square(30, 30)])
    *_, table = write_formats(["crops"], store, tmp_path / "out", ignore_progress)
    store.close()
    (row,) = read_crops(table, labelled=True)
    assert tifffile.imread(row.path).shape == (20, 20)
    assert table.read_text().splitlines()[1].startswith("./=2+3/")


@pytest.mark.parametrize("stem", ["長石" * 40, "Kreide-Müller ☃", "x" * 240])
@pytest.mark.parametrize("name", WRITERS)
def test_long_and_foreign_names_are_exported(tmp_path, name, stem):
    store = empty(tmp_path)
    add(store, tmp_path, f"{stem}.tif", [square(30, 30)])
    written = write_formats([name], store, tmp_path / "out", ignore_progress)
    store.close()
    assert all(path.exists() for path in written)


@pytest.fixture
def nearly_full(store, tmp_path, monkeypatch):
    """A project of three micrographs on a disk that takes one more file."""
    for at, name in enumerate(("b.tif", "c.tif"), 1):
        add(store, tmp_path, name, [square(30, 30)], offset=at)
    room = iter([files.replace])

    def write(path, content):
        next(room, refuse)(path, content)

    def refuse(_path, _content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "replace", write)
    return store


@pytest.mark.parametrize("name", ["labels", "ome-tiff", "crops", "imagej", "geojson"])
def test_a_disk_that_fills_up_leaves_nothing_half(nearly_full, tmp_path, name):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"out/[^.].*No space left on device"):
        write_formats([name], nearly_full, tmp_path / "out", ignore_progress)
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_cancelled_export_leaves_no_folder(store, tmp_path):
    def cancel(progress):
        raise CancelledError

    with pytest.raises(CancelledError):
        write_formats(["imagej"], store, tmp_path / "new" / "out", cancel)
    assert not (tmp_path / "new").exists()


def test_one_micrograph_can_be_exported_alone(store, tmp_path):
    image_id, _ = add(store, tmp_path, "b.tif", [square(30, 30)], offset=1)
    names = ["labels", "csv", "geojson"]
    written = write_formats(names, store, tmp_path / "out", ignore_progress, [image_id])
    assert [path.name for path in written] == [
        "b_labels.tif", "labels.csv", "crystals.csv", "b.geojson",
    ]  # fmt: skip
    assert len((tmp_path / "out" / "crystals.csv").read_text().splitlines()) == 2


def test_a_folder_that_is_read_only_is_named_in_one_sentence(store, tmp_path, monkeypatch):
    def refuse(**_options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(OutputError, match=r"out cannot be written \(Read-only file system\)"):
        write_formats(["csv", "crops"], store, tmp_path / "out", ignore_progress)
    assert not (tmp_path / "out").exists()


def test_a_crystal_keeps_the_class_it_was_settled_as_when_that_is_retired(store, tmp_path):
    retire(store, "SA")
    (path,) = export_coco(store, tmp_path / "out")
    told = json.loads(path.read_text())
    names = {each["id"]: each["name"] for each in told["categories"]}
    assert [names[each["category_id"]] for each in told["annotations"]][:2] == ["RES", "SA"]


def test_a_retired_class_keeps_its_colour_in_exported_outlines(store, tmp_path):
    retire(store, "SA")
    (path,) = export_geojson(store, tmp_path / "out")
    told = json.loads(path.read_text())["features"][1]["properties"]["classification"]
    assert told["color"] == [0, 158, 115]
