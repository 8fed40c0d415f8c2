"""The explain panel: the crystal, the question, the layers, and the overlay."""

import numpy as np
import pytest
from qtpy.QtCore import Qt

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.imaging.colour_scales import BLUE_ORANGE, INFERNO
from napari_mcn.panels.colours import ACCENT
from napari_mcn.panels.explain_panel import LAYERS, METHODS, ExplainPanel

LEFT = Qt.MouseButton.LeftButton
BLACK = np.zeros((8, 8, 3), np.uint8)


@pytest.fixture
def panel(qtbot):
    """A panel with a model of four blocks and a selected crystal."""
    panel = ExplainPanel()
    qtbot.addWidget(panel)
    panel.set_model("paper")
    panel.set_blocks(4)
    panel.set_crystal("Crystal 12")
    panel.show()
    return panel


def texts(chooser):
    return [chooser.itemText(at) for at in range(chooser.count())]


def choose(chooser, key):
    at = chooser.findData(key)
    chooser.setCurrentIndex(at)
    chooser.activated.emit(at)


def test_asking_why_is_told(panel, qtbot):
    with qtbot.waitSignal(panel.why.explain_requested):
        qtbot.mouseClick(panel.explain_button, LEFT)


def test_with_all_crystals_chosen_the_button_asks_about_all_of_them(panel, qtbot):
    panel.set_everywhere(True)
    with qtbot.waitSignal(panel.why.everywhere_chosen) as said:
        qtbot.mouseClick(panel.explain_button, LEFT)
    assert (said.args, panel.explain_button.text()) == ([True], "Why these classes?")
    panel.set_everywhere(False)
    assert panel.explain_button.text() == "Why this class?"


def test_all_crystals_need_no_selected_one_for_the_button(panel):
    panel.set_crystal(None)
    panel.set_everywhere(True)
    assert panel.explain_button.isEnabled()


def test_why_cannot_be_asked_without_a_model(panel):
    panel.set_model(None)
    assert "Model tab" in panel.explain_button.toolTip()
    assert not panel.explain_button.isEnabled()
    assert not panel.why.all_button.isEnabled()


def test_why_cannot_be_asked_without_a_crystal(panel):
    panel.set_crystal(None)
    assert not panel.explain_button.isEnabled()
    assert not panel.trust.check_button.isEnabled()


def test_all_crystals_can_be_asked_about_without_a_selected_one(panel):
    panel.set_crystal(None)
    assert panel.why.all_button.isEnabled()


def test_why_cannot_be_asked_twice_at_once(panel):
    panel.set_busy(True)
    assert not panel.explain_button.isEnabled()


def test_the_predicted_class_is_told_as_none(panel, qtbot):
    with qtbot.waitSignal(panel.why.target_chosen) as told:
        panel.why.target.activated.emit(0)
    assert told.args == [None]


def test_a_class_is_told_by_its_code(panel, qtbot):
    with qtbot.waitSignal(panel.why.target_chosen) as told:
        panel.why.target.activated.emit(2)
    assert told.args == ["PES"]


def test_classes_of_the_model_that_the_scheme_lacks_are_offered_by_their_code(panel):
    panel.set_targets(FOUR_CLASSES, ("RES", "XY"))
    assert texts(panel.why.target)[1:] == ["RES  Rhombic euhedral-subhedral", "XY"]


def test_a_method_is_told(panel, qtbot):
    with qtbot.waitSignal(panel.why.method_chosen) as told:
        choose(panel.why.method, "integrated")
    assert told.args == ["integrated"]


def test_only_gradcam_looks_into_a_block(panel):
    choose(panel.why.method, "gradcam")
    assert panel.why.block.isVisible()
    choose(panel.why.method, "saliency")
    assert not panel.why.block.isVisible()


def test_a_block_is_told_by_its_number_and_the_last_is_chosen_first(panel, qtbot):
    assert panel.why.block.currentData() == 4
    with qtbot.waitSignal(panel.why.block_chosen) as told:
        choose(panel.why.block, 2)
    assert told.args == [2]


def test_a_model_without_convolutions_offers_no_gradcam(panel):
    choose(panel.why.method, "gradcam")
    panel.set_blocks(0)
    assert texts(panel.why.method) == [METHODS[m] for m in ("saliency", "smoothgrad", "integrated")]
    assert panel.why.method.currentData() == "saliency"


def test_the_choice_between_one_and_all_is_told(panel, qtbot):
    with qtbot.waitSignal(panel.why.everywhere_chosen) as told:
        qtbot.mouseClick(panel.why.all_button, LEFT)
    assert told.args == [True]


def test_a_scale_for_each_crystal_is_a_matter_of_all_of_them(panel):
    assert not panel.why.own_scale.isVisible()
    panel.why.set_everywhere(True)
    assert panel.why.own_scale.isVisible()


def test_the_opacity_is_told_between_zero_and_one(panel, qtbot):
    with qtbot.waitSignal(panel.opacity_changed) as told:
        panel.opacity.setValue(25)
    assert told.args == [0.25]


