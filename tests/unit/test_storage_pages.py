"""Pages of one file are micrographs of their own in a project, and each is read as itself."""

import hashlib
import json
import shutil
from unittest.mock import Mock

import numpy as np
import pytest
import tifffile
from paged_files import BSE, SE, write_detectors, write_ome
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.mask import Mask
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.page_path import at_page
from microcrystalnet.report.export_images import export_crops
from microcrystalnet.statistics.collect import ClassFrom, collect
from microcrystalnet.storage import files, health, images
from microcrystalnet.storage.merge import merge
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.storage.records import micrograph_from_json, micrograph_to_json


@pytest.fixture
def scan(tmp_path):
    return write_detectors(tmp_path / "scan.tif")


def add_pages(store, scan):
    for page in (1, 2):
        store.add_micrograph(at_page(scan, page), reader.examine(at_page(scan, page)))


@pytest.fixture
def store(tmp_path, scan):
    made = ProjectStore.create(tmp_path / "project", "AY", mirror_root=tmp_path / "mirror")
    add_pages(made, scan)
    yield made
    made.close()


def levels(store):
    return [int(reader.read_pixels(store.image_path(each)).max()) for each in ids(store)]


def ids(store):
    return list(store.state.micrographs)


def test_two_pages_of_one_file_are_two_micrographs_and_one_copy_of_the_file(store):
    files = list((store.folder / "images" / "files").iterdir())
    assert (levels(store), len(files)) == ([90, 160], 1)


def test_the_page_is_still_known_after_reopening(store, tmp_path):
    store.close()
    again = ProjectStore.open(tmp_path / "project", "AY", mirror_root=tmp_path / "mirror")
    assert [each.page for each in again.state.micrographs.values()] == [1, 2]
    assert levels(again) == [90, 160]
    again.close()


def test_pages_travel_with_a_merge_and_the_check_finds_them_whole(store, tmp_path):
    other = tmp_path / "usb"
    shutil.copytree(store.folder, other, ignore=shutil.ignore_patterns("images"))
    merge(other, store.folder)
    found = health.check(other, tmp_path / "no-mirror")
    assert (found.problems, (other / "images" / "files").exists()) == ((), True)


def test_measuring_reads_the_recorded_page(store):
    mask = Mask.from_pixels(np.ones((20, 20)), 30, 30)
    store.put_masks(ids(store)[1], [mask], MaskSource.MANUAL)
    (row,) = [row for rows in collect(store, ClassFrom.SETTLED) for row in rows]
    assert row.measurement.mean_grey == 160


def test_crops_are_cut_from_the_recorded_page_and_say_so(store, tmp_path):
    mask = Mask.from_pixels(np.ones((20, 20)), 30, 30)
    store.put_masks(ids(store)[1], [mask], MaskSource.MANUAL)
    crop, _ = export_crops(store, tmp_path / "out")
    with tifffile.TiffFile(crop) as file:
        about = json.loads(file.pages.first.description)
        assert (file.asarray().max(), about["page"]) == (160, 2)
    assert crop.name == "scan_page2_1.tif"


def test_a_record_without_a_page_is_of_a_file_with_one_picture(scan):
    details = micrograph_to_json(reader.describe(at_page(scan, 1)))
    del details["page"]
    assert micrograph_from_json(details).page == 0


@pytest.mark.parametrize("page", [-1, "2", 1.5, True])
def test_a_page_that_is_no_number_of_a_page_is_refused(scan, page):
    details = micrograph_to_json(reader.describe(at_page(scan, 1)))
    with pytest.raises(ValueError, match="a page is a whole number"):
        micrograph_from_json({**details, "page": page})


