import shutil
import zipfile

import pytest
from storage_scene import IMAGE, create, outline

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.round import Blindness
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage.exchange import bring, send
from microcrystalnet.storage.merge import project_files
from microcrystalnet.storage.project_store import ProjectStore

RES, PES = Answer("RES"), Answer("PES")


@pytest.fixture
def two(tmp_path):
    """The project of AY with three crystals, and BK's copy of it on another computer."""
    mine = create(tmp_path)
    crystals = [outline(mine, row) for row in (10, 100, 200)]
    mine.flush()
    shutil.copytree(mine.folder, tmp_path / "bk" / "project")
    yours = ProjectStore.open(
        tmp_path / "bk" / "project", "BK", mirror_root=tmp_path / "mirror-of-bk"
    )
    yield mine, yours, crystals
    mine.close()
    yours.close()


def sent(store, target):
    store.flush()
    return send(store.folder, store.mirror, store.actor, target)


def said(store):
    return {
        crystal: {who: label.answer.cls for who, label in labels.items()}
        for crystal, labels in store.votes(reveal=False).items()
    }


@pytest.mark.parametrize("place", ["labels.zip", "usb"])
def test_labels_sent_by_one_are_there_for_the_other(two, tmp_path, place):
    mine, yours, crystals = two
    yours.label(crystals[0], PES)
    report = sent(yours, tmp_path / place)
    brought = bring(mine.folder, tmp_path / place)
    assert said(mine) == {crystals[0]: {"BK": "PES"}}
    assert (report.labels, brought.labels) == (1, {"BK": 1})


@pytest.mark.parametrize("place", ["labels.zip", "usb"])
def test_pictures_of_the_atlas_go_along(two, tmp_path, place):
    mine, yours, _ = two
    (yours.folder / "atlas").mkdir()
    (yours.folder / "atlas" / "SA_our best.PNG").write_bytes(b"picture")
    sent(yours, tmp_path / place)
    bring(mine.folder, tmp_path / place)
    assert (mine.folder / "atlas" / "SA_our best.PNG").read_bytes() == b"picture"


def test_two_pictures_of_one_name_are_both_kept(two, tmp_path):
    mine, yours, _ = two
    for store in two[:2]:
        (store.folder / "atlas").mkdir()
        (store.folder / "atlas" / "SA_1.png").write_bytes(store.actor.encode())
    sent(yours, tmp_path / "labels.zip")
    bring(mine.folder, tmp_path / "labels.zip")
    bring(mine.folder, tmp_path / "labels.zip")
    kept = {path.name: path.read_bytes() for path in (mine.folder / "atlas").iterdir()}
    assert kept == {"SA_1.png": b"AY", "SA_1~1.png": b"BK"}


def test_a_huge_picture_stays_where_it_is(two, tmp_path):
    mine, yours, _ = two
    (yours.folder / "atlas").mkdir()
    (yours.folder / "atlas" / "SA_1.png").write_bytes(bytes((8 << 20) + 1))
    sent(yours, tmp_path / "labels.zip")
    bring(mine.folder, tmp_path / "labels.zip")
    bring(mine.folder, yours.folder)
    assert not (mine.folder / "atlas").exists()


@pytest.mark.parametrize("place", ["labels.zip", "usb"])
def test_only_ones_own_sessions_are_sent(two, tmp_path, place):
    mine, yours, crystals = two
    mine.label(crystals[0], RES)
    yours.label(crystals[0], PES)
    report = sent(yours, tmp_path / place)
    assert report.target == tmp_path / place / ("" if place[-1] == "p" else "labels-of-bk-06ceb2")
    names = (
        zipfile.ZipFile(report.target).namelist()
        if place.endswith("zip")
        else project_files(report.target)
    )
    assert all("project.json" in name or "bk-06ceb2" in name for name in names)


@pytest.mark.parametrize("place", ["labels.zip", "usb"])
def test_sending_and_bringing_in_again_changes_nothing(two, tmp_path, place):
    mine, yours, crystals = two
    yours.label(crystals[0], PES)
    sent(yours, tmp_path / place)
    again = sent(yours, tmp_path / place)
    bring(mine.folder, tmp_path / place)
    before = {each: (mine.folder / each).read_bytes() for each in project_files(mine.folder)}
    twice = bring(mine.folder, tmp_path / place)
    assert (twice.labels, twice.summary.new, twice.summary.grown) == ({}, 0, 0)
    assert before == {each: (mine.folder / each).read_bytes() for each in before}
    assert again.labels == 1


def test_what_was_added_since_arrives_with_the_next_sending(two, tmp_path):
    mine, yours, crystals = two
    yours.label(crystals[0], PES)
    sent(yours, tmp_path / "usb")
    bring(mine.folder, tmp_path / "usb")
    yours.label(crystals[1], RES)
    sent(yours, tmp_path / "usb")
    assert bring(mine.folder, tmp_path / "usb").labels == {"BK": 1}
    assert len(said(mine)) == 2


