"""All crystals at once, the layers of the network, the checks, and saving what is seen."""

from pathlib import Path

import numpy as np
import pytest
from explain_desk import FRAME, seen
from qtpy.QtCore import Qt
from window_material import NoDialogs, add_model

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.errors import EngineError, ModelError
from microcrystalnet.explain.outline import OutlineShare, mask_in_crop
from microcrystalnet.explain.pixel_curves import PixelCurves
from microcrystalnet.explain.sanity import Cascade, Forgotten
from microcrystalnet.imaging.colour_scales import INFERNO
from microcrystalnet.imaging.crops import CropFrame
from napari_mcn.controllers import all_crystals_controller
from napari_mcn.controllers.all_crystals_controller import AllCrystalsController
from napari_mcn.controllers.exhibit_controller import ExhibitController
from napari_mcn.controllers.layers_controller import LayersController
from napari_mcn.controllers.trust_controller import TrustController
from napari_mcn.exhibit import Shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(explain_panel):
    return explain_panel


@pytest.fixture
def modelled(session, store, crystals):
    """A project with three crystals and a model; the first crystal is selected."""
    session.model_id = add_model(store)
    session.crystal_id = crystals[0]
    return session


@pytest.fixture
def everywhere(panel, modelled, exhibit, inquiry, explainer, busy, workbench, monkeypatch):
    """All crystals are asked about, two at a time."""
    monkeypatch.setattr(all_crystals_controller, "AT_ONCE", 2)
    controller = AllCrystalsController(
        panel, modelled, exhibit, inquiry, explainer, busy=busy, owner=workbench
    )
    controller.activate(True)
    inquiry.ask(everywhere=True)
    yield controller
    controller.close()


@pytest.fixture
def reply(explainer, explanation, store, session):
    """Answer the last request about many crystals; each map holds one value."""

    def answer(value=2.0):
        asked = explainer.last
        found = []
        for each in asked.arguments["examples"]:
            frame = CropFrame.around(each.mask.region)
            made = explanation(each.crystal_id, frame=frame)
            made.values[...] = value
            found.append(made)
        asked.listener.done(found)

    return answer


def ids(asked):
    return [each.crystal_id for each in asked.arguments["examples"]]


def test_all_crystals_are_asked_about_in_batches(everywhere, explainer, reply, crystals):
    first = ids(explainer.last)
    reply()
    assert (first, ids(explainer.last)) == (crystals[:2], crystals[2:])


def test_nothing_is_laid_before_the_last_batch(everywhere, reply, canvas):
    reply()
    assert canvas.sheet.overlay.shown is None


def test_all_maps_lie_on_the_micrograph_as_one(everywhere, reply, canvas, store, crystals):
    reply()
    reply()
    values, frame = canvas.sheet.overlay.shown
    inside = [store.state.crystal(each).mask.to_image(60, 80) for each in crystals]
    assert frame is None
    assert np.array_equal(np.isfinite(values), np.any(inside, axis=0))


def test_the_progress_row_counts_crystals(everywhere, reply, workbench):
    reply()
    assert (workbench.bar.value(), workbench.bar.maximum()) == (2, 3)


def test_cancelling_asks_no_further_and_lays_nothing(
    everywhere, explainer, reply, workbench, canvas, qtbot
):
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    reply()
    assert (len(explainer.asked), explainer.forgotten[-1]) == (1, 1)
    assert canvas.sheet.overlay.shown is None
    assert not workbench.cancel_button.isVisible()


def test_a_crystal_deleted_meanwhile_has_no_map(everywhere, reply, store, crystals, canvas):
    reply()
    store.delete_crystals([crystals[0]])
    reply()
    mask = store.state.crystal(crystals[1]).mask
    values = canvas.sheet.overlay.shown[0]
    assert np.isnan(values[10, 10])
    assert np.isfinite(values[mask.row + 3, mask.col + 3])


def test_the_map_of_a_crystal_deleted_later_goes(everywhere, reply, store, crystals, canvas):
    reply()
    reply()
    store.delete_crystals([crystals[0]])
    assert np.isnan(canvas.sheet.overlay.shown[0][10, 10])


def test_another_question_starts_over(everywhere, explainer, reply, inquiry):
    reply()
    inquiry.ask(method="gradcam", block=1)
    assert explainer.last.arguments["method"] == "gradcam"
    assert len(ids(explainer.last)) == 2


def test_an_answer_to_the_question_before_is_dropped(everywhere, explainer, inquiry, canvas):
    first = explainer.last
    inquiry.ask(method="smoothgrad")
    before = len(explainer.asked)
    first.listener.done([])
    assert len(explainer.asked) == before


