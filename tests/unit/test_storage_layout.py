import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcrystalnet.storage.layout import (
    MASKS,
    Stream,
    actor_slug,
    belongs,
    copy_path,
    journal_path,
    parse_journal,
)

SESSION, IMAGE = "01ARZ3NDEKTSV4RRFFQ69G5FAV", "0123456789abcdef0123"


@pytest.mark.parametrize("name", ["atlas/RES_1.png", "atlas/A-B_our best (2)~1.TIFF"])
def test_pictures_of_the_atlas_are_part_of_a_project(name):
    assert belongs(name)


@pytest.mark.parametrize(
    "name", ["atlas/../RES_1.png", "atlas/a/RES_1.png", "atlas/RES_1.exe", "atlas/.png"]
)
def test_what_only_lies_in_the_atlas_is_not(name):
    assert not belongs(name)


@given(st.text(min_size=1, max_size=100))
def test_any_name_makes_a_folder_name_of_24_plain_characters(name):
    path = journal_path(actor_slug(name), SESSION, Stream("label"))
    assert parse_journal(str(path)).actor == actor_slug(name)


@given(st.text(min_size=1), st.text(min_size=1))
def test_different_names_have_different_folders_even_where_case_is_ignored(one, other):
    assert (actor_slug(one).lower() == actor_slug(other).lower()) == (one == other)


@pytest.mark.parametrize("name", ["AY", "ay", "Ay", "a.y", "Ayşe Yılmaz", "李"])
def test_some_names_people_have_differ(name):
    others = {"AY", "ay", "Ay", "a.y", "Ayşe Yılmaz", "李"} - {name}
    assert actor_slug(name) not in {actor_slug(other) for other in others}


@pytest.mark.parametrize("stream", [Stream("ctl"), Stream("adj"), Stream(MASKS, IMAGE)])
def test_a_journals_name_reads_back(stream, tmp_path):
    path = journal_path("a" * 24, SESSION, stream)
    name = parse_journal(str(path))
    assert (name.actor, name.session, name.stream, name.path) == ("a" * 24, SESSION, stream, path)
    beside = copy_path(tmp_path / path, 12).relative_to(tmp_path).as_posix()
    assert (parse_journal(beside).copy, len(beside) <= 90) == (12, True)


@pytest.mark.parametrize(
    "addition",
    [" (AY's conflicted copy 2026-01-01)", "-DESKTOP7", ".sync-conflict-20260101", " (1)"],
)
def test_what_a_synchroniser_made_of_a_journal_is_a_journal(addition):
    assert parse_journal(f"log/ay/{SESSION}.label{addition}.jsonl").cloud == addition


@pytest.mark.parametrize(
    "name",
    [
        "../project.json",
        "/project.json",
        "C:/project.json",
        "log/../../x.jsonl",
        f"log/ay/../{SESSION}.label.jsonl",
        f"log/ay/{SESSION}.label/../../x.jsonl",
        f"log/ay/{SESSION}.label\\..\\x.jsonl",
        f"log/AY/{SESSION}.label.jsonl",
        f"log/ay/{SESSION}.exe",
        "images/files/x.tif",
        f"images/files/{IMAGE}.tif/x",
        f"images/files/{IMAGE}",
        "exports/table.csv",
        ".DS_Store",
        "",
    ],
)
def test_any_other_name_does_not_belong(name):
    assert not belongs(name)
