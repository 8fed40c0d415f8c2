"""The source team's files written back: byte for byte, but for what was edited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_files import HEADER, project, source_file, written

from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets.bring_in import import_labels
from microcrystalnet.spreadsheets.export_source import export_source
from microcrystalnet.spreadsheets.sources import ImportRequest
from microcrystalnet.spreadsheets.vocabulary import Vocabulary
from microcrystalnet.spreadsheets.write_back import RowEdit, rewrite
from microcrystalnet.storage.label_intake import LabelIntake

RES, AA = Answer("RES"), Answer("AA")


@pytest.fixture
def again(tmp_path):
    """Give a function that writes a file with edits and gives its lines."""

    def write(path, *edits):
        done = rewrite(path, path.name, edits, FOUR_CLASSES)
        return done.content.decode().split("\r\n")[1:-1]

    return write


CELLS = st.text(alphabet=st.sampled_from('ab1 ,;"\r\nä'), max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=9, max_size=9), min_size=1, max_size=4)


@given(
    ROWS,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_file_without_edits_is_written_byte_for_byte(tmp_path_factory, rows, codec, end):
    path = tmp_path_factory.mktemp("x") / "S1_Issac.csv"
    lines = [
        HEADER,
        *(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in r) for r in rows),
    ]
    content = end.join(lines).encode(codec)
    path.write_bytes(content)
    assert rewrite(path, path.name, (), FOUR_CLASSES).content == content


def test_a_new_class_is_spelled_as_the_file_spells_it(again, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,zz,,,,,", '2,0,"Amorphous",,,,,,')
    assert again(path, RowEdit(2, RES, AA)) == ["1,1,Amorphous,zz,,,,,", '2,0,"Amorphous",,,,,,']


def test_a_class_the_file_never_names_is_spelled_as_the_schemes_alias(again, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,")
    assert again(path, RowEdit(2, RES, Answer("SA"))) == ["1,1,spherical,,,,,,"]


def test_the_answer_goes_into_form_where_form_held_it(again, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,,amorphous", header=f"{HEADER},Form")
    assert again(path, RowEdit(2, AA, UNCLEAR)) == ["1,1,rhombic,,,,,,,unclear"]


def test_a_discarded_crystal_gets_the_files_own_word_for_it(again, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,", "2,x,,,,,,,")
    assert again(path, RowEdit(2, RES, NOT_A_CRYSTAL))[0] == "1,x,rhombic,,,,,,"


def test_a_crystal_that_is_none_no_more_gets_the_commonest_class_and_that_is_told(tmp_path):
    path = source_file(tmp_path, "1,0,rhombic,,,,,,", "2,x,,,,,,,")
    done = rewrite(path, path.name, [RowEdit(3, NOT_A_CRYSTAL, RES)], FOUR_CLASSES)
    assert done.content.endswith(b"2,0,rhombic,,,,,,\r\n")
    assert "got Class 0, the commonest in the file (line 3); check it." in done.remarks[0]


def test_ticks_and_notes_are_written_in_the_files_manner(again, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,x,,,,", "2,1,rhombic,,,0,,,")
    now = Answer("RES", marks=frozenset({"edges", "corners"}), note="see, here")
    assert again(path, RowEdit(3, RES, now))[1] == '2,1,rhombic,,x,1,,,"see, here"'


def test_a_note_that_a_spreadsheet_would_run_gets_an_apostrophe(again, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,")
    edit = RowEdit(2, RES, Answer("RES", note="=cmd()"))
    assert again(path, edit) == ["1,1,rhombic,,,,,,'=cmd()"]


def test_a_note_the_encoding_cannot_hold_is_told_and_the_rest_written(tmp_path):
    path = written(tmp_path / "S1" / "S1_I.csv", HEADER, "1,1,rhombic,,,,,,Kälte", codec="cp1252")
    edit = RowEdit(2, Answer("RES", note="Kälte"), Answer("AA", note="晶"))
    done = rewrite(path, path.name, [edit], FOUR_CLASSES)
    assert done.content.endswith("1,1,amorphous,,,,,,Kälte\r\n".encode("cp1252"))
    assert done.remarks == (
        "S1_I.csv is cp1252 text, which has no “晶” (line 2); that cell stays.",
    )


def test_a_short_line_keeps_its_length_and_is_told(tmp_path):
    path = source_file(tmp_path, "1,1,rhombic")
    edit = RowEdit(2, RES, Answer("RES", note="new"))
    done = rewrite(path, path.name, [edit], FOUR_CLASSES)
    assert (done.content, done.changed) == (path.read_bytes(), 0)
    assert done.remarks == ("S1_Issac.csv has no cell for “new” in line 2.",)


def test_what_the_expert_edits_in_the_program_is_in_the_file_again(tmp_path):
    store, crystals = project(tmp_path)
    path = source_file(tmp_path, "1,1,rhombic,7,,,,,", "2,1,Rhombic,7,,,,,")
    mirror = tmp_path / "mirror"
    import_labels(store.folder, ImportRequest(path), mirror_root=mirror)
    store.become("Issac")
    store.label(crystals[0], Answer("PES"))
    store.close()
    intake = LabelIntake.open(tmp_path / "project", "export", mirror_root=mirror)
    (out,), _ = export_source(intake, tmp_path / "out")
    intake.close()
    assert out == tmp_path / "out" / "S1" / "S1_Issac.csv"
    assert out.read_bytes() == path.read_bytes().replace(b"rhombic", b"polyhedral")


def test_a_label_that_was_there_before_the_import_is_written_as_an_edit(tmp_path):
    store, crystals = project(tmp_path)
    store.become("Issac")
    store.label(crystals[0], Answer("PES"))
    store.close()
    path = source_file(tmp_path, "1,1,rhombic,7,,,,,")
    mirror = tmp_path / "mirror"
    import_labels(store.folder, ImportRequest(path), mirror_root=mirror)
    intake = LabelIntake.open(tmp_path / "project", "export", mirror_root=mirror)
    (out,), _ = export_source(intake, tmp_path / "out")
    intake.close()
    assert out.read_bytes() == path.read_bytes().replace(b"rhombic", b"polyhedral")


def test_a_project_without_imported_files_has_none_to_write_back(tmp_path):
    store, _ = project(tmp_path)
    store.close()
    intake = LabelIntake.open(tmp_path / "project", "export", mirror_root=tmp_path / "mirror")
    with pytest.raises(LabelTableError, match="No label file of the source team was imported"):
        export_source(intake, tmp_path / "out")
    intake.close()


def test_an_edit_of_a_line_the_file_does_not_have_is_told(tmp_path):
    path = source_file(tmp_path, "1,1,rhombic")
    done = rewrite(path, path.name, [RowEdit(99, RES, Answer("RES", note="new"))], FOUR_CLASSES)
    assert done.remarks == ("S1_Issac.csv has no cell for “new” in line 99.",)


def test_a_class_the_scheme_has_never_had_is_written_as_its_code(again, tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,")
    assert again(path, RowEdit(2, RES, Answer("XYZ"))) == ["1,1,XYZ,,,,,,"]


def test_how_a_file_spells_a_class_is_looked_up_once_for_all_edits(again, tmp_path, monkeypatch):
    path = source_file(tmp_path, *(f"{number},1,rhombic,,,,,," for number in (1, 2, 3)))
    asked, meaning = [], Vocabulary.meaning
    monkeypatch.setattr(
        Vocabulary, "meaning", lambda words, text: asked.append(text) or meaning(words, text)
    )
    again(path, *(RowEdit(line, RES, AA) for line in (2, 3, 4)))
    assert len(asked) == 3
