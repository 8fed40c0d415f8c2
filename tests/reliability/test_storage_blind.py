import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from storage_scene import disc
from window_material import add_model, predicted

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.decision import Outcome, Ruling
from microcrystalnet.domain.label import Answer
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.project_store import ProjectStore

TESTS = Path(__file__).parent.parent
SITTING, WINDOW = TESTS / "blind_sitting.py", TESTS / "blind_window.py"


@pytest.fixture
def project(tmp_path):
    """A round of AY and BK in which AY has finished; also AY's decision and a prediction."""
    store = ProjectStore.create(tmp_path / "project", "AY", mirror_root=tmp_path / "mirror")
    tifffile.imwrite(tmp_path / "chalk.tif", np.full((200, 240), 90, np.uint8))
    chalk = describe(tmp_path / "chalk.tif")
    image_id = store.add_micrograph(tmp_path / "chalk.tif", chalk).image_id
    masks = [disc(40 * row, 40 * col, 12) for row in range(2) for col in range(5)]
    first, *_ = store.put_masks(image_id, masks, MaskSource.AUTO)
    store.label(first.crystal_id, Answer("PES"))
    store.become("BK")
    store.become("AY")
    store.adjudication.decide(first.crystal_id, Ruling(Outcome.CLASS, "PES"), ["AY", "BK"])
    model_id = add_model(store)
    store.write_predictions(model_id, image_id, [predicted(model_id, first.crystal_id)])
    store.rounds.open([image_id], ["AY", "BK"])
    [store.label(each, Answer("PES")) for each in store.rounds.work(image_id)]
    store.rounds.seal(image_id)
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


def test_nor_does_the_window_whatever_is_pressed_before_the_seal(project, tmp_path):
    folders = {f"XDG_{each}_HOME": str(tmp_path / each) for each in ("DATA", "CONFIG", "CACHE")}
    done = subprocess.run(
        [sys.executable, str(WINDOW), str(project)],
        check=False, timeout=180, capture_output=True, text=True,
        env={**os.environ, **folders, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["before"], found["labels"]) == ([], 10)
    kinds = {name.split(".", 1)[1] for name in found["after"]}
    assert kinds == {"label.jsonl", "adj.jsonl", "jsonl"}
