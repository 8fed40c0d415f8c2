"""The Rounds page: from opening a round to the seal, and nothing of the others before it."""

import pytest
from qtpy.QtCore import Qt

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.round import Blindness
from napari_mcn.controllers.rounds_controller import RoundsController
from napari_mcn.panels.rounds_panel import SEAL, RoundsPanel

LEFT = Qt.MouseButton.LeftButton
RES = Answer("RES")


@pytest.fixture
def panel(qtbot):
    made = RoundsPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def led():
    """Where the page led to."""
    return []


@pytest.fixture
def rounds(panel, session, crystals, led):
    controller = RoundsController(panel, session, lambda: led.append("answers"))
    controller.activate(True)
    yield controller
    controller.close()


@pytest.fixture
def opened(rounds, panel, session, qtbot):
    """A round of AY and BK, opened with the form."""
    panel.form.name.setText("BK")
    qtbot.keyClick(panel.form.name, Qt.Key.Key_Return)
    panel.form.repeats.setValue(0)
    panel.unfold_form(True)
    qtbot.mouseClick(panel.form.open_button, LEFT)
    return session.store.rounds.all()[-1]


def label_all(session):
    store = session.store
    [store.label(each, RES) for each in store.rounds.work(session.image_id)]


def rows(panel):
    return [each.values[1:] for each in panel.progress.rows]


def test_without_a_round_the_page_says_what_one_is_for(rounds, panel):
    assert panel.next_step.text().startswith("Open a round")
    assert not panel.progress.isVisible()


def test_the_form_opens_a_round_with_the_ticked_micrographs_and_experts(opened, session):
    assert opened.experts == ("AY", "BK")
    assert opened.image_ids == (session.image_id,)
    assert (opened.min_labels, opened.third_on_dispute) == (2, True)
    assert (opened.blind, opened.repeat_frac) == (Blindness.ON, 0)


def test_an_expert_who_is_unticked_is_not_asked(rounds, panel, session, qtbot):
    session.become("BK")
    session.become("CL")
    panel.form.experts.item(0).setCheckState(Qt.CheckState.Unchecked)
    panel.form.strict.setChecked(True)
    qtbot.mouseClick(panel.form.open_button, LEFT)
    (made,) = session.store.rounds.all()
    assert (made.experts, made.blind) == (("BK", "CL"), Blindness.STRICT)


def test_a_round_that_makes_no_sense_is_refused_in_a_sentence(rounds, panel, session, told, qtbot):
    qtbot.mouseClick(panel.form.open_button, LEFT)
    assert session.store.rounds.all() == ()
    assert "1 expert cannot give 2 labels" in told[-1][1]


def test_while_blind_only_ones_own_count_is_shown(opened, panel, session):
    label_all(session)
    assert rows(panel) == [("AY", "3 / 3", ""), ("BK", "– / 3", "")]


def test_the_button_seals_the_micrograph_in_view_and_says_what_that_means(
    opened, panel, session, told, qtbot
):
    label_all(session)
    assert panel.seal_reason.text() == SEAL
    qtbot.mouseClick(panel.seal_button, LEFT)
    assert session.store.rounds.sealed(session.image_id)
    assert "Sealed with 3 answers" in told[-1][1]
    assert not panel.seal_button.isEnabled()


def test_the_answers_stay_closed_until_the_seal_and_open_after_it(
    opened, panel, session, led, qtbot
):
    assert not panel.reveal_button.isEnabled()
    qtbot.mouseClick(panel.seal_button, LEFT)
    qtbot.mouseClick(panel.reveal_button, LEFT)
    assert (led, session.answers_open) == (["answers"], True)


def test_a_seal_before_the_end_says_what_is_missing(opened, panel, session):
    session.store.label(session.store.rounds.work(session.image_id)[0], RES)
    assert panel.seal_reason.text().startswith("You have not answered 2 crystals yet. Sealing says")


def test_somebody_who_is_not_asked_is_told_who_is(opened, panel, session):
    session.become("Zoe")
    assert panel.next_step.text() == "You are Zoe; this round asks AY and BK."
    assert "No round asks Zoe" in panel.seal_reason.text()


def test_the_next_step_leads_from_labelling_to_the_seal(opened, panel, session, qtbot):
    before = panel.next_step.text()
    label_all(session)
    between = panel.next_step.text()
    qtbot.mouseClick(panel.seal_button, LEFT)
    assert before == "3 crystals wait for your answer: go to the Label page."
    assert between == "You have answered all that is asked: seal each micrograph."
    assert panel.next_step.text().startswith("You have sealed everything")


def test_classes_changed_in_the_middle_are_told(opened, panel, session):
    label_all(session)
    session.store.set_scheme(session.store.state.scheme)
    assert "3 of your answers were given under the earlier ones" in panel.remark.text()


def test_a_round_brings_a_blank_slate_and_the_seal_what_was_said(rounds, session, canvas, panel):
    store = session.store
    crystal = next(iter(session.crystals))
    store.label(crystal, Answer("PES"))
    rounds.open_round(panel.form.choices().__class__((session.image_id,), ("AY", "BK"), 2, True,
                                                     False, 0.0))  # fmt: skip
    before = dict(canvas.sheet.class_map.classes)
    rounds.seal()
    assert (before, canvas.sheet.class_map.classes) == ({}, {crystal: "PES"})


def test_a_press_on_a_row_shows_its_micrograph(opened, rounds, session, store, draw):
    from microcrystalnet.micrographs.reader import describe

    second = store.add_micrograph(draw("b.tif", 5), describe(draw("b.tif", 5))).image_id
    session.show(second)
    rounds._on_progress(f"{opened.image_ids[0]}|AY")
    assert session.image_id == opened.image_ids[0]
