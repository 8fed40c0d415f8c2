"""Labels: one's own, those of the others once they are asked for, and which are blind."""

import subprocess
import sys

import pytest
from storage_scene import create, outline, reopen

from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer, Flag
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def store(tmp_path):
    made = create(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize(
    "answer",
    [
        Answer("RES"),
        UNCLEAR,
        NOT_A_CRYSTAL,
        Answer("SA", frozenset({Flag.UNSURE, Flag.OCCLUDED}), "half hidden"),
    ],
)
def test_an_answer_reads_back_as_it_was_given(store, answer):
    label = store.label(outline(store), answer)
    assert reopen(store).state.label(label.crystal_id) == label
    assert (label.answer, label.expert, label.blind) == (answer, "AY", True)


def test_a_cleared_label_is_gone(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.clear_label(crystal)
    assert store.state.label(crystal) is None
    assert reopen(store).state.labels() == {}


def test_a_deleted_crystal_takes_its_label_out_of_sight(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.delete_crystals([crystal])
    assert (dict(store.state.labels()), dict(store.votes())) == ({}, {})
    with pytest.raises(ProjectError, match="not in the project any more"):
        store.state.crystal(crystal)


def test_each_expert_sees_only_their_own_labels(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.become("BK")
    assert store.state.label(crystal) is None
    store.label(crystal, Answer("PES"))
    store.become("AY")
    assert store.state.label(crystal).answer.cls == "RES"


def test_votes_are_everyones(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.become("BK")
    store.label(crystal, Answer("PES"))
    said = {who: label.answer.cls for who, label in reopen(store).votes()[crystal].items()}
    assert said == {"AY": "RES", "BK": "PES"}


def test_experts_are_listed_in_the_order_of_appearance(store):
    store.become("BK")
    store.become("AA")
    assert reopen(store).experts() == ("AY", "BK", "AA")


def test_a_label_given_after_seeing_the_others_is_not_blind_even_after_reopening(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.become("BK")
    store.votes()
    assert not store.label(crystal, Answer("PES")).blind
    assert not reopen(store, "BK").label(crystal, Answer("PES")).blind


def test_a_label_stays_blind_where_nothing_was_shown(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.become("BK")
    store.votes(reveal=False)
    assert store.label(crystal, Answer("PES")).blind


def test_another_experts_labels_are_not_opened_before_votes_are_asked_for(tmp_path):
    store = create(tmp_path)
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.become("BK")
    store.label(crystal, Answer("PES"))
    store.close()
    script = f"""
import sys; from pathlib import Path; opened = []
sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == "open" else None)
from microcrystalnet.storage.event import encode, new_event
from microcrystalnet.storage.project_store import ProjectStore
store = ProjectStore.open(Path({str(store.folder)!r}), "BK", mirror_root=Path({str(tmp_path)!r}))
store.state.labels(); store.refresh(); store.label({crystal!r}, __import__(
    "microcrystalnet.domain.label").domain.label.Answer("SA")); store.flush()
before = sum("ay-" in name and ".label" in name for name in opened)
store.votes()
after = sum("ay-" in name and ".label" in name for name in opened)
sys.exit(0 if (before, after) == (0, 1) else f"{{before}} {{after}}")
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_the_later_of_two_labels_by_one_person_on_two_machines_wins(store, tmp_path):
    crystal = outline(store)
    store.flush()
    other = ProjectStore.open(store.folder, "AY", mirror_root=tmp_path / "elsewhere")
    other.label(crystal, Answer("PES"))
    store.label(crystal, Answer("RES"))
    store.label(crystal, Answer("SA"))
    other.close()
    store.refresh()
    assert store.state.label(crystal).answer.cls == "SA"
