import json
import subprocess
import sys
from pathlib import Path

import pytest
from storage_scene import IMAGE, create, disc

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.decision import Outcome, Ruling
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.prediction import Prediction

SITTING = Path(__file__).parent.parent / "blind_sitting.py"
MODEL = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


@pytest.fixture
def project(tmp_path):
    """A round of AY and BK in which AY has finished; also AY's decision and a prediction."""
    store = create(tmp_path)
    masks = [disc(40 * row, 40 * col, 12) for row in range(2) for col in range(5)]
    first, *_ = store.put_masks(IMAGE, masks, MaskSource.AUTO)
    store.label(first.crystal_id, Answer("PES"))
    store.become("BK")
    store.become("AY")
    store.adjudication.decide(first.crystal_id, Ruling(Outcome.CLASS, "PES"), ["AY", "BK"])
    said = Prediction(first.crystal_id, MODEL, ("RES", "PES"), (0.5, 0.5))
    store.write_predictions(MODEL, IMAGE, [said])
    store.rounds.open([IMAGE], ["AY", "BK"])
    [store.label(each, Answer("PES")) for each in store.rounds.work(IMAGE)]
    store.rounds.seal(IMAGE)
    store.close()
    return store.folder


def sitting(project, mirror):
    command = [sys.executable, str(SITTING), str(project), str(mirror), "BK"]
    done = subprocess.run(command, check=True, timeout=120, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_a_blind_sitting_opens_no_answer_of_another_expert_and_no_prediction(project, tmp_path):
    found = sitting(project, tmp_path / "mirror-of-bk")
    assert found["before"] == []
    kinds = {name.split(".", 1)[1] for name in found["after"]}
    assert kinds == {"label.jsonl", "adj.jsonl", "jsonl"}


def test_nor_where_both_sit_at_one_computer_and_the_project_lags_behind(project, tmp_path):
    for journal in (project / "log").rglob("*.label.jsonl"):
        journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:2]))
    assert sitting(project, tmp_path / "mirror")["before"] == []
