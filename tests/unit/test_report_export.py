"""What is exported lands on the original file's pixels and can be traced back to its crystal."""

import csv
import json

import numpy as np
import pytest
import tifffile
import typer
from report_project import CODES, add, empty, labelled, square, with_model
from typer.testing import CliRunner

from microcrystalnet.cli import export as export_command
from microcrystalnet.cli import report as report_command
from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.micrograph import PixelSize, Region, Scale, ScaleSource
from microcrystalnet.report.export import export_csv
from microcrystalnet.report.export_images import export_labels
from microcrystalnet.storage import project_store


@pytest.fixture
def exported(tmp_path):
    def export(store, write=export_csv):
        files = write(store, tmp_path / "out")
        store.close()
        with files[-1].open(newline="") as file:
            return files, list(csv.DictReader(file))

    return export


def test_labels_are_as_large_as_the_micrograph_and_lie_on_the_crystals(exported, tmp_path):
    (image, _), rows = exported(labelled(tmp_path), export_labels)
    labels = tifffile.imread(image)
    assert (labels.shape, labels.dtype) == ((120, 160), np.uint32)
    assert image.name == "a_labels.tif"
    assert labels[40, 40] == int(rows[0]["label"])
    assert np.count_nonzero(labels) == 400 + 400 + 900


def test_the_table_beside_label_images_names_crystal_and_class(exported, tmp_path):
    store = labelled(tmp_path)
    (image_id,) = store.state.micrographs
    crystals = list(store.state.crystals(image_id))
    _, rows = exported(store, export_labels)
    assert [row["crystal"] for row in rows] == crystals
    assert [row["class"] for row in rows] == ["RES", "SA", ""]


def test_where_crystals_overlap_the_one_in_front_shows(exported, tmp_path):
    store = empty(tmp_path)
    image_id, _ = add(store, tmp_path)
    store.put_mask(image_id, square(30, 30), MaskSource.MANUAL, z=1)
    store.put_mask(image_id, square(40, 40), MaskSource.MANUAL, z=0)
    (image, _), _ = exported(store, export_labels)
    assert tifffile.imread(image)[45, 45] == 1


def test_two_micrographs_of_one_name_do_not_overwrite_each_other(exported, tmp_path):
    store = empty(tmp_path)
    add(store, tmp_path)
    add(store, tmp_path, offset=1)
    files, _ = exported(store, export_labels)
    assert len({path.name for path in files}) == 3


def test_the_table_says_which_answers_the_agreement_counts(exported, tmp_path):
    store = labelled(tmp_path)
    store.become("IK")
    (image_id,) = store.state.micrographs
    first, second, _ = store.state.crystals(image_id)
    store.label(first, Answer("SA"), assist="prediction")
    store.votes()
    store.label(second, Answer("SA"))
    _, rows = exported(store)
    assert [row["blind AY"] for row in rows] == ["yes", "yes", "yes"]
    assert [row["blind IK"] for row in rows] == ["no", "no", ""]


def test_the_table_holds_every_experts_answer(exported, tmp_path):
    _, rows = exported(labelled(tmp_path))
    assert [row["expert AY"] for row in rows] == ["RES", "SA", "PES"]
    assert [row["expert RS"] for row in rows] == ["RES", "", ""]
    assert [row["state"] for row in rows] == ["agreed", "agreed", "disputed"]
    assert {row["classes_from"] for row in rows} == {"settled by the experts"}


def test_the_table_holds_sizes_in_pixels_and_micrometres(exported, tmp_path):
    _, (first, edge, _) = exported(labelled(tmp_path))
    assert (first["area_px"], first["row"], first["col"]) == ("400", "39.5", "39.5")
    assert float(first["area_um2"]) == pytest.approx(4)
    assert (first["scale_source"], edge["touches_edge"]) == ("JEOL sidecar", "yes")


def test_the_table_holds_how_well_the_scale_is_known(exported, tmp_path):
    store = labelled(tmp_path)
    (image_id,) = store.state.micrographs
    store.set_scale(image_id, Scale(PixelSize.square(50), ScaleSource.SCALE_BAR, 0.004))
    _, (first, *_) = exported(store)
    assert (first["scale_source"], first["scale_uncertainty"]) == (
        "measured on the scale bar",
        "0.004",
    )


def test_the_table_holds_the_tilt_that_heights_were_corrected_for(exported, tmp_path):
    store = labelled(tmp_path)
    (image_id,) = store.state.micrographs
    store.set_scale(image_id, store.state.micrograph(image_id).scale.corrected(60))
    _, (first, *_) = exported(store)
    assert (first["tilt_corrected_deg"], round(float(first["area_um2"]), 9)) == ("60.0", 8)


def test_the_table_holds_crystals_beyond_the_analysed_part_and_says_so(exported, tmp_path):
    store = labelled(tmp_path)
    (image_id,) = store.state.micrographs
    store.set_region(image_id, Region(0, 0, 20, 20))
    assert exported(store)[1][0]["in_region"] == "no"


def test_the_table_holds_the_predicted_probabilities(exported, tmp_path):
    store = labelled(tmp_path)
    with_model(store, wrong="AA")
    _, (first, *_) = exported(store)
    assert first["prediction"] == "AA"
    assert [float(first[f"p_{code}"]) for code in CODES] == [0.1, 0.1, 0.7, 0.1]


def test_an_empty_project_gives_an_empty_table(exported, tmp_path):
    assert exported(empty(tmp_path))[1] == []


@pytest.fixture
def mcn(tmp_path, monkeypatch):
    monkeypatch.setattr(project_store, "default_mirror_root", lambda: tmp_path / "mirror")
    app = typer.Typer()
    app.command()(export_command.export)
    app.command()(report_command.report)
    labelled(tmp_path).close()

    def call(*words):
        return json.loads(CliRunner().invoke(app, [str(word) for word in words]).stdout)

    return call


@pytest.mark.parametrize(
    ("kind", "names"), [("labels", ["a_labels.tif", "labels.csv"]), ("csv", ["crystals.csv"])]
)
def test_mcn_export_writes_files_and_names_them(mcn, tmp_path, kind, names):
    answer = mcn("export", tmp_path / "project", "--format", kind, "--out", tmp_path / "out")
    assert answer["files"] == [str(tmp_path / "out" / name) for name in names]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names


def test_mcn_report_writes_one_file(mcn, tmp_path):
    answer = mcn("report", tmp_path / "project", "--out", tmp_path / "report.html")
    assert answer["bytes"] == (tmp_path / "report.html").stat().st_size


def test_report_and_export_add_nothing_to_the_project_but_who_saw_the_answers(mcn, tmp_path):
    project = tmp_path / "project"
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    mcn("report", project, "--out", tmp_path / "report.html", "--expert", "GV")
    mcn("export", project, "--out", tmp_path / "out", "--expert", "GV")
    after = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    (note,) = after.keys() - before.keys()
    assert after | before == after
    assert note.match("log/gv-*/*.ctl.jsonl")


def test_a_snapshot_unpacked_elsewhere_is_whole(tmp_path):
    import zipfile

    from microcrystalnet.storage.health import check
    from microcrystalnet.storage.snapshot import snapshot

    store = labelled(tmp_path)
    store.flush()
    store.close()
    snapshot(store.folder, tmp_path / "all.zip")
    zipfile.ZipFile(tmp_path / "all.zip").extractall(tmp_path / "elsewhere")
    found = check(tmp_path / "elsewhere", tmp_path / "other-mirror")
    assert (found.problems, found.labels, found.crystals) == ((), 7, 3)
