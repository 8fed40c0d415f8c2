"""Disputes: who sits there, what they see, by name only when asked, and what the keys do."""

import pytest
from fakes import listeners
from qtpy.QtCore import Qt
from window_material import settle

from microcrystalnet.domain.label import Answer, Label
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.domain.verdict import State, Verdict
from napari_mcn.controllers.adjudication_controller import (
    NOT_YOURS,
    AdjudicationController,
)

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(consensus_panel):
    return consensus_panel


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


def test_a_deleted_crystal_leaves_the_queue_and_comes_back(sitting, panel, session, crystals):
    session.project.delete_crystals([crystals[1]])
    assert [row.key for row in panel.disputes.rows] == [crystals[0]]
    session.project.undo()
    assert crystals[1] in [row.key for row in panel.disputes.rows]


def test_neighbours_are_one_click_away(sitting, panel, session, crystals):
    panel.card.neighbour_chosen.emit(panel.card.neighbours.keys[0])
    assert session.crystal_id in {crystals[0], crystals[2]}


def test_each_class_that_was_named_stands_beside_it(qtbot, sitting, panel):
    qtbot.waitUntil(lambda: panel.card.atlas.keys != [])
    assert set(panel.card.atlas.keys) == {"RES", "PES", "AA"}


def test_the_picture_of_a_class_is_the_same_for_every_crystal(
    qtbot, sitting, panel, session, crystals, monkeypatch
):
    qtbot.waitUntil(lambda: panel.card.atlas.keys != [])
    views = []
    monkeypatch.setattr(panel.card, "set_dispute", lambda view, _names: views.append(view))
    session.crystal_id = crystals[0]
    session.crystal_id = crystals[1]
    first, second = ({each.key: each.crop for each in view.atlas} for view in views)
    assert first["RES"] is second["RES"]


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