def mcn(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_mcn_project_add_takes_the_page_that_is_named(tmp_path, scan):
    mcn("project", "create", tmp_path / "p", "--expert", "AY")
    added = mcn("project", "add", tmp_path / "p", scan, "--page", 2, "--expert", "AY")
    (entry,) = json.loads(added.stdout)["added"]
    assert entry["pixel_size_nm"] == pytest.approx(25)


def test_mcn_project_add_without_a_page_names_them(tmp_path, scan):
    mcn("project", "create", tmp_path / "p", "--expert", "AY")
    (refusal,) = json.loads(mcn("project", "add", tmp_path / "p", scan, "--expert", "AY").stdout)[
        "refused"
    ]
    assert "page 2 (BSE)" in refusal
    assert "--page" in refusal


def test_mcn_info_lists_the_pages_and_describes_the_one_that_is_named(scan):
    (entry,) = json.loads(mcn("info", scan, "--page", 2).stdout)
    assert [each["detector"] for each in entry["pages"]] == ["SE", "BSE"]
    assert (entry["page"], entry["detector"]) == (2, "BSE")


def test_the_first_page_of_a_file_with_one_picture_is_the_file(tmp_path):
    tifffile.imwrite(tmp_path / "one.tif", SE)
    plain, named = (
        json.loads(mcn("info", tmp_path / "one.tif", *more).stdout)[0]["image_id"]
        for more in ((), ("--page", 1))
    )
    assert plain == named


def test_mcn_preprocess_names_its_file_after_the_page(tmp_path, scan):
    mcn("preprocess", scan, "--page", 2, "--preset", "none", "--out", tmp_path / "out")
    np.testing.assert_array_equal(
        tifffile.imread(tmp_path / "out" / "scan_page2_filtered.tif"), BSE
    )


def test_mcn_segment_outlines_the_page_that_is_named(tmp_path):
    found = mcn("segment", write_ome(tmp_path / "scan.tif"), "--page", 2, "--out", tmp_path / "out")
    assert found.exit_code == 0
    assert (tmp_path / "out" / "scan_page2_labels.tif").exists()


def test_mcn_measure_takes_the_grey_levels_of_the_page(tmp_path, scan):
    labels = np.zeros(SE.shape, np.uint8)
    labels[20:60, 20:60] = 1
    tifffile.imwrite(tmp_path / "labels.tif", labels)
    mcn(
        "measure",
        tmp_path / "labels.tif",
        "--image",
        scan,
        "--page",
        2,
        "--out",
        tmp_path / "m.csv",
    )
    header, row = (tmp_path / "m.csv").read_text().splitlines()
    assert dict(zip(header.split(","), row.split(","), strict=True))["mean_grey"] == "160.0"


def test_two_computers_may_add_a_micrograph_at_the_same_time(tmp_path, scan, monkeypatch):
    known = reader.examine(at_page(scan, 1))
    theirs = images.store(tmp_path / "p", at_page(scan, 1), known)
    path = images.record_path(tmp_path / "p", known.image_id)
    content = path.read_bytes()
    path.unlink()

    def faster(_path, _content):
        path.write_bytes(content)
        raise FileExistsError

    monkeypatch.setattr(files, "create_whole", faster)
    assert images.store(tmp_path / "p", at_page(scan, 1), known) == theirs


def test_a_stack_is_hashed_and_copied_once_for_all_its_pages(tmp_path, scan, monkeypatch):
    copied = Mock(side_effect=images.copy)
    hashed = Mock(side_effect=hashlib.file_digest)
    monkeypatch.setattr(images, "copy", copied)
    monkeypatch.setattr(hashlib, "file_digest", hashed)
    store = ProjectStore.create(tmp_path / "once", "AY", mirror_root=tmp_path / "mirror")
    add_pages(store, scan)
    assert (len(ids(store)), copied.call_count, hashed.call_count) == (2, 1, 3)
    store.close()


def test_a_damaged_copy_of_a_stack_is_copied_again_for_its_next_page(tmp_path, scan):
    store = ProjectStore.create(tmp_path / "again", "AY", mirror_root=tmp_path / "mirror")
    store.add_micrograph(at_page(scan, 1), reader.examine(at_page(scan, 1)))
    (kept,) = (store.folder / "images" / "files").iterdir()
    kept.write_bytes(b"damaged")
    store.add_micrograph(at_page(scan, 2), reader.examine(at_page(scan, 2)))
    assert kept.read_bytes() == scan.read_bytes()
    store.close()


def test_a_file_that_is_too_large_to_copy_keeps_its_whole_path_on_another_drive(
    tmp_path, scan, monkeypatch
):
    monkeypatch.setattr(images, "LARGEST_COPY", 10)
    monkeypatch.setattr(images.os.path, "relpath", Mock(side_effect=ValueError("other mount")))
    store = ProjectStore.create(tmp_path / "far", "AY", mirror_root=tmp_path / "mirror")
    add_pages(store, scan)
    assert levels(store) == [90, 160]
    store.close()
