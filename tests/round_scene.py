"""A micrograph of forty crystals, and a round of three experts on it."""

import pytest
from storage_scene import IMAGE, create, disc

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.storage.project_store import ProjectStore

RES, PES = Answer("RES"), Answer("PES")


@pytest.fixture
def store(tmp_path):
    made = create(tmp_path)
    masks = [disc(40 * row, 40 * col, 12) for row in range(4) for col in range(10)]
    made.put_masks(IMAGE, masks, MaskSource.AUTO)
    yield made
    made.close()


def round_of(store, experts=("AY", "BK", "CL"), **more):
    return store.rounds.open([IMAGE], experts, order_seed=3, repeat_frac=0.0, **more)


def answer_all(store, answer):
    """Let the expert at the keyboard answer whatever is asked; gives the crystals."""
    asked = store.rounds.work(IMAGE)
    [store.label(each, answer) for each in asked]
    return asked


def said(labels):
    return {who: label.answer.cls for who, label in labels.items()}


def open_elsewhere(store, image_id, tmp_path, experts=("AY", "MK")):
    """Open a round on another computer that shares the project folder."""
    store.flush()
    other = ProjectStore.open(store.folder, "OW", mirror_root=tmp_path / "elsewhere")
    other.rounds.open([image_id], experts)
    other.close()
