from types import SimpleNamespace

import numpy as np
import pytest

from microcrystalnet.cli.predict import _spoken
from microcrystalnet.errors import ModelError
from microcrystalnet.learning.records import HeldOut
from microcrystalnet.learning.survey import (
    OPTIMISTIC,
    abundances,
    answers,
    margins,
    suggested,
    threshold_for,
)

CLASSES = ("RES", "PES")
TABLE = np.array([[0.9, 0.1], [0.45, 0.55], [0.3, 0.7]])


def judged(confident_right, doubtful_wrong):
    """Give held-out crystals: sure ones that are right, doubtful ones that are wrong."""
    right = [HeldOut("c", "i", "RES", (0.9, 0.1))] * confident_right
    return right + [HeldOut("c", "i", "PES", (0.6, 0.4))] * doubtful_wrong


def test_every_crystal_is_answered_unless_asked_otherwise():
    assert answers(TABLE, CLASSES) == ["RES", "PES", "PES"]


def test_a_doubtful_crystal_is_left_open():
    assert answers(TABLE, CLASSES, 0.6) == ["RES", "unsure", "PES"]


def test_a_confidence_that_is_no_probability_is_refused():
    with pytest.raises(ModelError, match="60"):
        answers(TABLE, CLASSES, 60)


def test_doubt_is_how_little_the_first_class_leads():
    assert margins(TABLE) == pytest.approx([0.8, 0.1, 0.4])


def test_abundance_counts_crystals_and_shares_their_area():
    res, pes, unsure = abundances(["RES", "PES", "PES", "unsure"], CLASSES, [5.0, 1.0, 2.0, 2.0])
    assert (res.count, res.count_share, res.area_share) == (1, 0.25, 0.5)
    assert (pes.count, pes.count_share, pes.area_share) == (2, 0.5, 0.3)
    assert (unsure.cls, unsure.area_share) == ("unsure", 0.2)


def test_one_unknown_area_leaves_all_area_shares_unknown():
    found = abundances(["RES", "PES"], CLASSES, [5.0, None])
    assert [each.area_share for each in found] == [None, None]


def test_the_suggested_confidence_leaves_out_what_is_often_wrong():
    found = threshold_for(judged(30, 10), CLASSES)
    assert (found.confidence, found.accuracy, found.answered) == (0.9, 1.0, 0.75)


def test_a_model_that_is_right_everywhere_need_not_abstain():
    assert threshold_for(judged(30, 1), CLASSES).answered == 1


def test_no_confidence_is_suggested_from_few_crystals():
    assert threshold_for(judged(19, 0), CLASSES) is None
    assert threshold_for(judged(0, 40), CLASSES) is None


@pytest.mark.parametrize(
    ("part", "kind"), [("test", False), ("folds", False), ("validation", True)]
)
def test_a_threshold_of_the_validation_part_is_too_kind(part, kind):
    record = SimpleNamespace(held_out=judged(30, 0), judged_on=part)
    assert suggested(record, CLASSES).optimistic == kind


def test_the_command_says_that_its_threshold_is_too_kind():
    training = SimpleNamespace(held_out=judged(30, 0), judged_on="validation")
    card = SimpleNamespace(training=training, classes=CLASSES, seen=None)
    found = SimpleNamespace(
        classifier=SimpleNamespace(card=card),
        crops=(),
        sides_um=(),
        areas_um2=(),
        sides=(),
        doubts=(),
    )
    said = _spoken(found, [])
    assert said["warnings"] == (OPTIMISTIC,)
    assert said["suggested_abstain"]["optimistic"] is True
