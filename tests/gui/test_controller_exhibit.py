"""How an explanation lies on the micrograph, and saving what is seen."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from explain_desk import FRAME
from qtpy.QtCore import Qt
from window_material import NoDialogs

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.errors import ModelError
from microcrystalnet.imaging.colour_scales import INFERNO
from napari_mcn.controllers.exhibit_controller import ExhibitController
from napari_mcn.exhibit import Shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(explain_panel):
    return explain_panel


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
    assert (view.pixels.shape, view.values.shape) == ((30, 30), (64, 64))
    assert (view.frame.row0, view.frame.col0, view.frame.side) == (3.5, 3.5, 20)


def test_a_figure_is_as_opaque_as_the_window_and_outlines_the_crystal(
    saving, explainer, panel, session, exhibit
):
    panel.opacity_changed.emit(0.3)
    exhibit.show(replace(exhibit.shown, outlines=(session.crystal.mask,)))
    saving.save_figure()
    view = explainer.last.arguments["view"]
    (line,) = view.outlines
    corner = np.array([session.crystal.mask.col, session.crystal.mask.row]) - 0.5
    assert (view.opacity, line.min(axis=0)) == (0.3, pytest.approx(corner))


def test_a_hidden_map_is_not_in_the_figure(saving, explainer, panel):
    panel.hidden_changed.emit(True)
    saving.save_figure()
    view = explainer.last.arguments["view"]
    assert (view.values, view.title) == (None, "chalk.tif")


def test_hidden_outlines_are_not_in_the_figure(saving, explainer, exhibit, session, canvas):
    exhibit.show(replace(exhibit.shown, outlines=(session.crystal.mask,)))
    canvas.sheet.crystals.visible = False
    saving.save_figure()
    assert explainer.last.arguments["view"].outlines == ()


def test_a_figure_ends_where_the_databar_begins(saving, explainer, exhibit, session):
    shown = replace(exhibit.shown, region=Region(0, 0, 20, 80))
    session.project.set_region(session.image_id, shown.region)
    exhibit.show(shown)
    saving.save_figure()
    assert explainer.last.arguments["view"].pixels.shape == (20, 30)


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
    dialogs.path = Path("somewhere/Figure 3.1")
    saving.save_values()
    saving.save_figure()
    asked = [each.arguments["path"].name for each in explainer.asked]
    assert asked == ["Figure 3.1.tif", "Figure 3.1.png"]


def test_values_never_lie_in_a_file_of_another_kind(saving, explainer, dialogs):
    dialogs.path = Path("somewhere/why.png")
    saving.save_values()
    assert explainer.last.arguments["path"] == Path("somewhere/why.png.tif")


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


def test_what_is_cancelled_is_told_once(saving, explainer, workbench, qtbot, told):
    saving.save_figure()
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    ((_, sentence),) = told
    assert (sentence.startswith("Stopped: why.svg was not written"), explainer.forgotten) == (
        True,
        [1],
    )


def test_what_was_written_before_the_cancel_is_saved(saving, explainer, workbench, qtbot, told):
    saving.save_figure()
    explainer.late = True
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    explainer.last.listener.done(Path("why.svg"))
    assert told == [("info", "Saved as why.svg.")]
    assert not workbench.cancel_button.isVisible()


def test_a_second_file_can_be_cancelled_after_the_first_was_written(
    saving, explainer, workbench, dialogs
):
    saving.save_figure()
    dialogs.path = Path("why.tif")
    saving.save_values()
    explainer.asked[0].listener.done(Path("why.svg"))
    assert workbench.cancel_button.isVisible()
