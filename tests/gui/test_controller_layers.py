"""What each convolution block sees in the selected crystal."""

from dataclasses import replace

import numpy as np
import pytest
from explain_desk import FRAME, seen
from qtpy.QtCore import Qt

from microcrystalnet.errors import EngineError, NoConvolutionsError
from microcrystalnet.explain.outline import mask_in_crop
from microcrystalnet.imaging.crops import CropFrame
from napari_mcn.controllers.layers_controller import LayersController


@pytest.fixture
def panel(explain_panel):
    return explain_panel


@pytest.fixture
def layers(panel, modelled, exhibit, explainer, busy, workbench):
    controller = LayersController(panel, modelled, exhibit, explainer, busy=busy, owner=workbench)
    controller.activate(True)
    yield controller
    controller.close()


def test_the_layers_of_the_selected_crystal_are_asked_for(layers, explainer, crystals):
    assert (explainer.last.method, explainer.last.arguments["example"].crystal_id) == (
        "activations",
        crystals[0],
    )


def test_the_mean_of_the_last_block_is_laid_first(layers, explainer, exhibit):
    explainer.last.listener.done(seen())
    assert exhibit.shown.title == "Block 2, the mean of all channels"
    assert exhibit.shown.values == pytest.approx(1.5)


def test_the_strongest_channels_come_first(layers, explainer, panel):
    explainer.last.listener.done(seen())
    assert [each.property("channel") for each in panel.layers.thumbnails] == [3, 2, 1, 0]


def test_a_clicked_channel_is_laid_on_the_micrograph(layers, explainer, panel, canvas, qtbot):
    explainer.last.listener.done(seen())
    panel.layers.channel_chosen.emit(3)
    values, frame = canvas.sheet.overlay.shown
    assert values == pytest.approx(3)
    assert frame == FRAME


def test_a_channel_of_a_masked_crop_lies_on_its_crystal_only(layers, explainer, session, canvas):
    explainer.last.listener.done(seen(masked=True))
    inside = mask_in_crop(session.crystal.mask, FRAME)
    assert np.array_equal(np.isfinite(canvas.sheet.overlay.shown[0]), inside)


def test_the_chosen_block_holds_for_the_next_crystal(
    layers, explainer, panel, session, crystals, exhibit
):
    explainer.last.listener.done(seen())
    panel.layers.block_chosen.emit(1)
    session.crystal_id = crystals[1]
    explainer.last.listener.done(seen())
    assert exhibit.shown.title.startswith("Block 1")


def test_layers_of_a_crystal_that_was_left_are_not_shown(
    layers, explainer, session, crystals, exhibit
):
    first = explainer.last
    session.crystal_id = crystals[1]
    first.listener.done(seen())
    assert exhibit.shown is None


def test_layers_of_a_crystal_deleted_meanwhile_are_not_shown(
    layers, explainer, store, crystals, exhibit
):
    store.delete_crystals([crystals[0]])
    explainer.last.listener.done(seen())
    assert exhibit.shown is None


def test_a_model_without_convolutions_is_said_on_the_page(layers, explainer, panel, told):
    explainer.last.listener.failed(NoConvolutionsError("There are none here, so choose."))
    assert panel.layers.words.text() == "There are none here, so choose."
    assert told == []


def test_a_dead_engine_is_told(layers, explainer, told):
    explainer.last.listener.failed(EngineError("The explainer engine stopped."))
    assert told == [("warning", "The explainer engine stopped.")]


def test_without_a_model_the_layers_say_what_to_do(layers, session, panel):
    session.model_id = None
    assert panel.layers.words.text().startswith("Train or choose a classifier")


def test_the_layers_of_a_micrograph_labelled_blind_stay_closed(
    round_open, layers, explainer, panel
):
    assert explainer.asked == []
    assert "blind" in panel.layers.words.text()


def test_a_share_that_hangs_is_told_when_a_crystal_is_selected(
    layers, session, crystals, silent_share, told
):
    session.crystal_id = crystals[1]
    assert told == [("warning", silent_share)]


def test_a_crystal_too_thin_for_the_crop_is_said_to_be(layers, explainer, exhibit):
    far = CropFrame(500.0, 500.0, 20.0, 64)
    explainer.last.listener.done(replace(seen(masked=True), frame=far))
    assert exhibit.shown.meaning.startswith("No pixel of this crystal is in the crop")


@pytest.fixture
def stopped(layers, qtbot, workbench):
    """Looking into the crystal took so long that it was cancelled."""
    qtbot.waitUntil(workbench.cancel_button.isVisible, timeout=3000)
    qtbot.mouseClick(workbench.cancel_button, Qt.MouseButton.LeftButton)
    return layers


def test_after_a_cancel_the_page_says_how_to_look_again(stopped, panel, explainer):
    before = len(explainer.asked)
    words = panel.layers.words.text()
    stopped.activate(True)
    assert (words, len(explainer.asked)) == (
        "Stopped. Press Layers again to look into this crystal.",
        before + 1,
    )


def test_who_labels_blind_does_not_see_what_the_expert_before_saw(
    layers, store, session, explainer, exhibit
):
    store.rounds.open([session.image_id], ["BK", "MK"])
    explainer.last.listener.done(seen())
    before = exhibit.shown is not None
    session.become("BK")
    assert (before, exhibit.shown) == (True, None)
