"""What an expert says, as a line of the journal and back."""

import pytest
from storage_scene import create, outline, reopen

from microcrystalnet.domain.label import Answer, Flag
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage.label_records import answer_from_json, answer_to_json

FULL = Answer(
    "RES",
    frozenset({Flag.UNSURE}),
    "corner broken",
    second="PES",
    marks=frozenset({"edges", "pitted"}),
    shape="rhombic",
    definition="subhedral",
    confidence=0.75,
)


def test_everything_an_expert_says_reads_back():
    assert answer_from_json(answer_to_json(FULL)) == FULL


def test_what_was_not_said_takes_no_room_in_the_journal():
    assert answer_to_json(Answer("RES")) == {"cls": "RES", "flags": [], "note": ""}


def test_a_line_of_the_first_version_means_what_it_meant():
    assert answer_from_json({"cls": "SA", "flags": ["unsure"], "note": "x"}) == Answer(
        "SA", frozenset({Flag.UNSURE}), "x"
    )


def test_keys_of_a_later_version_are_ignored():
    assert answer_from_json({"cls": None, "texture": "granular"}) == Answer(None)


@pytest.mark.parametrize(
    "odd", [{"marks": "edges"}, {"second": 3}, {"conf": 1.5}, {"shape": ["rhombic"]}]
)
def test_an_odd_answer_is_refused(odd):
    with pytest.raises(ValueError, match=r"expected|between 0 and 1"):
        answer_from_json({"cls": "RES"} | odd)


def test_the_whole_answer_is_there_when_the_project_is_opened_again(tmp_path):
    store = create(tmp_path)
    crystal_id = outline(store)
    store.label(crystal_id, FULL)
    again = reopen(store)
    assert again.state.label(crystal_id).answer == FULL
    again.close()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer("RES", second="QQ"), "no class QQ"),
        (Answer("RES", second="RES"), "second choice"),
        (Answer("RES", confidence=float("nan")), "between 0 and 1"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(tmp_path, answer, reason):
    store = create(tmp_path)
    crystal_id = outline(store)
    with pytest.raises(ProjectError, match=reason):
        store.label(crystal_id, answer)
    store.close()
