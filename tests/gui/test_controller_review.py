"""The predicted class map, doubtful crystals, and the crystals behind a cell."""

import pytest
from fakes import listeners
from round_scene import open_elsewhere
from window_material import add_model, predicted, square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.micrographs.reader import describe
from napari_mcn.controllers.review_controller import ReviewController, said
from napari_mcn.judgement import Judgement
from napari_mcn.panels.model_panel import ModelPanel


@pytest.fixture
def panel(qtbot):
    made = ModelPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def review(panel, session, canvas, crystals):
    judgement = Judgement(session)
    session.events.model_id.connect(lambda _model: judgement.read())
    controller = ReviewController(panel, session, canvas, judgement)
    yield controller
    controller.close()


@pytest.fixture
def named(review, session, store, crystals):
    """Three crystals named by a model, the second the most doubtful, the third less so."""
    session.model_id = add_model(store)
    sure = zip(crystals, ("RES", "PES", "SA"), (0.9, 0.4, 0.6), strict=True)
    store.write_predictions(
        session.model_id, session.image_id, [predicted(session.model_id, *each) for each in sure]
    )
    session.tell_predicted(anew=True)
    return review


def test_new_predictions_are_shown_as_a_class_map(named, canvas, crystals):
    assert (canvas.sheet.predicted.visible, canvas.sheet.predicted.classes) == (
        True,
        dict(zip(crystals, ("RES", "PES", "SA"), strict=True)),
    )


def test_the_experts_own_classes_give_way(named, canvas):
    assert not canvas.sheet.class_map.visible


def test_the_box_brings_the_experts_classes_back(named, panel, canvas):
    panel.class_map.click()
    assert (canvas.sheet.predicted.visible, canvas.sheet.class_map.visible) == (False, True)


def test_the_status_line_says_how_sure_the_model_is(named, canvas, crystals):
    assert canvas.remarks[crystals[0]].startswith("RES 90 %")


def test_probabilities_are_not_told_while_the_map_is_hidden(named, canvas):
    named.show_class_map(False)
    assert canvas.remarks == {}


def test_nor_does_the_layer_of_the_hidden_map_hold_them(named, canvas, crystals):
    named.show_class_map(False)
    hidden = canvas.sheet.predicted.classes
    named.show_class_map(True)
    assert (hidden, set(canvas.sheet.predicted.classes)) == ({}, set(crystals))


def test_the_next_expert_does_not_see_what_the_model_says(named, session, canvas):
    session.become("MK")
    assert (canvas.sheet.predicted.visible, canvas.remarks) == (False, {})


def test_what_is_said_after_a_look_at_the_map_is_assisted(named, store, crystals):
    named.show_class_map(False)
    assert store.label(crystals[0], Answer("RES")).assist == "prediction"


def test_the_next_expert_was_told_nothing(named, session, store, crystals):
    session.become("MK")
    assert store.label(crystals[0], Answer("RES")).assist == "none"


def test_the_box_says_what_looking_means_for_later_answers(named, panel):
    assert "with the classifier's help" in panel.class_map.toolTip()


def test_predictions_that_are_not_shown_tell_nothing(review, session, store, crystals):
    session.model_id = add_model(store)
    said = [predicted(session.model_id, each) for each in crystals]
    store.write_predictions(session.model_id, session.image_id, said)
    session.tell_predicted()
    assert store.label(crystals[0], Answer("RES")).assist == "none"


def test_the_map_goes_when_a_round_of_another_computer_closes_it(
    named, session, store, canvas, tmp_path
):
    open_elsewhere(store, session.image_id, tmp_path)
    store.refresh()
    assert (canvas.sheet.predicted.visible, canvas.remarks) == (False, {})


def test_the_most_doubtful_crystal_comes_first(named, session, crystals):
    named.next_doubtful()
    assert session.crystal_id == crystals[1]


def test_then_the_less_doubtful_one(named, session, crystals):
    named.next_doubtful()
    named.next_doubtful()
    assert session.crystal_id == crystals[2]


def test_without_predictions_the_box_cannot_be_ticked(review, panel):
    assert not panel.class_map.isEnabled()


def test_without_predictions_no_crystal_is_doubtful(review, told):
    review.next_doubtful()
    assert told == [("warning", "Nothing is predicted here yet: press Predict here first.")]


def test_a_crystal_outlined_later_has_no_prediction(named, session, canvas, crystals):
    session.project.put_mask(session.image_id, square(30, 40), MaskSource.MANUAL)
    assert list(canvas.sheet.predicted.classes) == crystals


def test_a_cell_leads_to_its_crystals_on_their_micrographs(review, session, store, draw, crystals):
    path = draw("other.tif", seed=1)
    other = store.add_micrograph(path, describe(path)).image_id
    there = store.put_mask(other, square(4, 4), MaskSource.MANUAL).crystal_id
    first = session.image_id
    session.model_id = add_model(
        store, [(first, crystals[0], "RES", "RES"), (other, there, "RES", "PES")]
    )
    review.next_of_cell("RES", "PES")
    assert (session.image_id, session.crystal_id) == (other, there)


def test_an_empty_cell_says_so(review, session, store, crystals, told):
    session.model_id = add_model(store, [(session.image_id, crystals[0], "RES", "RES")])
    review.next_of_cell("SA", "AA")
    assert told == [("warning", "No judged crystal is SA to the experts and AA to the network.")]


def test_a_cell_leaves_out_crystals_that_were_deleted(review, session, store, crystals, told):
    session.model_id = add_model(store, [(session.image_id, crystals[0], "RES", "PES")])
    store.delete_crystals([crystals[0]])
    review.next_of_cell("RES", "PES")
    assert told[0][0] == "warning"


def test_the_two_leading_classes_are_written(crystals):
    assert said(predicted("m", crystals[0], "AA", 0.82)) == "AA 82 %, SA 6 %"


def test_closing_lets_go_of_the_session(panel, session, canvas):
    before = listeners(session, canvas)
    ReviewController(panel, session, canvas, Judgement(session)).close()
    assert listeners(session, canvas) == before
