"""Models side by side, and what their predictions add up to."""

from dataclasses import replace

import pytest
from window_material import add_model, predicted, square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.learning.model_table import ModelRow
from napari_mcn import slices
from napari_mcn.controllers.models_controller import (
    OTHER,
    SAME,
    UNKNOWN,
    ModelsController,
    comparable,
    curves,
    table_row,
)
from napari_mcn.controllers.survey_controller import SurveyController
from napari_mcn.panels.epoch_plot import EpochLine
from napari_mcn.panels.predict_page import ALL


@pytest.fixture
def models(model_panel, session, dialogs, judged):
    controller = ModelsController(model_panel, session, dialogs=dialogs)
    controller.activate(True)
    yield controller
    controller.close()


def test_models_stand_side_by_side(models, model_panel, session, store):
    session.model_id = add_model(store)
    rows = model_panel.compare.table.rows
    assert [each.values[0] for each in rows] == ["Model 1", "Model 2"]
    assert [each.values[1] for each in rows] == [pytest.approx(2 / 3), None]


def test_models_judged_on_the_same_crystals_can_be_compared(
    models, model_panel, session, store, judged
):
    rows = zip(judged, ("RES", "PES", "SA"), strict=True)
    again = [(session.image_id, crystal, truth, "SA") for crystal, truth in rows]
    session.model_id = add_model(store, again)
    assert model_panel.compare.said.text() == SAME


def test_models_of_the_same_labels_judged_on_other_crystals_cannot_be_compared(
    models, model_panel, session, store, judged
):
    session.model_id = add_model(store, [(session.image_id, judged[0], "RES", "RES")])
    assert model_panel.compare.said.text() == OTHER


def test_the_curves_of_models_lie_over_each_other(model_panel):
    row = ModelRow("a", "paper", "trained", 10, 5, accuracy=0.9, validation_accuracy=(0.5, 0.75))
    rows = [row, replace(row, model_id="b", validation_accuracy=()), replace(row, model_id="c")]
    lines = curves(rows, {"a": 1, "b": 2, "c": 3}, "c")
    assert lines == [
        EpochLine("Model 1", (0.5, 0.75)),
        EpochLine("Model 3", (0.5, 0.75), thick=True),
    ]
    model_panel.compare.set_curves(lines)
    assert not model_panel.compare.curves.isHidden()


def test_of_many_models_the_best_are_drawn_beside_the_one_in_use():
    row = ModelRow("", "paper", "trained", 10, 5, validation_accuracy=(0.5,))
    rows = [replace(row, model_id=f"m{at}", accuracy=at / 20) for at in range(12)]
    lines = curves(rows, {f"m{at}": at for at in range(12)}, "m0")
    assert [each.name for each in lines] == [f"Model {at}" for at in (0, *range(5, 12))]


def test_models_whose_judged_crystals_are_unknown_cannot_be_compared():
    known = ModelRow("a", "paper", "trained", 10, 5, accuracy=0.5, judged_digest="d" * 64)
    unknown = replace(known, judged_digest=None)
    assert comparable([known, unknown]) == UNKNOWN
    assert table_row(unknown, 1).values[10] == "unknown"


def test_one_judged_model_has_nothing_to_be_compared_with(models, model_panel, session, store):
    session.model_id = add_model(store)
    assert model_panel.compare.said.text() == ""


def test_a_row_that_is_clicked_is_the_model_in_use(models, model_panel, session, store):
    first = session.model_id
    session.model_id = add_model(store)
    model_panel.compare.table.row_chosen.emit(first)
    assert session.model_id == first


def test_a_damaged_model_leaves_the_others_in_the_table(models, model_panel, session, store):
    broken = add_model(store)
    (store.model_folder(broken) / "model.json").write_text("{")
    models.activate(True)
    assert len(model_panel.compare.table.rows) == 1


def test_the_table_is_saved_unrounded(models, model_panel, dialogs):
    model_panel.compare.save_requested.emit()
    assert repr(2 / 3) in dialogs.path.with_suffix(".csv").read_text()


@pytest.fixture
def survey(model_panel, session, store, judged):
    controller = SurveyController(model_panel.predict, session)
    sure = zip(judged, ("RES", "PES", "RES"), (0.9, 0.4, 0.8), strict=True)
    said = [predicted(session.model_id, *each) for each in sure]
    store.write_predictions(session.model_id, session.image_id, said)
    session.tell_predicted()
    controller.activate(True)
    yield controller
    controller.close()


