import shutil
from dataclasses import replace

import pytest
from storage_scene import IMAGE, create, outline
from ulid import ULID

from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage.event import details_text, new_event
from microcrystalnet.storage.health import check
from microcrystalnet.storage.import_records import ImportedFile
from microcrystalnet.storage.label_intake import GivenLabel, LabelFile, LabelIntake
from microcrystalnet.storage.layout import parse_journal
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.storage.writer import Entry, JournalWriter, Session


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


def imported(folder, tmp_path):
    """Import a label file, and give where its copy lies."""
    intake = LabelIntake.open(folder, "IK", mirror_root=tmp_path / "mirror")
    (crystal, *_) = intake.state.crystals(IMAGE)
    file = LabelFile("scene_IK.csv", "scene", "source-team", b"a file")
    intake.take(file, [GivenLabel(2, crystal, Answer("SA"), blind=True)])
    intake.close()
    (copy,) = (folder / "imports").rglob("*.csv")
    return copy


def test_a_missing_copy_of_an_imported_file_is_found(folder, tmp_path):
    imported(folder, tmp_path).unlink()
    (problem,) = check(folder).problems
    assert problem.text.startswith("the copy of scene_IK.csv, imported as labels of IK, is missing")


def test_a_changed_copy_of_an_imported_file_is_found(folder, tmp_path):
    imported(folder, tmp_path).write_bytes(b"another file")
    (problem,) = check(folder).problems
    assert "imported as labels of IK, has changed" in problem.text


def test_a_picture_that_cannot_be_exchanged_is_named(folder):
    (folder / "atlas").mkdir()
    (folder / "atlas" / "RES_schön.png").write_bytes(b"")
    (folder / "atlas" / "RES_1.png").write_bytes(b"")
    (note,) = check(folder).notes
    assert (note.path, "stays on this computer" in note.text) == ("atlas/RES_schön.png", True)


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


def test_a_journal_that_went_to_a_second_version_is_not_only_on_this_computer(folder, tmp_path):
    (journal,) = folder.rglob("*.label.jsonl")
    mirror = next((tmp_path / "mirror").iterdir())
    journal.with_name(f"{journal.stem}~1.jsonl").write_bytes(journal.read_bytes())
    journal.write_bytes(b"another\n")
    assert not [each for each in texts(check(folder, mirror)) if "only on this" in each]


def test_a_journal_as_long_as_another_of_its_name_may_be_only_on_this_computer(folder, tmp_path):
    (journal,) = folder.rglob("*.label.jsonl")
    mirror = next((tmp_path / "mirror").iterdir())
    journal.write_bytes(b"x" * journal.stat().st_size)
    assert [each for each in texts(check(folder, mirror)) if "only on this" in each]


def two_machines(health):
    return [each.text for each in health.notes if "two machines" in each.text]


def test_both_answers_of_two_machines_are_told_to_who_gave_them_and_nobody_else(folder, tmp_path):
    here = ProjectStore.open(folder, "AY", mirror_root=tmp_path / "mirror")
    there = ProjectStore.open(folder, "AY", mirror_root=tmp_path / "laptop")
    crystal = next(iter(here.state.crystals(IMAGE)))
    here.label(crystal, Answer("SA"))
    there.label(crystal, Answer("AA"))
    here.close()
    there.close()
    (note,) = two_machines(check(folder, expert="AY"))
    assert note.startswith(f"AY labelled the crystal {crystal} on two machines: ")
    assert {"SA", "AA"} <= set(note.split())
    (note,) = two_machines(check(folder, expert="BK"))
    assert not {"SA", "AA"} & set(note.split())


def test_a_conflicted_cloud_copy_is_a_note_and_counts_once(folder):
    (journal,) = folder.rglob("*.label.jsonl")
    shutil.copy(journal, journal.with_name(journal.stem + " (conflicted copy).jsonl"))
    health = check(folder)
    assert (health.damaged, health.labels, len(health.notes)) == (False, 1, 1)


def notes(folder, **more):
    return " ".join(problem.text for problem in check(folder, **more).notes)


def test_two_people_of_one_name_or_one_on_two_computers_are_told_apart_by_a_person(
    folder, tmp_path
):
    for machine in ("laptop", "microscope"):
        store = ProjectStore.open(folder, "AY", mirror_root=tmp_path / machine)
        store.label(outline(store), Answer("SA"))
        store.close()
    assert notes(folder) == ""
    apart = [ProjectStore.open(folder, "AY", mirror_root=tmp_path / each) for each in "xy"]
    [store.label(next(iter(store.state.crystals(IMAGE))), Answer("AA")) for store in apart]
    [store.close() for store in apart]
    assert "AY worked on two computers" in notes(folder)
    assert "must take another name" in notes(folder)


def test_a_look_by_a_command_beside_an_open_window_is_no_second_computer(folder, tmp_path):
    window, command = opened(folder, tmp_path), opened(folder, tmp_path)
    crystal = next(iter(window.state.crystals(IMAGE)))
    command.tell([crystal]), command.close()
    window.set_scheme(window.state.scheme), window.tell([crystal], "saliency"), window.close()
    assert notes(folder) == ""


