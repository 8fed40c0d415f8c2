"""Decisions about disputed crystals: made, given a reason, signed, objected to and undone."""

import pytest
from dispute_desk import vote
from qtpy.QtCore import Qt
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer, Flag
from microcrystalnet.domain.scheme import FOUR_CLASSES, CrystalClass
from microcrystalnet.domain.scheme_rules import with_class
from microcrystalnet.domain.verdict import State
from napari_mcn.controllers.adjudication_controller import (
    NOBODY,
    AdjudicationController,
)
from napari_mcn.disputes import Disputes

FIFTH = CrystalClass("DOL", "Dolomite", "#56b4e9", "5")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(consensus_panel):
    return consensus_panel


def test_a_button_decides_and_the_next_disagreement_follows(
    qtbot, sitting, panel, session, crystals
):
    qtbot.mouseClick(panel.decision.buttons["PES"], LEFT)
    found = session.project.adjudication.case(crystals[1]).decisions[0]
    assert (found.ruling.cls, found.participants) == ("PES", ("AY", "MK"))
    assert session.crystal_id == crystals[0]


def test_a_decision_shows_nothing_but_the_next_disagreement(sitting, panel, crystals, monkeypatch):
    views = []
    monkeypatch.setattr(panel.card, "set_dispute", lambda view, _names: views.append(view))
    sitting.decide_class("PES")
    assert {view.title[-1] for view in views} == {"1"}  # the number of the next crystal


@pytest.mark.parametrize(
    ("act", "state"),
    [
        ("undecidable", State.UNDECIDABLE),
        ("exclude", State.EXCLUDED),
    ],
)
def test_every_outcome_has_its_action(sitting, disputes, crystals, act, state):
    getattr(sitting, act)()
    assert disputes.state(crystals[1]) is state


def test_5_decides_that_nobody_can_tell(sitting, disputes, crystals):
    sitting.press_digit("5")
    assert disputes.state(crystals[1]) is State.UNDECIDABLE


def test_a_digit_decides_for_the_fifth_class_where_there_is_one(
    sitting, session, disputes, crystals
):
    session.project.set_scheme(with_class(FOUR_CLASSES, FIFTH))
    sitting.press_digit("5")
    assert disputes.verdict(crystals[1]).cls == "DOL"


def test_a_digit_without_a_class_decides_nothing_and_says_so(sitting, disputes, crystals, told):
    sitting.press_digit("7")
    sentence = "No class has the key 7; the classes are on the Label page."
    assert (disputes.state(crystals[1]), told) == (State.DISPUTED, [("warning", sentence)])


def test_a_decided_crystal_stays_in_its_row(sitting, panel, crystals):
    sitting.decide_class("PES")
    assert [(row.key, row.values[2]) for row in panel.disputes.rows] == [
        (crystals[1], "decided"),
        (crystals[0], "disputed"),
    ]
    assert "(1)" in panel.next_button.text()


def test_nobody_decides_before_it_is_said_who_sits_there(
    together, session, crystals, disputes, told
):
    session.crystal_id = crystals[1]
    together.press_digit("1")
    assert (disputes.state(crystals[1]), told) == (State.DISPUTED, [("warning", NOBODY)])


def test_against_a_majority_the_page_asks_why(sitting, panel, session, disputes, crystals):
    session.crystal_id = crystals[0]
    sitting.decide_class("SA")
    assert panel.decision.reason.isVisible()
    assert disputes.state(crystals[0]) is State.DISPUTED


def test_a_reason_decides_against_a_majority(qtbot, sitting, panel, session, crystals):
    session.crystal_id = crystals[0]
    sitting.decide_class("SA")
    qtbot.keyClicks(panel.decision.field, "no faces")
    qtbot.keyClick(panel.decision.field, Qt.Key.Key_Return)
    decision = session.project.adjudication.case(crystals[0]).decisions[0]
    assert (decision.ruling.cls, decision.rationale) == ("SA", "no faces")
    assert not panel.decision.reason.isVisible()


def test_an_empty_reason_decides_nothing(qtbot, sitting, panel, session, disputes, crystals, told):
    session.crystal_id = crystals[0]
    sitting.decide_class("SA")
    qtbot.keyClick(panel.decision.field, Qt.Key.Key_Return)
    assert (disputes.state(crystals[0]), told[0][0]) == (State.DISPUTED, "warning")
    assert panel.decision.reason.isVisible()


def test_escape_leaves_the_majority_alone(qtbot, sitting, panel, session, disputes, crystals):
    session.crystal_id = crystals[0]
    sitting.decide_class("SA")
    qtbot.keyClick(panel.decision.field, Qt.Key.Key_Escape)
    assert not panel.decision.reason.isVisible()
    assert disputes.state(crystals[0]) is State.DISPUTED