def shares(model_panel):
    return {each.values[0]: each.values[1:] for each in model_panel.predict.shares.rows}


def test_crystals_are_counted_by_class_and_area(survey, model_panel):
    assert shares(model_panel)["RES"] == (2, 66.7, 66.7)


def test_crystals_beyond_the_analysed_part_and_former_outlines_are_not_counted(
    survey, model_panel, session, store, judged
):
    said = replace(predicted(session.model_id, judged[0], "RES", 0.9), outline="0123456789abcdef")
    store.write_predictions(session.model_id, session.image_id, [said])
    session.tell_predicted()
    assert shares(model_panel)["RES"][0] == 1
    store.set_region(session.image_id, Region(0, 0, 1, 1))
    survey.activate(True)
    assert shares(model_panel) == {}


def test_crystals_that_were_corrected_or_outlined_since_are_said_to_be_left_out(
    survey, model_panel, session, store, judged
):
    left_out = model_panel.predict.left_out
    before = left_out.text()
    said = replace(predicted(session.model_id, judged[0], "RES", 0.9), outline="0123456789abcdef")
    store.write_predictions(session.model_id, session.image_id, [said])
    session.tell_predicted()
    one = left_out.text()
    store.put_masks(session.image_id, [square(44, 60, 8)], MaskSource.MANUAL)
    again = "outlined or corrected after the prediction. Predict again."
    assert (before, one) == ("", f"1 crystal is not counted: {again}")
    assert left_out.text() == f"2 crystals are not counted: {again}"


def test_a_threshold_told_by_the_crystals_that_ended_the_training_is_called_too_kind(
    survey, model_panel, session, store, outline
):
    crystals = outline(places=[(4 * row, 5 * col) for row in range(4) for col in range(5)])
    right = [(session.image_id, each, "RES", "RES") for each in crystals]
    session.model_id = add_model(store, right)
    assert "expect fewer right" not in model_panel.predict.advice.text()
    session.model_id = add_model(store, right, judged_on="validation")
    assert "100 % were right from" in model_panel.predict.advice.text()
    assert "expect fewer right" in model_panel.predict.advice.text()


def test_doubtful_crystals_are_left_open(survey, model_panel, session):
    model_panel.predict.abstain.setValue(50)
    assert (session.abstain, shares(model_panel)["unsure"]) == (0.5, (1, 33.3, 33.3))


@pytest.fixture
def read(survey, store, monkeypatch):
    """Micrographs whose predictions were read from now on."""
    found = []
    monkeypatch.setattr(store, "predictions", lambda _model, image: found.append(image) or {})
    return found


def test_an_outline_is_counted_without_reading_the_predictions_again(
    read, model_panel, store, judged
):
    store.delete_crystals(judged[:1])
    assert (read, shares(model_panel)["RES"][0]) == ([], 1)


def test_nothing_is_counted_while_another_page_is_in_front(
    survey, read, model_panel, store, judged
):
    model_panel.predict.scope_chosen.emit(ALL)
    survey.activate(False)
    read.clear()
    store.delete_crystals(judged[:1])
    assert read == []


def test_all_micrographs_are_counted_while_the_window_answers(
    survey, model_panel, monkeypatch, qtbot
):
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(slices, "AT_LEAST", 1)
    model_panel.predict.set_shares(())
    model_panel.predict.scope_chosen.emit(ALL)
    at_once = shares(model_panel)
    qtbot.waitUntil(lambda: shares(model_panel) != {})
    assert (at_once, shares(model_panel)["RES"][0]) == ({}, 2)


def test_counting_that_is_cancelled_leaves_no_count_of_something_else(
    survey, model_panel, monkeypatch, busy
):
    survey._slices = slices.Slices(busy.task())
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(slices, "AT_LEAST", 1)
    model_panel.predict.scope_chosen.emit(ALL)
    busy.cancel()
    assert shares(model_panel) == {}


def test_models_of_a_closed_project_are_not_offered(models, model_panel, session):
    models.activate(True)
    session.close()
    assert model_panel.compare.table.rows == []
