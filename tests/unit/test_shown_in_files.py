"""What commands write of others' answers, or of a classifier's, counts as seen by who asked."""

import pytest
from label_files import project as with_four_crystals
from label_files import source_file
from report_project import add, labelled, square, with_model
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.domain.decision import Outcome, Ruling
from microcrystalnet.domain.label import NOT_A_CRYSTAL, Answer
from microcrystalnet.spreadsheets.bring_in import import_labels
from microcrystalnet.spreadsheets.export_source import write_back
from microcrystalnet.spreadsheets.sources import ImportRequest
from microcrystalnet.storage.project_store import ProjectStore

GUEST = "GV"  # who never worked on the project before
FIRST, SECOND, DISPUTED, EXCLUDED = range(4)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """RES and SA settled, one disputed and one excluded by a decision; and a model's classes."""
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "mirror")
    monkeypatch.setattr("getpass.getuser", lambda: GUEST)
    store = labelled(tmp_path)
    _, (crystal,) = add(store, tmp_path, "b.tif", [square(30, 30)], offset=1)
    for expert in ("MK", "AY"):
        store.become(expert)
        store.label(crystal, NOT_A_CRYSTAL)
    store.votes(reveal=False)
    store.adjudication.decide(crystal, Ruling(Outcome.EXCLUDE), ["AY", "MK"])
    with_model(store)
    store.close()
    return store.folder


@pytest.fixture
def labels_after(project, tmp_path):
    """Let the guest run a command, then label everything; gives blindness and help of each."""

    def run(*words):
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == 0, done.output
        store = ProjectStore.open(project, GUEST, mirror_root=tmp_path / "mirror")
        crystals = [c for image in store.state.micrographs for c in store.state.crystals(image)]
        said = [store.label(each, Answer("RES")) for each in crystals]
        store.close()
        return [each.blind for each in said], [each.assist for each in said]

    return run


def test_whoever_only_looked_before_labels_blind_no_more(labels_after, project, tmp_path):
    blind, _ = labels_after("consensus", project, "--out", tmp_path / "c.csv")
    assert blind == [False] * 4


def test_statistics_of_the_classifiers_classes_tell_predictions_and_who_was_excluded(
    labels_after, project, tmp_path
):
    out = tmp_path / "s.csv"
    blind, assist = labels_after("statistics", project, "--classes", "classifier", "--out", out)
    assert blind == [True, True, True, False]
    assert assist == ["prediction"] * 3 + ["none"]


def test_of_ones_own_classes_nothing_is_told(labels_after, project, tmp_path):
    store = ProjectStore.open(project, GUEST, mirror_root=tmp_path / "mirror")
    store.label(next(iter(store.state.crystals(next(iter(store.state.micrographs))))), Answer("AA"))
    store.close()
    told = labels_after("figures", project, "--classes", "own", "--out", tmp_path / "f")
    assert told == ([True] * 4, ["none"] * 4)


def test_only_crystals_that_a_filter_lets_through_are_told(labels_after, project, tmp_path):
    choice = ("--classes", "classifier", "--keep", "image=a.tif", "--keep", "edge=no")
    told = labels_after("statistics", project, *choice, "--out", tmp_path / "s.csv")
    assert told == ([True] * 4, ["prediction", "none", "prediction", "none"])


def test_a_table_of_one_micrograph_tells_of_no_other(labels_after, project, tmp_path):
    words = ("--format", "csv", "--image", "b.tif", "--out", tmp_path / "e")
    blind, assist = labels_after("export", project, *words)
    assert blind == [True, True, True, False]
    assert assist == ["none"] * 3 + ["prediction"]


def test_a_table_of_answers_of_one_micrograph_tells_of_no_other(labels_after, project, tmp_path):
    words = ("--format", "answers", "--image", "b.tif", "--out", tmp_path / "e")
    assert labels_after("export", project, *words) == ([True] * 3 + [False], ["none"] * 4)


@pytest.mark.parametrize("format_", ["geojson", "coco", "imagej", "labels", "crops"])
def test_outlines_with_settled_classes_tell_these(labels_after, project, tmp_path, format_):
    blind, _ = labels_after("export", project, "--format", format_, "--out", tmp_path / "e")
    assert blind == [False, False, True, True]  # the disputed and the excluded one have no class


def test_outlines_without_classes_tell_nothing(labels_after, project, tmp_path):
    told = labels_after("export", project, "--format", "ome-tiff", "--out", tmp_path / "e")
    assert told == ([True] * 4, ["none"] * 4)


def test_the_report_tells_all_of_it(labels_after, project, tmp_path):
    told = labels_after("report", project, "--out", tmp_path / "r.html")
    assert told == ([False] * 4, ["prediction"] * 4)


def test_label_files_that_are_written_back_tell_the_answers_in_them(tmp_path):
    store, crystals = with_four_crystals(tmp_path)
    store.close()
    mirror, path = tmp_path / "mirror", source_file(tmp_path, "1,1,rhombic,7,,,,,")
    import_labels(store.folder, ImportRequest(path), mirror_root=mirror)
    write_back(store.folder, tmp_path / "out", mirror_root=mirror, expert=GUEST)
    guest = ProjectStore.open(store.folder, GUEST, mirror_root=mirror)
    blind = [guest.label(each, Answer("RES")).blind for each in crystals[:2]]
    guest.close()
    assert blind == [False, True]
