"""The source team's label files: what a row says, how it finds its crystal, and what is refused."""

import shutil

import pytest
import tifffile
from label_files import HEADER, crop, pixels, project, source_file, written
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer
from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets.bring_in import import_labels, preview_import
from microcrystalnet.spreadsheets.sources import ImportRequest
from microcrystalnet.storage.label_intake import LabelIntake
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def made(tmp_path):
    store, crystals = project(tmp_path)
    yield store, crystals
    store.close()


@pytest.fixture
def bring(tmp_path, made):
    """Give a function that imports a path: ``bring(path, **said)``."""
    mirror = tmp_path / "mirror"
    return lambda path, **said: import_labels(
        tmp_path / "project", ImportRequest(path, **said), mirror_root=mirror
    )


@pytest.fixture
def look(tmp_path, made):
    """Give a function that previews a path."""
    mirror = tmp_path / "mirror"
    return lambda path, **said: preview_import(
        tmp_path / "project", ImportRequest(path, **said), mirror_root=mirror
    )


def answers(made, expert="Issac"):
    """Give an expert's answers by the crystal's number."""
    store, crystals = made
    votes = store.votes(reveal=False)
    return {n: votes[c][expert].answer for n, c in enumerate(crystals, 1) if c in votes}


def test_rows_become_the_labels_of_the_expert_in_the_files_name(bring, made, tmp_path):
    done = bring(source_file(tmp_path, "1,1,Rhombic,,,,,,", "3,0, ROUNDED ,,,,,,").parent)
    assert (done.added, answers(made)) == (2, {1: Answer("RES"), 3: Answer("SA")})


def test_form_counts_before_sec_class(bring, made, tmp_path):
    header = f"{HEADER},Form"
    rows = ("1,1,rhombic,,,,,,,Amorphous", "2,1,rhombic,,,,,,,")
    bring(source_file(tmp_path, *rows, header=header))
    assert answers(made) == {1: Answer("AA"), 2: Answer("RES")}


def test_unclear_is_an_answer_and_a_class_other_than_0_or_1_a_discarded_crystal(
    bring, made, tmp_path
):
    bring(source_file(tmp_path, "1,1,Unclear,,,,,,", "2,d,rhombic,,,,,,", "3,,,,,,,,"))
    assert answers(made) == {1: UNCLEAR, 2: NOT_A_CRYSTAL, 3: NOT_A_CRYSTAL}


def test_a_class_column_of_whole_numbers_drops_no_row(bring, tmp_path):
    rows = [f"{n},{n % 2},rhombic,2,,,,," for n in (1, 2, 3, 4)]
    assert bring(source_file(tmp_path, *rows)).added == 4


def test_ticks_and_comments_come_along(bring, made, tmp_path):
    bring(source_file(tmp_path, '1,1,rhombic,x,1,0,x,,"broken, a bit"'))
    marks = frozenset({"edges", "pitted"})
    assert answers(made) == {1: Answer("RES", note="broken, a bit", marks=marks)}


def test_empty_rows_are_left_out_and_rows_without_an_answer_counted(look, tmp_path):
    found = look(source_file(tmp_path, ",,,,,,,,", "1,1,rhombic,,,,,,", "2,1,,,,,,,"))
    assert (found.rows, found.files[0].empty) == (1, 1)