def test_a_question_is_dropped_with_its_crystal(sitting, panel, session, crystals):
    session.crystal_id = crystals[0]
    sitting.decide_class("SA")
    session.crystal_id = crystals[1]
    assert not panel.decision.reason.isVisible()


def test_with_the_majority_no_reason_is_asked(sitting, session, disputes, crystals):
    session.crystal_id = crystals[0]
    sitting.decide_class("RES")
    assert disputes.state(crystals[0]) is State.ADJUDICATED


def test_who_labelled_otherwise_and_sits_there_may_sign(qtbot, sitting, panel, session, crystals):
    panel.go_on.setChecked(False)
    sitting.decide_class("RES")
    assert tuple(panel.decision.sign_buttons) == ("MK",)
    qtbot.mouseClick(panel.decision.sign_buttons["MK"], LEFT)
    case = session.project.adjudication.case(crystals[1])
    assert case.signers(case.decisions[0].act_id) == ("MK",)
    assert not panel.decision.sign_buttons


def test_the_key_signs_for_the_first_who_may(sitting, panel, session, crystals):
    panel.go_on.setChecked(False)
    sitting.decide_class("RES")
    sitting.sign()
    assert "MK stands by the decision." in panel.card.history.text()


def test_an_objection_makes_it_disputed_again(qtbot, sitting, panel, disputes, crystals):
    panel.go_on.setChecked(False)
    sitting.decide_class("RES")
    qtbot.mouseClick(panel.decision.object_button, LEFT)
    assert disputes.state(crystals[1]) is State.DISPUTED
    assert panel.card.standing.text() == "AY wants it discussed."


def test_a_decision_is_taken_up_again(qtbot, sitting, panel, disputes, crystals):
    panel.go_on.setChecked(False)
    sitting.decide_class("RES")
    qtbot.mouseClick(panel.decision.reopen_button, LEFT)
    assert disputes.state(crystals[1]) is State.DISPUTED


def test_there_is_nothing_to_take_up_before_a_decision(sitting, panel):
    assert not panel.decision.reopen_button.isEnabled()


def test_an_agreed_crystal_is_sent_to_adjudication(sitting, panel, session, disputes, crystals):
    session.crystal_id = crystals[2]
    sitting.object_to()
    assert disputes.state(crystals[2]) is State.DISPUTED
    assert [row.key for row in panel.disputes.rows][-1] == crystals[2]


def test_sending_to_adjudication_opens_nobodys_answers(panel, session, canvas, crystals):
    disputes = Disputes()
    controller = AdjudicationController(panel, session, canvas, disputes)
    vote(session, "MK", crystals, ("RES", "PES", "SA"))
    vote(session, "AY", crystals, ("RES", "PES", "SA"))
    session.crystal_id = crystals[0]
    controller.object_to()
    assert session.project.label(crystals[1], Answer("AA")).blind
    controller.close()


def test_undo_takes_a_decision_back(sitting, session, disputes, crystals):
    sitting.decide_class("RES")
    session.project.undo()
    assert disputes.state(crystals[1]) is State.DISPUTED
    session.project.redo()
    assert disputes.state(crystals[1]) is State.ADJUDICATED


def test_a_new_label_makes_a_decision_fall(sitting, session, disputes, crystals):
    sitting.decide_class("RES")
    session.project.label(crystals[1], Answer("SA"))
    assert disputes.verdict(crystals[1]).reason == "The labels have changed since the decision."


def test_another_outline_makes_a_decision_fall(sitting, session, disputes, crystals):
    sitting.decide_class("RES")
    session.project.put_mask(
        session.image_id, square(4, 40, 10), MaskSource.MANUAL, crystal_id=crystals[1]
    )
    assert disputes.verdict(crystals[1]).reason == "The outline has changed since the decision."


def test_the_history_can_be_read(sitting, panel):
    panel.go_on.setChecked(False)
    sitting.decide_class("RES")
    sitting.object_to()
    told = panel.card.history.text().splitlines()
    assert "Decided RES by AY, MK. Labelled otherwise: 2." in told[0]
    assert told[1].endswith("AY wanted it discussed.")


def test_the_only_expert_of_a_project_reviews_alone(panel, session, canvas, crystals, disputes):
    unsure = Answer("RES", frozenset({Flag.UNSURE}))
    session.project.label(crystals[0], unsure)
    controller = AdjudicationController(panel, session, canvas, disputes)
    controller.activate(True)
    disputes.open(session.project)
    session.crystal_id = crystals[0]
    controller.decide_class("RES")
    disputes.refresh([crystals[0]])
    assert disputes.state(crystals[0]) is State.SELF_REVIEWED
    controller.close()
