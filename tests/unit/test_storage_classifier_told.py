"""Who was told what a classifier says of a crystal labels it assisted from then on."""

import pytest
from label_files import project, written
from storage_scene import IMAGE, create, outline, reopen

from microcrystalnet.domain.label import PREDICTION, SALIENCY, UNAIDED, Answer, most_help
from microcrystalnet.spreadsheets.bring_in import import_labels
from microcrystalnet.spreadsheets.sources import ImportRequest
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.fold import Fold
from microcrystalnet.storage.health import check

RES, PES = Answer("RES"), Answer("PES")


@pytest.fixture
def store(tmp_path):
    store = create(tmp_path)
    yield store
    store.close()


def told(fold, assist):
    said = {"crystals": ["c"], "assist": assist}
    fold.apply(Event("id", 1, 0, 1, "reveal.classifier", said), "AY")


def test_what_is_said_of_a_crystal_after_its_prediction_counts_as_assisted(store):
    shown, other = outline(store), outline(store, 200)
    store.tell([shown])
    assert store.label(shown, RES).assist == PREDICTION
    assert store.label(other, RES).assist == UNAIDED


def test_what_was_said_before_stays_as_it_was(store):
    crystal = outline(store)
    store.label(crystal, RES)
    store.tell([crystal])
    assert store.state.label(crystal).assist == UNAIDED


def test_an_answer_can_be_undone_and_done_again_whatever_was_told_in_between(store):
    crystal = outline(store)
    store.label(crystal, RES), store.label(crystal, PES)
    store.tell([crystal])
    store.undo()
    undone = store.state.label(crystal).answer
    store.redo()
    assert (undone, store.state.label(crystal).answer) == (RES, PES)


def test_it_is_known_in_every_later_sitting_and_only_of_that_expert(store):
    crystal = outline(store)
    store.tell([crystal])
    again = reopen(store)
    mine = again.label(crystal, RES).assist
    again.become("BK")
    theirs = again.label(crystal, RES).assist
    again.close()
    assert (mine, theirs) == (PREDICTION, UNAIDED)


def test_who_only_looked_is_remembered_and_is_no_expert_of_the_project_by_that(store):
    crystal = outline(store)
    store.label(crystal, RES)
    guest = reopen(store, "BK")
    guest.votes(), guest.tell([crystal])
    again = reopen(guest)
    assert again.experts() == ("AY",)
    label = again.label(crystal, PES)
    again.close()
    assert (label.blind, label.assist) == (False, PREDICTION)


def test_being_told_twice_is_written_once(store):
    crystal = outline(store)
    store.tell([crystal]), store.tell([crystal]), store.flush()
    lines = "".join(path.read_text() for path in store.folder.glob("log/*/*.ctl.jsonl"))
    assert lines.count("reveal.classifier") == 1


@pytest.mark.parametrize("order", [(PREDICTION, SALIENCY), (SALIENCY, PREDICTION)])
def test_a_saliency_map_counts_for_more_than_a_prediction_whatever_came_first(order):
    fold = Fold()
    told(fold, order[0]), told(fold, order[1])
    assert fold.told.help_with("c", "AY") == SALIENCY


def test_a_word_of_a_newer_version_is_kept(store):
    assert most_help(SALIENCY, "hint", UNAIDED) == "hint"


def test_where_nothing_can_be_written_it_holds_for_the_sitting(store):
    crystal = outline(store)
    store.flush()
    store._desk._fixed_reason = "The folder cannot be written."
    store.tell([crystal])
    store._desk._fixed_reason = ""
    assert store.label(crystal, RES).assist == PREDICTION


def test_a_seal_fixes_labels_that_were_given_with_help_too(store):
    alone, told = outline(store), outline(store, 200)
    store.rounds.open([IMAGE], ["AY"], min_labels=1, repeat_frac=0.0)
    store.label(told, RES)
    store.tell([told])
    store.label(told, PES), store.label(alone, RES)
    seal = store.rounds.seal(IMAGE)
    store.flush()
    assert (seal.labels, check(store.folder).problems) == (2, ())


def test_an_imported_label_of_such_a_crystal_is_assisted_too(tmp_path):
    store, crystals = project(tmp_path)
    store.become("MK")
    store.tell(crystals[:1]), store.flush()
    path = written(tmp_path / "S1.tsv", "number\ttype", "1\tRES", "2\tSA")
    request = ImportRequest(path, "MK")
    import_labels(tmp_path / "project", request, mirror_root=tmp_path / "mirror")
    votes = store.votes(reveal=False)
    store.close()
    assert [votes[each]["MK"].assist for each in crystals[:2]] == [PREDICTION, UNAIDED]