def test_the_order_of_exchange_does_not_matter(two, tmp_path):
    mine, yours, crystals = two
    mine.label(crystals[0], RES)
    yours.label(crystals[0], PES)
    sent(mine, tmp_path / "of-ay.zip")
    sent(yours, tmp_path / "of-bk.zip")
    bring(yours.folder, tmp_path / "of-ay.zip")
    bring(mine.folder, tmp_path / "of-bk.zip")
    assert said(mine) == said(yours) == {crystals[0]: {"AY": "RES", "BK": "PES"}}


def test_a_folder_with_what_several_sent_is_brought_in_at_once(two, tmp_path):
    mine, yours, crystals = two
    yours.label(crystals[0], PES)
    (tmp_path / "share").mkdir()
    sent(yours, tmp_path / "share" / "bk.zip")
    yours.become("CL")
    yours.label(crystals[1], RES)
    sent(yours, tmp_path / "share")
    (tmp_path / "share" / "notes.txt").write_text("bring milk")
    assert bring(mine.folder, tmp_path / "share").labels == {"BK": 1, "CL": 1}


def test_conflicted_cloud_copies_are_harmless(two, tmp_path):
    mine, yours, crystals = two
    yours.label(crystals[0], PES)
    place = sent(yours, tmp_path / "usb").target
    (journal,) = place.rglob("*.label.jsonl")
    stem = journal.name.removesuffix(".jsonl")
    shutil.copy(journal, journal.with_name(f"{stem} (BK's conflicted copy 2026-11-20).jsonl"))
    brought = bring(mine.folder, place)
    assert (brought.labels, said(mine)) == ({"BK": 1}, {crystals[0]: {"BK": "PES"}})


def test_a_truncated_journal_gives_what_is_whole_and_the_rest_comes_later(two, tmp_path):
    mine, yours, crystals = two
    yours.label(crystals[0], PES)
    yours.label(crystals[1], RES)
    place = sent(yours, tmp_path / "usb").target
    (journal,) = place.rglob("*.label.jsonl")
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-40])
    assert bring(mine.folder, place).labels == {"BK": 1}
    journal.write_bytes(whole)
    assert bring(mine.folder, place).labels == {"BK": 1}
    assert len(said(mine)) == 2


def test_a_folder_without_labels_of_this_project_is_refused(two, tmp_path):
    (tmp_path / "holiday").mkdir()
    with pytest.raises(ProjectError, match="holds no labels of this project"):
        bring(two[0].folder, tmp_path / "holiday")


def test_labels_of_another_project_are_refused(two, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    stranger = create(tmp_path / "elsewhere")
    sent(stranger, tmp_path / "other.zip")
    stranger.close()
    with pytest.raises(ProjectError, match="is another project"):
        bring(two[0].folder, tmp_path / "other.zip")


def test_a_hostile_zip_is_refused_whole(two, tmp_path):
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(two[0].folder / "project.json", "project.json")
        packed.writestr("../../outside.jsonl", "x")
    with pytest.raises(ProjectError, match="leads out of it"):
        bring(two[0].folder, path)
    assert not list(tmp_path.parent.rglob("outside.jsonl"))


def test_sending_into_the_project_itself_is_refused(two):
    with pytest.raises(ProjectError, match="is the project itself"):
        sent(two[0], two[0].folder)


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(two, tmp_path):
    (tmp_path / "a-file").write_text("x")
    with pytest.raises(ProjectError, match="choose another place"):
        sent(two[0], tmp_path / "a-file" / "labels.zip")


def test_labels_of_a_strict_round_are_not_sent_before_the_seal(two, tmp_path):
    mine, _, _ = two
    mine.rounds.open([IMAGE], ["AY", "BK"], blind=Blindness.STRICT, repeat_frac=0)
    [mine.label(each, RES) for each in mine.rounds.work(IMAGE)]
    before = sent(mine, tmp_path / "labels.zip")
    mine.rounds.seal(IMAGE)
    after = sent(mine, tmp_path / "labels.zip")
    assert [(each.labels, each.held) for each in (before, after)] == [(0, 3), (3, 0)]


def test_one_damaged_zip_does_not_stop_the_others(two, tmp_path):
    mine, yours, crystals = two
    yours.label(crystals[0], PES)
    (tmp_path / "sent").mkdir()
    sent(yours, tmp_path / "sent" / "good.zip")
    with zipfile.ZipFile(tmp_path / "sent" / "bad.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("project.json", (mine.folder / "project.json").read_bytes())
    damaged = bytearray((tmp_path / "sent" / "bad.zip").read_bytes())
    damaged[45:60] = b"\xff" * 15
    (tmp_path / "sent" / "bad.zip").write_bytes(damaged)
    assert bring(mine.folder, tmp_path / "sent").labels == {"BK": 1}


def test_a_second_version_of_a_journal_counts_no_label_twice(two, tmp_path):
    mine, yours, crystals = two
    yours.label(crystals[0], PES)
    sent(yours, tmp_path / "labels.zip")
    bring(mine.folder, tmp_path / "labels.zip")
    (journal,) = (mine.folder / "log" / "bk-06ceb2").glob("*.label.jsonl")
    journal.write_bytes(journal.read_bytes().replace(b"PES", b"SA "))
    again = bring(mine.folder, tmp_path / "labels.zip")
    assert (again.summary.beside, again.labels) == (1, {})
    assert send(mine.folder, tmp_path / "no-mirror", "BK", tmp_path / "again.zip").labels == 1
