"""A crystal on which two experts differ, and what is decided of it."""

import pytest
from storage_scene import create, outline

from microcrystalnet.domain.decision import Case, Outcome, Ruling
from microcrystalnet.domain.label import Answer
from microcrystalnet.labelling.consensus import settle

RES, PES, EMPTY = Ruling(Outcome.CLASS, "RES"), Ruling(Outcome.CLASS, "PES"), Case()


@pytest.fixture
def store(tmp_path):
    made = create(tmp_path)
    yield made
    made.close()


@pytest.fixture
def crystal(store):
    """A crystal on which AY and BK differ; BK is at the keyboard."""
    crystal_id = outline(store)
    say(store, "AY", crystal_id, "RES")
    say(store, "BK", crystal_id, "PES")
    return crystal_id


def say(store, expert, crystal_id, cls, *flags):
    store.become(expert)
    store.label(crystal_id, Answer(cls, frozenset(flags)))


def verdict(store, crystal_id):
    labels = store.votes(reveal=False).get(crystal_id, {})
    return settle(crystal_id, labels, store.adjudication.cases().get(crystal_id) or EMPTY)
