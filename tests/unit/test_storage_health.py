import shutil

import pytest
from storage_scene import IMAGE, create, outline

from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage.health import check
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def folder(tmp_path):
    store = create(tmp_path)
    store.label(outline(store), Answer("RES"))
    outline(store, 200)
    store.close()
    return store.folder


def texts(health):
    return [problem.text for problem in health.problems]


def test_a_whole_project_has_no_problem(folder):
    health = check(folder)
    assert (health.damaged, health.problems, health.notes) == (False, (), ())
    assert (health.micrographs, health.crystals, health.labels) == (1, 2, 1)
    assert health.experts == ("AY",)


def test_checking_changes_nothing(folder):
    before = {each: each.stat().st_mtime_ns for each in folder.rglob("*")}
    check(folder)
    assert {each: each.stat().st_mtime_ns for each in folder.rglob("*")} == before


def test_a_damaged_line_is_found_with_its_place(folder):
    (journal,) = folder.rglob("*.label.jsonl")
    journal.write_bytes(journal.read_bytes().replace(b"RES", b"PES"))
    (problem,) = check(folder).problems
    assert (problem.path, problem.line) == (journal.relative_to(folder).as_posix(), 2)


def test_changed_bytes_of_a_micrograph_are_found(folder):
    (folder / "images" / "files" / f"{IMAGE}.tif").write_bytes(b"touched up")
    assert texts(check(folder)) == ["its bytes have changed"]


def test_a_missing_micrograph_is_found(folder):
    (folder / "images" / "files" / f"{IMAGE}.tif").unlink()
    assert texts(check(folder)) == ["its file cannot be read (No such file or directory)"]


def test_a_missing_session_is_noticed_by_name(folder, tmp_path):
    (first,) = (folder / "masks" / IMAGE).iterdir()
    store = ProjectStore.open(folder, "AY", mirror_root=tmp_path / "mirror")
    outline(store, 300)
    store.close()
    first.unlink()
    session = first.name.split(".")[1]
    assert f"the session {session} that came before it is missing" in texts(check(folder))


def test_labels_without_their_outlines_are_counted(folder):
    shutil.rmtree(folder / "masks")
    assert texts(check(folder)) == ["1 labels are for crystals whose outlines are missing"]


def test_what_only_this_computer_has_is_listed(folder, tmp_path):
    (journal,) = folder.rglob("*.label.jsonl")
    journal.unlink()
    mirror = next((tmp_path / "mirror").iterdir())
    assert "only on this computer" in texts(check(folder, mirror))[0]


def test_a_label_given_twice_on_two_machines_is_a_note_with_both_answers(folder, tmp_path):
    here = ProjectStore.open(folder, "AY", mirror_root=tmp_path / "mirror")
    there = ProjectStore.open(folder, "AY", mirror_root=tmp_path / "laptop")
    crystal = next(iter(here.state.crystals(IMAGE)))
    here.label(crystal, Answer("SA"))
    there.label(crystal, Answer("AA"))
    here.close()
    there.close()
    (note,) = check(folder).notes
    assert note.text.startswith(f"AY labelled the crystal {crystal} on two machines: ")
    assert {"SA", "AA"} <= set(note.text.split())


def test_a_conflicted_cloud_copy_is_a_note_and_counts_once(folder):
    (journal,) = folder.rglob("*.label.jsonl")
    shutil.copy(journal, journal.with_name(journal.stem + " (conflicted copy).jsonl"))
    health = check(folder)
    assert (health.damaged, health.labels, len(health.notes)) == (False, 1, 1)


def test_a_folder_of_something_else_is_refused(tmp_path):
    with pytest.raises(ProjectError, match="is not a project"):
        check(tmp_path)
