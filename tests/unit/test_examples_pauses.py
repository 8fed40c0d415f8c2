"""Crystals to learn from are looked for with pauses, so that a window answers in between."""

import pytest
from storage_scene import IMAGE, create, disc

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.examples import finding_settled, finding_taught


@pytest.fixture
def store(tmp_path):
    """Sixty crystals; two experts agree on the first."""
    made = create(tmp_path)
    masks = [disc(40 * row, 40 * col, 12) for row in range(6) for col in range(10)]
    first, *_ = made.put_masks(IMAGE, masks, MaskSource.AUTO)
    for expert in ("BK", "AY"):
        made.become(expert)
        made.label(first.crystal_id, Answer("RES"))
    yield made
    made.close()


@pytest.mark.parametrize("finding", [finding_settled, finding_taught])
def test_there_is_a_pause_after_every_twenty_crystals(store, finding):
    assert sum(each.message == "Looking for settled crystals …" for each in finding(store)) == 3