def test_the_same_file_twice_adds_nothing(bring, made, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,")
    bring(path)
    again = bring(path)
    assert (again.added, again.known, len(answers(made))) == (0, 1, 1)


def test_two_computers_that_import_one_file_agree_on_every_event(bring, made, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,")
    bring(path)
    here = made[0].votes(reveal=False)[made[1][0]]["Issac"].label_id
    other = tmp_path / "other"
    shutil.copytree(tmp_path / "project", other, ignore=shutil.ignore_patterns("*issac*"))
    import_labels(other, ImportRequest(path), mirror_root=tmp_path / "mirror-2")
    store = ProjectStore.open(other, "AY", mirror_root=tmp_path / "mirror-2")
    there = store.votes(reveal=False)[made[1][0]]["Issac"].label_id
    store.close()
    assert here == there


def test_a_corrected_file_replaces_what_the_first_said(bring, made, tmp_path):
    bring(source_file(tmp_path, "1,1,rhombic,,,,,,"))
    bring(source_file(tmp_path, "1,1,amorphous,,,,,,"))
    assert answers(made) == {1: Answer("AA")}


def test_a_label_given_in_the_program_is_kept(bring, made, tmp_path):
    store, crystals = made
    store.become("Issac")
    store.label(crystals[0], Answer("PES"))
    store.flush()
    done = bring(source_file(tmp_path, "1,1,rhombic,,,,,,"))
    assert (done.kept, answers(made)) == ({"Issac": 1}, {1: Answer("PES")})


def test_an_import_after_an_edit_here_does_not_undo_the_edit(bring, made, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,")
    bring(path)
    store, crystals = made
    store.become("Issac")
    store.label(crystals[0], Answer("PES"))
    store.flush()
    bring(path)
    assert answers(made) == {1: Answer("PES")}


def test_labels_of_separate_files_count_as_blind_unless_told_otherwise(bring, made, tmp_path):
    bring(source_file(tmp_path, "1,1,rhombic,,,,,,"))
    bring(source_file(tmp_path, "1,1,rhombic,,,,,,", expert="Ann"), blind=False)
    votes = made[0].votes(reveal=False)[made[1][0]]
    assert (votes["Issac"].blind, votes["Ann"].blind) == (True, False)


def test_crops_find_their_crystal_by_what_they_show(bring, made, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,", "7,1,amorphous,,,,,,")
    crop(tmp_path, 1, place=2)
    crop(tmp_path, 7, place=1)
    bring(path)
    assert answers(made) == {3: Answer("RES"), 2: Answer("AA")}


def test_a_crop_of_nothing_in_the_project_stays_a_row_without_a_crystal(look, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,", "2,1,amorphous,,,,,,")
    crop(tmp_path, 1, place=0)
    strange = pixels()[60:90, 200:234]
    tifffile.imwrite(tmp_path / "S1" / "_Non-uniform" / "S1_2.tif", strange)
    (found,) = look(path).micrographs
    assert (found.by, found.matched, found.unmatched) == ("crop", 1, ("2",))


def test_a_damaged_crop_leaves_its_row_without_a_crystal(look, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,", "2,1,amorphous,,,,,,")
    crop(tmp_path, 1, place=0)
    (tmp_path / "S1" / "_Non-uniform" / "S1_2.tif").write_bytes(b"II*\0")
    assert look(path).micrographs[0].unmatched == ("2",)


def test_a_label_image_beside_the_file_says_which_number_is_which(bring, made, tmp_path):
    path = source_file(tmp_path, "9,1,rhombic,,,,,,", "4,1,amorphous,,,,,,")
    labels = pixels() * 0
    labels[100:130, 10:44], labels[10:40, 12:44] = 9, 4
    tifffile.imwrite(tmp_path / "S1" / "S1_labels.tif", labels)
    bring(path)
    assert answers(made) == {3: Answer("RES"), 1: Answer("AA")}


def test_a_row_without_a_crystal_is_taken_in_once_it_has_one(bring, made, tmp_path):
    path = source_file(tmp_path, "5,1,rhombic,,,,,,")
    first = bring(path)
    store = made[0]
    image_id = next(iter(store.state.micrographs))
    new = store.put_mask(image_id, square(150, 100), MaskSource.MANUAL)
    store.flush()
    second = bring(path)
    assert (first.unmatched, second.added) == (1, 1)
    assert store.votes(reveal=False)[new.crystal_id]["Issac"].answer == Answer("RES")


def test_an_unknown_class_is_refused_and_nothing_imported(bring, made, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,", "2,1,Cubic,,,,,,", "3,1,cubic,,,,,,")
    with pytest.raises(LabelTableError, match=r"No class of the scheme is called “Cubic” \(2\)"):
        bring(path)
    assert answers(made) == {}


def test_an_unknown_class_can_be_mapped_or_left_out(bring, made, tmp_path):
    path = source_file(tmp_path, "1,1,Cubic,,,,,,", "2,1,smooth,,,,,,")
    done = bring(path, values={"cubic": "rhombic", "Smooth": "leave-out"})
    assert (done.left_out, answers(made)) == (1, {1: Answer("RES")})


def test_a_mapping_to_no_class_is_refused(bring, tmp_path):
    with pytest.raises(LabelTableError, match="“XX” is no class of the scheme; choose one of RES"):
        bring(source_file(tmp_path, "1,1,Cubic,,,,,,"), values={"cubic": "XX"})


def test_missing_columns_are_named(bring, tmp_path):
    path = source_file(tmp_path, "1,2", header="Label No.,Ter-class")
    with pytest.raises(LabelTableError, match="no column that holds the answers"):
        bring(path)


def test_two_files_of_one_name_are_refused(bring, tmp_path):
    source_file(tmp_path, "1,1,rhombic,,,,,,")
    path = source_file(tmp_path, "1,1,rhombic,,,,,,", expert="ISSAC")
    with pytest.raises(LabelTableError, match="both give the labels of ISSAC for S1"):
        bring(path.parent)


def test_a_name_in_another_case_is_the_person_the_project_knows(bring, made, tmp_path):
    bring(source_file(tmp_path, "1,1,rhombic,,,,,,", expert="ay"))
    assert answers(made, "AY") == {1: Answer("RES")}


def test_a_file_that_names_nobody_is_refused(bring, tmp_path):
    path = written(tmp_path / "S9" / "labels.csv", HEADER, "1,1,rhombic,,,,,,")
    with pytest.raises(LabelTableError, match="does not say whose labels"):
        bring(path)


def test_a_micrograph_that_is_not_there_is_told_and_the_others_imported(look, bring, tmp_path):
    source_file(tmp_path / "all", "1,1,rhombic,,,,,,")
    source_file(tmp_path / "all", "1,1,rhombic,,,,,,", name="S2")
    found = {each.name: each.why for each in look(tmp_path / "all").micrographs}
    assert found == {
        "S1": "",
        "S2": "The micrograph S2 is not in the project; add it, and its labels can be imported "
        "then.",
    }
    assert bring(tmp_path / "all").added == 1


def test_a_number_that_stands_twice_with_different_answers_is_left_out_and_told(look, tmp_path):
    rows = ("1,1,rhombic,,,,,,", "1,1,amorphous,,,,,,", "2,1,rhombic,,,,,,", "2,1,Rhombic,,,,,,")
    found = look(source_file(tmp_path, *rows))
    assert found.rows == 1
    assert "holds some crystals more than once (number 1, 2)" in found.remarks[0]


def test_a_hostile_cell_is_a_note_and_nothing_else(bring, made, tmp_path):
    bring(source_file(tmp_path, "1,1,rhombic,,,,,,=cmd()"))
    assert answers(made)[1].note == "=cmd()"


def test_names_beyond_ascii_are_read(bring, made, tmp_path):
    bring(source_file(tmp_path, "1,1,rhombic,,,,,,körnig", expert="Žofie Müller"))
    assert answers(made, "Žofie Müller") == {1: Answer("RES", note="körnig")}


def test_a_file_in_a_folder_that_is_no_table_is_told_and_the_others_imported(look, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,")
    (path.parent / "S1_Ann.csv").write_bytes(b"\x89PNG\r\n\x00\x01\x02")
    found = look(path.parent)
    assert (found.rows, found.remarks) == (
        1,
        ("S1_Ann.csv is not a table that can be read; choose a CSV, TSV or Excel (.xlsx) file.",),
    )


def test_a_folder_without_labels_is_refused(bring, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(LabelTableError, match="empty holds no file of labels"):
        bring(tmp_path / "empty")


def test_a_file_larger_than_a_table_is_refused(bring, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,")
    with path.open("r+b") as file:
        file.truncate(40 * 2**20)
    with pytest.raises(LabelTableError, match="is 40 MB large"):
        bring(path)


def test_the_project_is_opened_once_for_all_files(bring, made, tmp_path, monkeypatch):
    opened, open_ = [], LabelIntake.open
    monkeypatch.setattr(
        LabelIntake, "open", lambda *said, **more: opened.append(said) or open_(*said, **more)
    )
    [source_file(tmp_path, "1,1,rhombic,,,,,,", expert=each) for each in ("Ann", "Bob", "Issac")]
    assert (bring(tmp_path / "S1").added, len(opened)) == (3, 1)
    assert answers(made, "Ann") == answers(made, "Bob") == {1: Answer("RES")}