def test_hiding_the_overlay_is_told(panel, qtbot):
    panel.set_legend("Bright pixels matter.")
    with qtbot.waitSignal(panel.hidden_changed) as told:
        panel.hidden.click()
    assert told.args == [True]


@pytest.mark.parametrize(
    ("button", "signal"),
    [("figure_button", "figure_requested"), ("values_button", "values_requested")],
)
def test_saving_is_told(panel, qtbot, button, signal):
    panel.set_legend("Bright pixels matter.")
    with qtbot.waitSignal(getattr(panel, signal)):
        qtbot.mouseClick(getattr(panel, button), LEFT)


def test_controls_of_the_overlay_are_absent_without_one(panel):
    assert not panel.overlay.isVisible()


def test_the_colours_have_numbers(panel):
    panel.set_scale(INFERNO, (0.0, 0.12345), "of each crystal's strongest")
    assert panel.colour_bar.texts == ("0", "of each crystal's strongest", "0.123")


def test_the_middle_of_signed_colours_is_zero(panel):
    panel.set_scale(BLUE_ORANGE, (-2.5, 2.5))
    assert panel.colour_bar.texts == ("-2.5", "0", "2.5")


def bar_colours(panel, scale, *shares):
    """Give the colours of the bar at some shares of its width, on both kinds of its squares."""
    panel.set_legend("Bright pixels matter.")
    panel.set_scale(scale, scale.limits(np.ones(1)))
    image = panel.colour_bar.grab().toImage()
    places = [round(share * (image.width() - 1)) for share in shares]
    return [{image.pixelColor(at, line).name() for line in (2, 8)} for at in places]


def test_the_colour_bar_is_as_clear_at_zero_as_the_map(panel):
    zero, strongest = bar_colours(panel, INFERNO, 0.0, 1.0)
    assert (zero, len(strongest)) == ({"#6c6c6c", "#949494"}, 1)


def test_the_colour_bar_of_signs_is_clear_in_its_middle(panel):
    against, zero, in_favour = bar_colours(panel, BLUE_ORANGE, 0.0, 0.5, 1.0)
    assert [len(each) for each in (against, zero, in_favour)] == [1, 2, 1]


def test_the_prediction_is_drawn(panel):
    panel.set_prediction([("RES", 0.7), ("PES", 0.3)])
    assert panel.why.bars.bars == (("RES", 0.7), ("PES", 0.3))


def test_no_prediction_leaves_no_bars(panel):
    panel.set_prediction(())
    assert not panel.why.bars.isVisible()


@pytest.fixture
def layers(panel, qtbot):
    qtbot.mouseClick(panel.pages.buttons[LAYERS], LEFT)
    panel.layers.set_blocks(4, 2)
    panel.layers.set_channels([(7, BLACK), (3, BLACK)], 64)
    return panel.layers


def test_the_strongest_channels_are_pictures(layers):
    assert [each.property("channel") for each in layers.thumbnails] == [7, 3]


def test_a_picture_tells_its_channel(layers, qtbot):
    with qtbot.waitSignal(layers.channel_chosen) as told:
        qtbot.mouseClick(layers.thumbnails[1], LEFT)
    assert told.args == [3]


def test_the_mean_is_told_as_none(layers, qtbot):
    with qtbot.waitSignal(layers.channel_chosen) as told:
        qtbot.mouseClick(layers.mean_button, LEFT)
    assert told.args == [None]


def test_any_channel_can_be_named(layers, qtbot):
    layers.number.setValue(41)
    with qtbot.waitSignal(layers.channel_chosen) as told:
        layers.number.editingFinished.emit()
    assert told.args == [41]


def test_no_channel_beyond_the_last_can_be_named(layers):
    assert layers.number.maximum() == 63


def test_the_channel_on_the_micrograph_is_marked(layers):
    layers.set_channel(3)
    assert [each.isChecked() for each in layers.thumbnails] == [False, True]
    assert (layers.mean_button.isChecked(), layers.number.value()) == (False, 3)


def test_the_channel_on_the_micrograph_is_seen_to_be_marked(layers):
    layers.set_channel(3)
    plain, marked = (each.grab().toImage().pixelColor(1, 20).name() for each in layers.thumbnails)
    assert (plain == ACCENT, marked) == (False, ACCENT)


def test_the_colour_bar_and_saving_stay_in_sight_under_sixteen_channels(panel, layers, qtbot):
    layers.set_channels([(number, BLACK) for number in range(16)], 64)
    layers.set_words("The 16 channels of 64 that respond most to the crystal, 64 x 64 cells each.")
    panel.set_legend("Bright places are what channel 31 of convolution block 1 responds to.")
    qtbot.waitUntil(layers.thumbnails[15].isVisible)
    assert panel.layout().heightForWidth(355) <= 582  # what a window of 1366 x 768 leaves


def test_a_block_of_the_layers_is_told(layers, qtbot):
    with qtbot.waitSignal(layers.block_chosen) as told:
        choose(layers.block, 1)
    assert told.args == [1]


def test_without_blocks_there_is_no_channel(layers):
    layers.set_blocks(0, None)
    assert (layers.thumbnails, layers.mean_button.isEnabled()) == ([], False)