def test_each_crystal_has_its_own_scale_until_one_for_all_is_chosen(
    everywhere, reply, canvas, panel
):
    reply(2.0)
    reply(8.0)
    own = np.nanmax(canvas.sheet.overlay.shown[0])
    panel.why.own_scale_chosen.emit(False)
    assert (own, np.nanmax(canvas.sheet.overlay.shown[0])) == pytest.approx((1.0, 8.0))


def test_going_back_to_one_crystal_stops(everywhere, explainer, reply, inquiry, workbench):
    inquiry.ask(everywhere=False)
    reply()
    assert len(explainer.asked) == 1
    assert not workbench.cancel_button.isVisible()


def test_a_refusal_of_all_crystals_is_told_once(everywhere, explainer, told, workbench):
    explainer.last.listener.failed(EngineError("The explainer engine stopped."))
    assert told == [("warning", "The explainer engine stopped.")]
    assert not workbench.cancel_button.isVisible()


def test_a_micrograph_without_crystals_says_what_to_do(everywhere, store, session, told, crystals):
    store.delete_crystals(crystals)
    shown = session.image_id
    session.show(None)
    session.show(shown)
    assert told[-1][1] == "No crystal is outlined here: go to Segment first."


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
    explainer.last.listener.failed(ModelError("This model has no convolutions, so choose."))
    assert panel.layers.words.text() == "This model has no convolutions, so choose."
    assert told == []


def test_a_dead_engine_is_told(layers, explainer, told):
    explainer.last.listener.failed(EngineError("The explainer engine stopped."))
    assert told == [("warning", "The explainer engine stopped.")]


def test_without_a_model_the_layers_say_what_to_do(layers, session, panel):
    session.model_id = None
    assert panel.layers.words.text().startswith("Train or choose a classifier")


@pytest.fixture
def trust(panel, modelled, inquiry, explainer, busy, workbench):
    controller = TrustController(panel, modelled, inquiry, explainer, busy=busy, owner=workbench)
    panel.set_model("Model 1")
    panel.set_crystal("Selected crystal")
    controller.check()
    yield controller
    controller.close()


CURVES = PixelCurves("RES", "saliency", (0, 1), (1, 0), (1, 1), (1, 0.5), (0.5, 1))
FORGOT = Cascade("saliency", (Forgotten("block1", 0.1, 0.3),))


def test_the_three_checks_run_one_after_the_other(trust, explainer, crystals):
    explainer.last.listener.done(CURVES)
    explainer.last.listener.done(FORGOT)
    explainer.last.listener.done([OutlineShare(crystals[0], "i", "RES", 0.8, 0.4)])
    assert [each.method for each in explainer.asked] == ["curves", "cascade", "outline"]
    assert ids(explainer.last) == crystals


def test_each_check_is_shown_with_plain_words(trust, explainer, panel):
    explainer.last.listener.done(CURVES)
    explainer.last.listener.done(FORGOT)
    explainer.last.listener.done([OutlineShare("c", "i", "RES", 0.8, 0.4)])
    page = panel.trust
    assert "do carry the class" in page.pixel_words.text()
    assert "tells about the network" in page.forgetting_words.text()
    assert "the outline counts 2.0 times" in page.outline_words.text()


def test_crystals_too_small_for_an_interior_are_said_to_be(trust, explainer, panel):
    explainer.last.listener.done(CURVES)
    explainer.last.listener.done(FORGOT)
    explainer.last.listener.done([])
    assert panel.trust.outline_words.text().startswith("No crystal is large enough")


def test_checking_can_be_cancelled(trust, explainer, workbench, panel, qtbot):
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    explainer.last.listener.done(CURVES)
    assert (len(explainer.asked), explainer.forgotten[-1]) == (1, 1)
    assert panel.trust.pixels.isHidden()


def test_another_crystal_takes_the_checks_away(trust, explainer, panel, session, crystals):
    explainer.last.listener.done(CURVES)
    session.crystal_id = crystals[1]
    assert panel.trust.pixels.isHidden()


def test_a_refused_check_is_told_and_the_others_are_not_run(trust, explainer, told):
    explainer.last.listener.failed(EngineError("The explainer engine stopped."))
    assert told == [("warning", "The explainer engine stopped.")]
    assert len(explainer.asked) == 1


@pytest.fixture
def dialogs(tmp_path):
    return NoDialogs(tmp_path / "why.svg")


