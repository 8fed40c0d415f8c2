"""Other people's spreadsheets: which column is which, wide tables, workbooks, and bad files."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_files import project, written
from workbook import write_workbook

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets.bring_in import import_labels, preview_import
from microcrystalnet.spreadsheets.columns import ColumnMap, map_columns
from microcrystalnet.spreadsheets.sources import ImportRequest
from microcrystalnet.spreadsheets.table import read_table
from microcrystalnet.spreadsheets.vocabulary import Vocabulary

WORDS = Vocabulary(FOUR_CLASSES)


@pytest.fixture
def made(tmp_path):
    store, crystals = project(tmp_path)
    yield store, crystals
    store.close()


@pytest.fixture
def bring(tmp_path, made):
    """Give a function that imports a path."""
    mirror = tmp_path / "mirror"
    return lambda path, **said: import_labels(
        tmp_path / "project", ImportRequest(path, **said), mirror_root=mirror
    )


def columns(tmp_path, *lines, **chosen):
    return map_columns(read_table(written(tmp_path / "t" / "t.csv", *lines)), WORDS, chosen)


def answers(made, expert):
    store, crystals = made
    votes = store.votes(reveal=False)
    return {
        n: votes[c][expert].answer for n, c in enumerate(crystals, 1) if expert in votes.get(c, {})
    }


def test_columns_are_found_by_their_names(tmp_path):
    found = columns(tmp_path, "Picture;Grain;Rater;Type;Remarks", "S1;1;AY;RES;ok")
    assert found == ColumnMap("Picture", "Grain", "Rater", "Type", "Remarks")


def test_a_column_of_unknown_name_is_found_by_what_stands_in_it(tmp_path):
    assert columns(tmp_path, "crystal,Urteil,x", "1,rund,7", "2,RES,8").label == "Urteil"


def test_several_columns_of_classes_are_one_expert_each(tmp_path):
    found = columns(tmp_path, "image,crystal,AY,MK", "S1,1,RES,rounded", "S1,2,PES,")
    assert (found.experts, found.label) == (("AY", "MK"), None)


def test_a_chosen_column_counts_over_the_guess(tmp_path):
    found = columns(tmp_path, "crystal,label,other", "1,RES,AA", label="other")
    assert found.label == "other"


def test_a_chosen_column_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(LabelTableError, match=r"no column “Typ”; its columns are crystal, label\."):
        columns(tmp_path, "crystal,label", "1,RES", label="Typ")


def test_a_role_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(LabelTableError, match="no role “foo”"):
        columns(tmp_path, "crystal,label", "1,RES", foo="label")


def test_a_table_without_crystals_is_refused(tmp_path):
    with pytest.raises(LabelTableError, match="no column that names the crystals"):
        columns(tmp_path, "where,label", "1,RES")


def test_a_wide_table_gives_every_expert_their_labels_and_is_not_blind(bring, made, tmp_path):
    path = written(tmp_path / "w" / "w.csv", "image,crystal,AY,MK", "S1,1,RES,PES", "S1,2,AA,")
    assert bring(path).added == 3
    assert (answers(made, "AY"), answers(made, "MK")) == (
        {1: Answer("RES"), 2: Answer("AA")},
        {1: Answer("PES")},
    )
    assert not made[0].votes(reveal=False)[made[1][0]]["MK"].blind


def test_a_table_of_one_persons_labels_takes_the_name_that_is_given(bring, made, tmp_path):
    path = written(tmp_path / "S1.tsv", "number\ttype\tcomment", "2\tRA\tsmall")
    bring(path, expert="MK")
    assert answers(made, "MK") == {2: Answer("SA", note="small")}


def test_a_table_of_nobody_is_refused(bring, tmp_path):
    with pytest.raises(LabelTableError, match=r"S1\.tsv does not say whose labels it holds"):
        bring(written(tmp_path / "S1.tsv", "number\ttype", "2\tRA"))


def test_an_answer_of_nobody_is_refused_with_its_line(bring, tmp_path):
    path = written(tmp_path / "S1.csv", "crystal,expert,label", "1,AY,RES", "2,,RES")
    with pytest.raises(LabelTableError, match=r"answers of nobody \(line 3\)"):
        bring(path)


def test_crystals_are_known_by_the_programs_own_ids(bring, made, tmp_path):
    rows = [f"S1.tif,{made[1][2]},MK,AA"]
    bring(written(tmp_path / "t.csv", "image,crystal,expert,label", *rows))
    assert answers(made, "MK") == {3: Answer("AA")}


def test_a_micrograph_may_be_named_with_its_folder(bring, made, tmp_path):
    rows = [r"D:\sem\S1.tif,1,MK,AA"]
    bring(written(tmp_path / "t.csv", "image,crystal,expert,label", *rows))
    assert answers(made, "MK") == {1: Answer("AA")}


def test_an_excel_workbook_is_read_as_text(bring, made, tmp_path):
    header = ("Image", "Label No.", "Expert", "Form", "Class")
    path = write_workbook(tmp_path / "t.xlsx", header, ("S1", 2, "Ž & M", "Rounded", 1.0))
    bring(path)
    assert answers(made, "Ž & M") == {2: Answer("SA")}


def test_an_empty_cell_of_a_workbook_keeps_the_others_in_their_columns(tmp_path):
    path = write_workbook(tmp_path / "t.xlsx", ("a", "b", "c"), (None, "x", 3), (4.5, None, None))
    assert [row.cells for row in read_table(path).rows] == [("", "x", "3"), ("4.5", "", "")]


def test_a_workbook_that_defines_its_own_entities_is_refused(tmp_path):
    path = write_workbook(tmp_path / "t.xlsx", ("a", "b"), (1, 2), before="<!DOCTYPE x>")
    with pytest.raises(LabelTableError, match="not an Excel workbook that can be read"):
        read_table(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"PK\x03\x04 and nothing else", "not an Excel workbook that can be read"),
        ("a.xls", b"\xd0\xcf\x11\xe0 old", "of an old Excel; save it there as .xlsx"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "not a table that can be read"),
        ("a.csv", b" \r\n", "a.csv is empty"),
        ("a.csv", b"crystal,label\n,\n", "has no row of labels"),
        ("a.csv", b"just\na list\n", "has one column only, “just”"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LabelTableError, match=said):
        read_table(tmp_path / name)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(LabelTableError, match=r"nothing\.csv cannot be read"):
        read_table(tmp_path / "nothing.csv")


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx"]))
def test_any_bytes_are_a_table_or_refused(tmp_path_factory, content, name):
    path = tmp_path_factory.mktemp("x") / name
    path.write_bytes(content)
    with suppress(LabelTableError):
        assert len(read_table(path).columns) > 1


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_a_damaged_workbook_is_a_table_or_refused(tmp_path_factory, at, damage):
    path = tmp_path_factory.mktemp("x") / "a.xlsx"
    content = write_workbook(path, ("crystal", "label"), (1, "RES"), (2, "PES")).read_bytes()
    place = at % len(content)
    path.write_bytes(content[:place] + damage + content[place + len(damage) :])
    with suppress(LabelTableError):
        assert len(read_table(path).columns) > 1


@given(st.sampled_from(["rhombic", "Rounded", "RA", "unclear"]), st.randoms())
def test_case_and_blanks_change_no_words_meaning(word, random):
    cased = "".join(random.choice([c.upper(), c.lower()]) for c in word)
    blanks = " " * random.randrange(3)
    assert WORDS.answer(f"{blanks}{cased}{blanks}") == WORDS.answer(word)


def test_a_preview_changes_nothing(made, tmp_path):
    path = written(tmp_path / "t.csv", "image,crystal,expert,label", "S1,1,MK,cubic")
    request = ImportRequest(path)
    found = preview_import(tmp_path / "project", request, mirror_root=tmp_path / "mirror")
    assert ([each.text for each in found.unknown], found.experts) == (["cubic"], {"MK": 1})
    assert answers(made, "MK") == {}


def test_this_programs_own_table_of_crystals_is_read_again(bring, made, tmp_path):
    rows = [f"S1.tif,1,{made[1][0]},RES (unsure),not a crystal"]
    path = written(tmp_path / "crystals.csv", "image,label,crystal,expert AY,expert MK", *rows)
    bring(path)
    assert answers(made, "AY")[1].flags == {"unsure"}
    assert answers(made, "MK")[1].discards
