"""Naming crystals: what a key or button records, and what is shown then."""

import pytest
from fakes import listeners
from qtpy.QtCore import Qt
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer, Flag
from microcrystalnet.domain.scheme import FOUR_CLASSES, CrystalClass
from microcrystalnet.domain.scheme_rules import with_class
from napari_mcn.controllers.label_controller import ALL_DONE, LabelController
from napari_mcn.panels.label_panel import LabelPanel
from napari_mcn.remarks import Remarks

DOLOMITE = CrystalClass("DOL", "Dolomite", "#56b4e9", "5")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = LabelPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def labels(panel, session, canvas, crystals, told):
    """The controller, with the first of three crystals selected."""
    controller = LabelController(panel, session, canvas, Remarks())
    session.crystal_id = crystals[0]
    yield controller
    controller.close()


def answer(session, crystal_id):
    label = session.project.state.label(crystal_id)
    return None if label is None else label.answer


def test_clicking_a_class_records_the_experts_answer(qtbot, labels, panel, session, crystals):
    qtbot.mouseClick(panel.buttons["PES"], LEFT)
    assert answer(session, crystals[0]) == Answer("PES")


def test_the_key_of_a_position_names_the_class_there(labels, session, crystals):
    labels.press_digit("4")
    assert answer(session, crystals[0]) == Answer("SA")


def test_a_digit_without_a_class_says_so(labels, session, crystals, told):
    labels.press_digit("7")
    sentence = "No class has the key 7; the classes are on the Label page."
    assert (answer(session, crystals[0]), told) == (None, [("warning", sentence)])


def test_5_is_unclear(labels, session, crystals):
    labels.press_digit("5")
    assert answer(session, crystals[0]) == Answer(None)


def test_5_names_the_fifth_class_where_there_is_one(labels, panel, session, crystals):
    session.project.set_scheme(with_class(FOUR_CLASSES, DOLOMITE))
    labels.press_digit("5")
    assert (answer(session, crystals[0]), panel.unclear_button.text()) == (
        Answer("DOL"),
        "I  Unclear",
    )


def test_a_new_class_gets_a_button_at_once(labels, panel, session):
    session.project.set_scheme(with_class(FOUR_CLASSES, DOLOMITE))
    assert list(panel.buttons) == ["RES", "PES", "AA", "SA", "DOL"]


def test_another_answer_keeps_the_note_but_not_the_doubt(labels, session, crystals):
    doubt = Answer("RES", frozenset({Flag.UNSURE, Flag.OCCLUDED}), "broken", second="SA")
    session.project.label(crystals[0], doubt)
    labels.choose_class("PES")
    assert answer(session, crystals[0]) == Answer("PES", frozenset({Flag.OCCLUDED}), "broken")


def test_an_answer_leads_to_the_next_crystal_without_one(labels, session, crystals):
    session.project.label(crystals[1], Answer("RES"))
    labels.choose_class("PES")
    assert session.crystal_id == crystals[2]


def test_the_view_flies_to_the_next_crystal(labels, session, canvas, crystals):
    labels.choose_class("PES")
    assert canvas.flights[-1] == session.crystals[crystals[1]].mask


def test_after_the_last_crystal_the_expert_is_told_to_go_on(labels, told):
    labels.choose_class("PES")
    labels.choose_class("PES")
    labels.choose_class("PES")
    assert told == [("info", ALL_DONE)]


def test_changing_an_answer_when_all_is_done_stays_silent(labels, session, crystals, told):
    session.project.label(crystals[1], Answer("RES"))
    session.project.label(crystals[2], Answer("RES"))
    session.project.label(crystals[0], Answer("RES"))
    labels.choose_class("PES")
    assert (told, session.crystal_id) == ([], crystals[0])


def test_unclear_is_an_answer_without_a_class(labels, session, crystals):
    labels.choose_unclear()
    assert answer(session, crystals[0]) == Answer(None)


def test_discarding_says_that_it_is_not_a_crystal(labels, session, crystals):
    labels.discard()
    assert answer(session, crystals[0]).discards