@pytest.fixture
def saving(panel, modelled, canvas, exhibit, explainer, dialogs, busy, workbench):
    controller = ExhibitController(
        panel,
        modelled,
        canvas,
        exhibit,
        explainer,
        dialogs=dialogs,
        busy=busy,
        owner=workbench,
    )
    values, region = np.full((64, 64), 3.0, np.float32), modelled.micrograph.region
    exhibit.show(Shown(values, FRAME, INFERNO, (0, 3), "Saliency", "Bright pixels matter.", region))
    yield controller
    controller.close()


def test_what_is_shown_has_its_words_and_numbers(saving, panel):
    assert panel.legend.text() == "Bright pixels matter."
    assert panel.colour_bar.texts == ("0", "", "3")


def test_a_figure_shows_the_surroundings_and_the_map(saving, explainer, qtbot, panel, dialogs):
    qtbot.mouseClick(panel.figure_button, LEFT)
    view = explainer.last.arguments["view"]
    assert (explainer.last.method, explainer.last.arguments["path"]) == ("draw", dialogs.path)
    assert view.pixels.shape == view.values.shape == (30, 30)
    assert np.isfinite(view.values).sum() == 20 * 20


def test_the_values_are_those_of_the_whole_micrograph(saving, explainer, qtbot, panel):
    qtbot.mouseClick(panel.values_button, LEFT)
    values = explainer.last.arguments["values"]
    assert (explainer.last.method, values.shape) == ("write", (60, 80))
    assert values[4:24, 4:24] == pytest.approx(3.0)
    assert np.isnan(values).sum() == 60 * 80 - 20 * 20


def test_values_of_a_masked_crop_are_saved_where_they_are_seen(saving, session, exhibit, explainer):
    mask, region = session.crystal.mask, Region(0, 0, 12, 80)
    values = np.full((64, 64), 3.0, np.float32)
    exhibit.show(Shown(values, FRAME, INFERNO, (0, 3), "S", "Bright.", region, mask))
    saving.save_values()
    inside = mask.to_image(60, 80)
    inside[12:] = False
    assert np.array_equal(np.isfinite(explainer.last.arguments["values"]), inside)


def test_exact_values_are_saved_where_scaled_ones_are_seen(saving, session, exhibit, explainer):
    scaled, exact = (np.full((60, 80), value, np.float32) for value in (1.0, 7.0))
    region = session.micrograph.region
    exhibit.show(Shown(scaled, None, INFERNO, (0, 1), "All", "All crystals.", region, exact=exact))
    saving.save_values()
    assert explainer.last.arguments["values"].max() == 7


def test_saving_is_told(saving, explainer, told):
    saving.save_values()
    explainer.last.listener.done(Path("why.tif"))
    assert told == [("info", "Saved as why.tif.")]


def test_a_file_that_cannot_be_written_is_told(saving, explainer, told):
    saving.save_figure()
    explainer.last.listener.failed(ModelError("It cannot be written; choose another place."))
    assert told == [("warning", "It cannot be written; choose another place.")]


def test_who_changes_their_mind_saves_nothing(saving, explainer, dialogs):
    dialogs.path = None
    saving.save_figure()
    assert explainer.asked == []


def test_a_name_without_an_ending_gets_one(saving, explainer, dialogs):
    dialogs.path = Path("somewhere/why")
    saving.save_values()
    assert explainer.last.arguments["path"] == Path("somewhere/why.tif")


def test_the_opacity_holds_for_the_next_micrograph_too(saving, panel, canvas, session):
    panel.opacity_changed.emit(0.3)
    shown = session.image_id
    session.show(None)
    session.show(shown)
    assert canvas.sheet.overlay.opacity == 0.3


def test_hiding_hides_the_overlay(saving, panel, canvas):
    panel.hidden_changed.emit(True)
    assert not canvas.sheet.overlay.visible


def test_another_micrograph_has_no_map(saving, exhibit, session, panel):
    session.show(None)
    assert exhibit.shown is None
    assert panel.overlay.isHidden()


@pytest.fixture
def round_open(store, session, crystals):
    """The expert labels the micrograph blind from now on."""
    store.rounds.open([session.image_id], ["AY", "MK"])


def test_the_layers_of_a_micrograph_labelled_blind_stay_closed(
    round_open, layers, explainer, panel
):
    assert explainer.asked == []
    assert "blind" in panel.layers.words.text()


def test_maps_of_a_micrograph_labelled_blind_are_not_checked(round_open, told, trust, explainer):
    assert explainer.asked == []
    assert "blind" in told[-1][1]