def test_clocks_that_are_years_apart_are_named_and_change_nothing(folder, tmp_path, monkeypatch):
    crystal = next(iter(opened(folder, tmp_path).state.labels()))
    monkeypatch.setattr("microcrystalnet.storage.event.time.time_ns", lambda: 10**18)  # 2001
    late = opened(folder, tmp_path)
    late.label(crystal, Answer("SA"))
    late.close()
    monkeypatch.undo()
    assert "some work of AY is dated 2001-09-09, before the project was made" in notes(folder)
    assert opened(folder, tmp_path).state.label(crystal).answer == Answer("SA")


def test_work_from_the_future_is_named(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("microcrystalnet.storage.event.time.time_ns", lambda: 4 * 10**18)  # 2096
    store = opened(folder, tmp_path)
    store.label(next(iter(store.state.crystals(IMAGE))), Answer("SA"))
    store.close()
    monkeypatch.undo()
    assert "dated 2096-10-02, in the future" in notes(folder)


def opened(folder, tmp_path):
    return ProjectStore.open(folder, "AY", mirror_root=tmp_path / "mirror")


def test_labels_of_deleted_crystals_are_counted_and_kept(folder, tmp_path):
    store = opened(folder, tmp_path)
    store.delete_crystals([*store.state.labels()])
    store.close()
    health = check(folder)
    assert "1 label is for crystals that were deleted since" in health.notes[0].text
    assert not health.damaged


def test_a_seal_whose_labels_are_missing_is_a_problem(folder, tmp_path):
    store = opened(folder, tmp_path)
    store.rounds.open([IMAGE], ["AY", "BK"])
    [store.label(each, Answer("RES")) for each in store.rounds.work(IMAGE)]
    store.rounds.seal(IMAGE)
    store.close()
    sound = check(folder).problems
    newest = max(folder.rglob("*.label.jsonl"))
    newest.unlink()
    assert sound == ()
    assert "AY sealed the micrograph" in texts(check(folder))[0]


def test_classes_changed_in_the_middle_of_a_round_are_told(folder, tmp_path):
    store = opened(folder, tmp_path)
    store.rounds.open([IMAGE], ["AY", "BK"])
    first, second = store.rounds.work(IMAGE)
    store.label(first, Answer("RES"))
    store.set_scheme(replace(store.state.scheme, name="Newer"))
    store.label(second, Answer("RES"))
    store.close()
    assert "the classes were changed in the middle of round 1" in notes(folder)


def test_a_blind_expert_checks_without_opening_the_others_answers(folder, tmp_path):
    store = opened(folder, tmp_path)
    store.rounds.open([IMAGE], ["AY", "BK"])
    store.close()
    for_bk = check(folder, expert="BK")
    assert "answers (1 files) were not opened" in for_bk.notes[-1].text
    assert (for_bk.labels, check(folder).labels) == (0, 1)


def test_labels_that_wait_for_a_seal_are_not_missing(folder, tmp_path):
    store = opened(folder, tmp_path)
    store.rounds.open([IMAGE], ["AY", "BK"], blind="strict")
    store.label(store.rounds.work(IMAGE)[0], Answer("RES"))
    store.close()
    assert check(folder, store.mirror).problems == ()


def test_a_folder_of_something_else_is_refused(tmp_path):
    with pytest.raises(ProjectError, match="is not a project"):
        check(tmp_path)


@pytest.mark.parametrize("stored", ["../secret.csv", "/etc/passwd", "log/ik/x.jsonl", "imports/x"])
def test_a_copy_outside_the_imports_of_a_project_is_not_believed(stored):
    details = {"file": "0" * 20, "name": "a.csv", "folder": "", "layout": "table", "stored": stored}
    with pytest.raises(ValueError, match="no place for the copy"):
        ImportedFile.from_json(details)


def test_an_import_during_a_round_keeps_the_label_given_here_before_it(folder, tmp_path):
    store = ProjectStore.open(folder, "IK", mirror_root=tmp_path / "mirror")
    (crystal, *_) = store.state.crystals(IMAGE)
    store.label(crystal, Answer("RES"))
    store.rounds.open([IMAGE], ["IK", "BK"])
    store.close()
    intake = LabelIntake.open(folder, "IK", mirror_root=tmp_path / "mirror")
    file = LabelFile("scene_IK.csv", "scene", "source-team", b"a file")
    taken = intake.take(file, [GivenLabel(2, crystal, Answer("SA"), blind=True)])
    intake.close()
    assert (taken.added, taken.kept) == (0, (crystal,))


def test_a_label_with_odd_details_is_listed_and_does_not_stop_the_check(folder):
    (path,) = (folder / "log").rglob("*.label.jsonl")
    name = parse_journal(path.relative_to(folder).as_posix())
    odd = {"image": [IMAGE], "crystal": ["odd"], "cls": "RES", "mask": "0" * 16, "prev": {}}
    session = Session("p", "AY", name.actor, str(ULID()))
    entry = Entry(session, name.stream, None, new_event("label.set", 9, odd), details_text(odd))
    JournalWriter(session, name.stream, None).write([entry], folder, ())
    assert "an event label.set is not understood" in texts(check(folder))