def test_clearing_withdraws_the_answer_and_stays(labels, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    labels.clear()
    assert (answer(session, crystals[0]), session.crystal_id) == (None, crystals[0])


def test_a_key_without_a_selected_crystal_says_what_to_do(labels, session, told):
    session.crystal_id = None
    labels.choose_class("RES")
    assert told == [("warning", "Select a crystal first: click it, or press K.")]


def test_next_and_previous_go_in_reading_order(labels, session, crystals):
    labels.next()
    labels.next()
    labels.previous()
    assert session.crystal_id == crystals[1]


def test_the_order_follows_a_new_crystal(labels, session, crystals):
    made = session.project.put_mask(session.image_id, square(4, 22, 10), MaskSource.MANUAL)
    labels.next()
    assert session.crystal_id == made.crystal_id


def test_going_on_where_nothing_is_outlined_says_where_to_go(labels, session, crystals, told):
    session.project.delete_crystals(crystals)
    labels.next()
    assert told == [("info", "No crystal is outlined yet: go to Segment first.")]


def test_the_answer_of_the_selected_crystal_is_down(labels, panel, session, crystals):
    session.project.label(crystals[0], Answer("AA"))
    assert panel.buttons["AA"].isChecked()


def test_the_counts_follow_the_answers(labels, panel):
    labels.choose_class("RES")
    labels.choose_class("RES")
    assert (panel.buttons["RES"].count.text(), panel.progress.value()) == ("2", 2)


def test_another_expert_does_not_see_the_answers(labels, panel, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    panel.expert_added.emit("MK")
    assert (session.expert, panel.buttons["RES"].count.text()) == ("MK", "0")


def test_an_empty_name_is_refused(labels, panel, session, told):
    panel.expert_added.emit("  ")
    assert (session.expert, told[0][0]) == ("AY", "warning")


def test_the_label_says_what_help_was_in_view(labels, session, canvas, crystals):
    canvas.assist = "prediction"
    labels.choose_class("RES")
    assert session.project.state.label(crystals[0]).assist == "prediction"


def test_a_micrograph_that_cannot_be_shown_is_not_labelled(labels, session, canvas, crystals):
    canvas.clear()
    labels.choose_class("RES")
    assert answer(session, crystals[0]) is None


def test_when_all_is_done_the_page_says_where_to_go(labels, panel, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    session.project.label(crystals[1], Answer("RES"))
    session.project.label(crystals[2], Answer("RES"))
    assert panel.next_step.text() == ALL_DONE


def answered(labels, session, count):
    """Answer so many crystals as they come; give their ids."""
    came = []
    for _ in range(count):
        came.append(session.crystal_id)
        labels.press_digit("1")
    return came


def test_in_ones_own_order_every_crystal_comes_once(labels, panel, session, crystals):
    panel.order_button.click()
    session.crystal_id = None
    labels.next()
    assert sorted(answered(labels, session, 3)) == sorted(crystals)


def test_ones_own_order_is_not_that_of_another_expert(labels, panel, session, outline):
    outline(places=[(4, 22), (30, 22), (30, 40), (46, 4), (46, 22)])
    panel.order_button.click()
    first = labels._order
    session.become("MK")
    assert (sorted(first), first != labels._order) == (sorted(labels._order), True)


def test_in_a_round_crystals_come_again_without_their_first_answer(
    labels, panel, session, canvas, crystals
):
    names = ["AY", "BK"]
    rounds = session.project.rounds
    rounds.open([session.image_id], names, order_seed=1, repeat_frac=0.5)
    labels.next()
    answered(labels, session, 3)
    again = session.crystal_id
    shown = canvas.sheet.class_map.class_of(again), panel.buttons["RES"].isChecked()
    labels.press_digit("2")
    turns = {label.turn for label in (session.project.state.label(again),)}
    assert (shown, turns, panel.order_button.isEnabled()) == ((None, False), {1}, False)


def test_closing_lets_go_of_the_session(panel, session, canvas):
    before = listeners(session, canvas)
    LabelController(panel, session, canvas, Remarks()).close()
    assert listeners(session, canvas) == before


@pytest.fixture
def many(outline, crystals):
    """Nine more crystals than the first three."""
    return [*crystals, *outline(places=[(2 + 6 * n, 60) for n in range(9)])]


def in_a_round(session, **more):
    session.project.rounds.open([session.image_id], ["AY", "BK"], order_seed=5, **more)
    return session.project.rounds.queue(session.image_id)


def test_in_a_round_the_crystals_come_in_the_experts_own_order(labels, session, many):
    asked = in_a_round(session, min_labels=2, repeat_frac=0)
    session.crystal_id = None
    seen = []
    for _ in asked:
        labels.next()
        seen.append(session.crystal_id)
    assert (tuple(seen), set(seen)) == (asked, set(many))


def test_only_what_is_asked_of_the_expert_is_gone_through(labels, session, many, panel):
    asked = in_a_round(session, min_labels=1, repeat_frac=0)
    session.crystal_id = asked[0]
    [labels.press_digit("1") for _ in asked]
    other = next(each for each in many if each not in asked)
    session.crystal_id = other
    assert set(session.project.state.labels()) == set(asked)
    assert panel._title.text() == "Not asked of you"


def test_a_repeat_comes_round_like_a_crystal_never_named(labels, session, many, canvas, told):
    asked = in_a_round(session, repeat_frac=0.1)
    session.crystal_id = asked[0]
    [labels.press_digit("1") for _ in asked]
    again = session.crystal_id
    assert (again in asked, answer(session, again)) == (True, None)
    assert again not in canvas.sheet.class_map.classes
    labels.press_digit("2")
    assert (answer(session, again), told[-1][1]) == (Answer("PES"), ALL_DONE)
    second = session.project.votes(turn=1)
    assert {each: said["AY"].answer.cls for each, said in second.items()} == {again: "PES"}
