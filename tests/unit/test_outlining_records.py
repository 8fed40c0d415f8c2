"""With what an outline was proposed is kept, shown in the report, and exported."""

import csv
import json
from dataclasses import replace

import pytest
from report_project import add, empty, square
from storage_scene import IMAGE, create, disc, reopen

from microcrystalnet.domain.crystal import Crystal, MaskSource
from microcrystalnet.imaging.preprocess import PRESETS, Recipe
from microcrystalnet.made_with import made_with
from microcrystalnet.report.export import export_csv
from microcrystalnet.report.export_images import export_crops
from microcrystalnet.report.export_outlines import export_coco
from microcrystalnet.report.html import write_report
from microcrystalnet.storage.records import crystal_from_json, crystal_to_json

PAPER = made_with("embedded", PRESETS["paper"])


@pytest.fixture
def store(tmp_path):
    made = create(tmp_path)
    yield made
    made.close()


def test_a_preset_is_named_with_its_filters_and_strengths():
    assert (PAPER.preset, PAPER.filters) == (
        "paper",
        (
            ("non-local means", 0.8),
            ("Noise2Void", 1.0),
            ("unsharp mask", 0.5),
            ("opening", 5.0),
            ("closing", 5.0),
        ),
    )


def test_filters_that_are_no_preset_are_custom():
    assert made_with("embedded", Recipe(opening_px=7)).filter_words == "custom: opening 7"


def test_a_file_of_weights_is_named_without_its_folder():
    assert made_with("/home/ay/sam_vit_b.pth", Recipe()).engine == "sam_vit_b.pth"


def test_with_what_crystals_were_outlined_is_there_after_reopening(store):
    store.put_masks(IMAGE, [disc()], MaskSource.AUTO, made=PAPER)
    (crystal,) = reopen(store).state.crystals(IMAGE).values()
    assert crystal.made == PAPER


def test_an_outline_that_was_corrected_by_hand_was_not_proposed(store):
    (crystal,) = store.put_masks(IMAGE, [disc()], MaskSource.AUTO, made=PAPER)
    (mended,) = store.correct([replace(crystal, source=MaskSource.MANUAL)], text="Smoothed")
    assert mended.made is None


def test_laying_a_crystal_over_another_does_not_change_with_what_it_was_outlined(store):
    (crystal,) = store.put_masks(IMAGE, [disc()], MaskSource.AUTO, made=PAPER)
    (laid,) = store.correct([replace(crystal, z=2)], text="Brought to the front")
    assert laid.made == PAPER


@pytest.mark.parametrize("made", ["paper", 3, {"engine": 1}, {"engine": "a", "version": "b"}])
def test_what_a_newer_program_says_otherwise_does_not_cost_the_outline(store, made):
    (crystal,) = store.put_masks(IMAGE, [disc()], MaskSource.AUTO)
    details = {**crystal_to_json(crystal, None, None), "made": made}
    assert crystal_from_json(details) == crystal


def test_a_strength_that_is_no_number_is_kept_as_unknown():
    said = {"engine": "a", "version": "1", "preset": "custom", "filters": {"opening": "5"}}
    crystal = Crystal("c", IMAGE, disc(), MaskSource.AUTO)
    details = {**crystal_to_json(crystal, None, None), "made": said}
    assert crystal_from_json(details).made.filter_words == "custom: opening nan"


@pytest.fixture
def outlined(tmp_path):
    made = empty(tmp_path)
    image_id, _ = add(made, tmp_path, masks=[square(70, 100)])
    made.put_masks(image_id, [square(30, 30)], MaskSource.AUTO, made=PAPER)
    made.put_masks(image_id, [square(30, 80)], MaskSource.SAM)
    yield made
    made.close()


def test_the_table_of_crystals_says_with_what_each_was_outlined(outlined, tmp_path):
    (path,) = export_csv(outlined, tmp_path / "out")
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["outline_filters"].partition(":")[0] for row in rows] == ["", "paper", ""]
    assert [row["outline_engine"] for row in rows] == ["", "embedded", ""]


def test_coco_and_crops_say_with_what_each_was_outlined(outlined, tmp_path):
    import tifffile

    (path,) = export_coco(outlined, tmp_path / "out")
    said = json.loads(path.read_text())["annotations"][1]["attributes"]
    crop = export_crops(outlined, tmp_path / "out")[1]
    with tifffile.TiffFile(crop) as file:
        about = json.loads(file.pages.first.description)
    assert (said["outline_version"], about["outline_engine"]) == (PAPER.version, "embedded")


def test_the_report_has_the_filters_in_provenance_and_methods(outlined, tmp_path):
    write_report(outlined, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "Noise was filtered before 1 of the 2 outlines were proposed (non-local means" in page
    assert "preset paper" in page
    assert "The filters of 1 outline were not recorded." in page
    assert ">paper: non-local means 0.8, Noise2Void, unsharp mask 0.5" in page
