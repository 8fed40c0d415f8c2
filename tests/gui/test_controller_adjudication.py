"""Disputes: decided together, by name only when asked, and undone like everything else."""

import pytest
from fakes import listeners
from qtpy.QtCore import Qt
from window_material import settle, square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer, Flag, Label
from microcrystalnet.domain.scheme import FOUR_CLASSES, CrystalClass
from microcrystalnet.domain.scheme_rules import with_class
from microcrystalnet.domain.verdict import State, Verdict
from napari_mcn.controllers.adjudication_controller import (
    NOBODY,
    NOT_YOURS,
    AdjudicationController,
)
from napari_mcn.controllers.consensus_controller import ConsensusController
from napari_mcn.disputes import Disputes
from napari_mcn.panels.consensus_panel import ConsensusPanel

FIFTH = CrystalClass("DOL", "Dolomite", "#56b4e9", "5")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = ConsensusPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def disputes():
    return Disputes()


@pytest.fixture
def together(panel, session, canvas, disputes, crystals):
    """Three crystals, opened: two against one, one each, and agreed; AY at the keyboard."""
    vote(session, "RS", crystals, ("RES", "AA", "SA"))
    vote(session, "MK", crystals, ("RES", "PES", "SA"))
    vote(session, "AY", crystals, ("PES", "RES", "SA"))
    consensus = ConsensusController(panel, session, canvas, disputes)
    controller = AdjudicationController(panel, session, canvas, disputes)
    controller.activate(True)
    consensus.reveal()
    yield controller
    controller.close()
    consensus.close()


@pytest.fixture
def sitting(together, panel, session, crystals):
    """AY and MK sit there, before the crystal on which three experts say three things."""
    panel.sitting.buttons["MK"].click()
    panel.sitting.begin_button.click()
    session.crystal_id = crystals[1]
    return together


def vote(session, expert, crystals, classes):
    session.become(expert)
    for crystal_id, cls in zip(crystals, classes, strict=True):
        session.project.label(crystal_id, Answer(cls))


def test_the_most_disputed_crystal_comes_first(together, panel, crystals):
    assert [row.key for row in panel.disputes.rows] == [crystals[1], crystals[0]]


def test_votes_stand_under_letters(sitting, panel, session):
    shown = panel.card.votes.text()
    assert all(f"<b>{letter}</b>" in shown for letter in "ABC")
    assert "AY" not in shown


def test_names_are_shown_when_asked_for(qtbot, sitting, panel):
    qtbot.mouseClick(panel.card.names_button, LEFT)
    assert all(name in panel.card.votes.text() for name in ("AY", "MK", "RS"))


def test_names_are_hidden_again_at_the_next_crystal(sitting, panel, session, crystals):
    sitting.toggle_names()
    session.crystal_id = crystals[0]
    assert "AY" not in panel.card.votes.text()


def test_a_letter_stands_for_another_expert_at_another_crystal(disputes):
    disputes.votes = {str(n): dict.fromkeys(("AY", "MK", "RS")) for n in range(20)}
    assert len({disputes.letters(str(n))["AY"] for n in range(20)}) == 3


def test_a_button_decides_and_the_next_disagreement_follows(
    qtbot, sitting, panel, session, crystals
):
    qtbot.mouseClick(panel.decision.buttons["PES"], LEFT)
    found = session.project.adjudication.case(crystals[1]).decisions[0]
    assert (found.ruling.cls, found.participants) == ("PES", ("AY", "MK"))
    assert session.crystal_id == crystals[0]


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


def test_one_person_cannot_begin(together, panel):
    assert not panel.sitting.begin_button.isEnabled()


def test_who_is_at_the_keyboard_cannot_be_left_out(together, panel):
    assert (panel.sitting.present, panel.sitting.buttons["AY"].isEnabled()) == (("AY",), False)


def test_what_the_keys_do_stands_on_the_page_and_on_the_micrograph(sitting, panel, canvas):
    assert "Deciding for AY and MK" in panel.mode.text()
    assert canvas.mode == "Deciding: AY and MK"


def test_another_page_takes_the_line_from_the_micrograph(sitting, canvas):
    sitting.activate(False)
    assert (canvas.mode, sitting.deciding) == ("", False)


