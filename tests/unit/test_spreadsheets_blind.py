"""Imports by somebody who labels blind: what is told, and which files are opened for it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from label_files import project, written

from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import BlindError
from microcrystalnet.spreadsheets.bring_in import import_labels, preview_import, take_back
from microcrystalnet.spreadsheets.sources import ImportRequest

LOOKING = Path(__file__).parent.parent / "blind_import.py"


@pytest.fixture
def store(tmp_path):
    """BK named the first crystal; then AY and BK were asked to label the micrograph blind."""
    made, crystals = project(tmp_path)
    made.become("BK")
    made.label(crystals[0], Answer("RES"))
    made.rounds.open([*made.state.micrographs], ["AY", "BK"])
    made.flush()
    yield made
    made.close()


@pytest.fixture
def table(tmp_path):
    """What BK says of two crystals: of the first something else than in the project."""
    return written(tmp_path / "t.csv", "image,crystal,expert,label", "S1,1,BK,PES", "S1,2,BK,AA")


def bring(store, table, asker, way=import_labels):
    request = ImportRequest(table, asked_by=asker)
    return way(store.folder, request, mirror_root=store.mirror.parent)


def test_who_labels_blind_is_not_told_what_of_anothers_labels_is_new(store, table):
    done = bring(store, table, "AY")
    assert (done.closed, done.added, done.known, done.kept) == (2, 0, 0, {})


def test_they_are_taken_in_all_the_same(store, table):
    bring(store, table, "AY")
    done = bring(store, table, "OW")
    assert (done.closed, done.added, done.known) == (0, 0, 2)


def test_whom_no_round_asks_is_told_all_of_it(store, table):
    done = bring(store, table, "OW")
    assert (done.closed, done.added, done.kept) == (0, 1, {"BK": 1})


def test_ones_own_labels_are_told_to_oneself(store, table):
    assert bring(store, table, "bk").kept == {"BK": 1}


def test_anothers_labels_are_not_taken_back_by_who_labels_blind(store, table):
    bring(store, table, "OW")
    with pytest.raises(BlindError, match="Labels of BK in it are on micrographs that you label"):
        bring(store, table, "AY", take_back)
    assert bring(store, table, "OW", take_back) == 1


def test_a_preview_tells_the_same_to_everybody(store, table):
    assert bring(store, table, "AY", preview_import) == bring(store, table, "OW", preview_import)


def test_a_preview_opens_no_answer_of_another_expert_where_the_project_lags_behind(store, table):
    for journal in (store.folder / "log").rglob("*.label.jsonl"):
        journal.unlink()
    command = [sys.executable, LOOKING, store.folder, store.mirror.parent, table, "AY"]
    done = subprocess.run(command, check=True, timeout=120, capture_output=True, text=True)
    assert json.loads(done.stdout) == []