def test_the_micrograph_shows_what_is_settled_and_not_the_own_answers(
    sitting, panel, canvas, crystals
):
    assert canvas.sheet.class_map.classes == {crystals[2]: "SA"}
    panel.go_on.setChecked(False)
    sitting.decide_class("RES")
    assert canvas.sheet.class_map.classes == {crystals[2]: "SA", crystals[1]: "RES"}


def test_another_page_shows_the_own_answers_again(sitting, canvas, crystals):
    sitting.activate(False)
    own = dict(zip(crystals, ("PES", "RES", "SA"), strict=True))
    assert canvas.sheet.class_map.classes == own


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


def test_a_deleted_crystal_leaves_the_queue_and_comes_back(sitting, panel, session, crystals):
    session.project.delete_crystals([crystals[1]])
    assert [row.key for row in panel.disputes.rows] == [crystals[0]]
    session.project.undo()
    assert crystals[1] in [row.key for row in panel.disputes.rows]


def test_the_history_can_be_read(sitting, panel):
    panel.go_on.setChecked(False)
    sitting.decide_class("RES")
    sitting.object_to()
    told = panel.card.history.text().splitlines()
    assert "Decided RES by AY, MK. Labelled otherwise: 2." in told[0]
    assert told[1].endswith("AY wanted it discussed.")


def test_neighbours_are_one_click_away(sitting, panel, session, crystals):
    panel.card.neighbour_chosen.emit(panel.card.neighbours.keys[0])
    assert session.crystal_id in {crystals[0], crystals[2]}


def test_each_class_that_was_named_stands_beside_it(qtbot, sitting, panel):
    qtbot.waitUntil(lambda: panel.card.atlas.keys != [])
    assert set(panel.card.atlas.keys) == {"RES", "PES", "AA"}


def test_most_disputed_first_or_one_micrograph_after_the_other(disputes):
    disputes.places = {"a": ("one", 1), "b": ("two", 1), "c": ("one", 2)}
    classes = {"a": ("RES", "PES", "AA"), "b": ("RES", "SA", "SA"), "c": ("AA", "AA", "PES")}
    disputes.votes = {
        each: {
            expert: Label("", each, expert, Answer(cls), "")
            for expert, cls in zip(("AY", "MK", "RS"), said, strict=True)
        }
        for each, said in classes.items()
    }
    disputes.verdicts = {each: Verdict(each, State.DISPUTED, None, 3) for each in classes}
    disputes.arrange(together=True)
    together = disputes.order
    disputes.arrange(together=False)
    assert ("".join(together), "".join(disputes.order)) == ("acb", "abc")


def test_the_owner_appoints_an_adjudicator_on_the_page(together, panel, session):
    panel.adjudicators.buttons["RS"].click()
    assert session.project.adjudication.adjudicators == ("RS",)
    assert "must sit there" in panel.adjudicators.explained.text()


def test_others_are_told_that_they_cannot_appoint(together, panel, session, told):
    session.become("MK")
    panel.adjudicators.buttons["RS"].click()
    assert (panel.adjudicators.buttons["RS"].isChecked(), told[0][0]) == (False, "warning")


def test_keys_that_change_the_own_answer_are_refused(sitting, told):
    sitting.keep_own()
    assert told == [("warning", NOT_YOURS)]


def test_j_and_k_go_through_the_queue(sitting, session, crystals):
    sitting.next()
    after = session.crystal_id
    sitting.previous()
    assert (after, session.crystal_id) == (crystals[0], crystals[1])


def test_another_expert_finds_another_sitting(sitting, panel, session):
    session.become("RS")
    assert (panel.sitting.began, panel.sitting.present) == (False, ("RS",))
    assert not sitting.deciding


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


def test_a_scheme_offers_its_classes(together, panel):
    assert tuple(panel.decision.buttons) == FOUR_CLASSES.codes


def test_closing_lets_go_of_the_session(panel, session, canvas, disputes):
    before = listeners(session, canvas)
    AdjudicationController(panel, session, canvas, disputes).close()
    assert listeners(session, canvas) == before


def test_crystals_that_two_experts_agree_on_are_not_in_the_queue(
    panel, session, canvas, crystals, disputes
):
    settle(session.project, crystals, ("RES", "PES", "SA"))
    disputes.open(session.project)
    assert disputes.order == ()
