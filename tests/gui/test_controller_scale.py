"""The Scale page: the scale bar, the tilt, the analysed part, and where the numbers came from."""

from dataclasses import replace

import numpy as np
import pytest
import tifffile
from qtpy.QtCore import Qt

from microcrystalnet.domain.micrograph import Acquisition, PixelSize, Region, ScaleSource
from microcrystalnet.micrographs.reader import examine, read_pixels
from microcrystalnet.synth.databar import Conditions, ScaleBar, databar
from napari_mcn.controllers import scale_controller
from napari_mcn.controllers.scale_controller import ScaleController
from napari_mcn.layers.stroke import Stroke
from napari_mcn.panels.scale_page import ScalePage

LEFT_BUTTON = Qt.MouseButton.LeftButton
BAR = ScaleBar.fit(640, 10)
ROW, LEFT, RIGHT = 515, 640 - 19 - BAR.pixels + 1, 640 - 19


@pytest.fixture
def page(qtbot):
    made = ScalePage()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def image_id(session, store, tmp_path):
    """A micrograph with a databar that nothing but its look tells of, in view."""
    path = tmp_path / "scene.tif"
    picture = np.random.default_rng(5).normal(110, 25, (480, 640)).clip(0, 255).astype(np.uint8)
    tifffile.imwrite(path, np.vstack([picture, databar(640, 48, BAR, Conditions())]))
    found = replace(examine(path), acquisition=Acquisition(tilt_degrees=60.0))
    session.show(store.add_micrograph(path, found).image_id)
    return found.image_id


@pytest.fixture
def scale(page, session, canvas, image_id):
    controller = ScaleController(page, session, canvas)
    yield controller
    controller.close()


def drag(canvas, *path):
    canvas.drawn.emit(Stroke(path))


def measure(qtbot, page, canvas):
    """Drag along the bar and give its length."""
    qtbot.mouseClick(page.bar_button, LEFT_BUTTON)
    drag(canvas, (ROW, LEFT + 5), (ROW + 1, RIGHT - 4))
    page.length.setValue(BAR.length_nm / 1000)
    qtbot.mouseClick(page.use_button, LEFT_BUTTON)


def test_the_scale_is_that_of_the_bar_dragged_along(qtbot, scale, page, canvas, session):
    measure(qtbot, page, canvas)
    now = session.micrograph.scale
    assert now.pixel_size.nm == pytest.approx(10)
    assert (now.source, round(now.uncertainty, 4)) == (ScaleSource.SCALE_BAR, 0.0041)


def test_a_scale_taken_back_puts_the_tool_away_as_the_micrograph_is_shown_anew(
    qtbot, scale, page, canvas, session, image_id
):
    qtbot.mouseClick(page.bar_button, LEFT_BUTTON)
    session.project.set_region(image_id, Region(0, 0, 480, 640))
    assert (canvas.tool, canvas.mode, page.bar_button.isChecked()) == ("look", "", False)


def test_the_unit_of_the_length_counts(qtbot, scale, page, canvas, session):
    page.unit.setCurrentIndex(0)  # nm
    measure(qtbot, page, canvas)
    assert session.micrograph.pixel_size.nm == pytest.approx(0.01)


def test_the_measured_scale_can_be_undone(qtbot, scale, page, canvas, session, store):
    measure(qtbot, page, canvas)
    store.undo()
    assert not session.micrograph.calibrated
    assert page.scale.text() == "Scale unknown"


def test_a_bar_that_contradicts_the_scale_there_was_is_told_of(
    qtbot, scale, page, canvas, store, image_id, told
):
    store.set_pixel_size(image_id, PixelSize.square(20), ScaleSource.USER)
    measure(qtbot, page, canvas)
    assert "but 20 stood there (typed by hand)" in told[-1][1]


def test_the_bar_that_was_found_is_shown(qtbot, scale, page, canvas):
    qtbot.mouseClick(page.bar_button, LEFT_BUTTON)
    drag(canvas, (ROW, LEFT + 5), (ROW + 1, RIGHT - 4))
    assert canvas.previewed.region.width == BAR.pixels
    assert page.bar.text().startswith(f"The bar is {BAR.pixels}.00 ± ")


def test_the_mouse_is_given_back_when_the_scale_is_set(qtbot, scale, page, canvas):
    measure(qtbot, page, canvas)
    assert (canvas.tool, page.bar_button.isChecked(), canvas.previewed) == ("look", False, None)


def test_no_scale_can_be_set_before_a_bar_was_measured(scale, page):
    assert not page.use_button.isEnabled()


def test_a_click_in_place_of_a_drag_changes_nothing(qtbot, scale, page, canvas, session, told):
    qtbot.mouseClick(page.bar_button, LEFT_BUTTON)
    drag(canvas, (ROW, LEFT))
    assert "along it" in told[-1][1]
    assert not session.micrograph.calibrated


def test_the_tilt_is_corrected_only_when_asked(qtbot, scale, page, canvas, session):
    measure(qtbot, page, canvas)
    before = session.micrograph.pixel_size
    qtbot.mouseClick(page.tilt_button, LEFT_BUTTON)
    after = session.micrograph.pixel_size
    assert (before.row_um, before.col_um) == (before.col_um, after.col_um)
    assert after.row_um == pytest.approx(2 * before.row_um)


def correct_for(qtbot, page, degrees):
    page.degrees.setValue(degrees)
    qtbot.mouseClick(page.tilt_button, LEFT_BUTTON)


def test_a_tilt_is_corrected_once_however_often_it_is_asked(qtbot, scale, page, canvas, session):
    measure(qtbot, page, canvas)
    qtbot.mouseClick(page.tilt_button, LEFT_BUTTON)
    once = session.micrograph.pixel_size
    qtbot.mouseClick(page.tilt_button, LEFT_BUTTON)
    assert session.micrograph.pixel_size.row_um == pytest.approx(once.row_um)
    assert "corrected for 60°" in page.scale.text()


def test_a_typed_tilt_is_used_instead_of_that_of_the_file(qtbot, scale, page, canvas, session):
    measure(qtbot, page, canvas)
    correct_for(qtbot, page, 60)
    correct_for(qtbot, page, 45)
    now = session.micrograph
    assert now.pixel_size.row_um == pytest.approx(now.pixel_size.col_um * np.sqrt(2))
    assert (now.tilt_corrected, now.origins["tilt_degrees"]) == (45, "typed by hand")


def test_a_tilt_of_nothing_takes_the_correction_back(qtbot, scale, page, canvas, session):
    measure(qtbot, page, canvas)
    before = session.micrograph.pixel_size
    correct_for(qtbot, page, 60)
    correct_for(qtbot, page, 0)
    assert session.micrograph.tilt_corrected is None
    assert session.micrograph.pixel_size.row_um == pytest.approx(before.row_um)


def test_a_typed_tilt_can_be_undone(qtbot, scale, page, canvas, session, store):
    measure(qtbot, page, canvas)
    before = session.micrograph
    correct_for(qtbot, page, 30)
    store.undo()
    assert (session.micrograph.scale, page.degrees.value()) == (before.scale, 60)


def test_a_tilt_cannot_be_corrected_without_a_scale(scale, page):
    assert not page.tilt_button.isEnabled()
    assert page.tilt_button.toolTip() == "Give the micrograph a scale first."


def test_no_tilt_of_80_degrees_or_more_can_be_typed(scale, page):
    page.degrees.setValue(85)
    assert page.degrees.value() < 80


def test_what_the_microscope_corrected_cannot_be_corrected_again(
    qtbot, page, session, canvas, store, tmp_path
):
    path = tmp_path / "tilted.tif"
    tifffile.imwrite(path, np.zeros((60, 80), np.uint8))
    told = replace(
        examine(path),
        pixel_size=PixelSize.square(10),
        acquisition=Acquisition(tilt_allowed=True),
    )
    session.show(store.add_micrograph(path, told).image_id)
    controller = ScaleController(page, session, canvas)
    assert not page.tilt_button.isEnabled()
    assert page.tilt.text().startswith("The microscope has corrected the heights")
    controller.close()


def test_oblong_pixels_stay_so_when_a_bar_is_measured(
    qtbot, scale, page, canvas, session, store, image_id, told
):
    store.set_pixel_size(image_id, PixelSize(0.02, 0.01), ScaleSource.TESCAN)
    measure(qtbot, page, canvas)
    assert session.micrograph.pixel_size.row_um == pytest.approx(0.02)
    assert session.micrograph.pixel_size.col_um == pytest.approx(0.01)
    assert "Pixels stay 2 times as high as wide" in told[-1][1]


def test_heights_stay_corrected_when_a_bar_is_measured_again(qtbot, scale, page, canvas, session):
    measure(qtbot, page, canvas)
    correct_for(qtbot, page, 60)
    measure(qtbot, page, canvas)
    now = session.micrograph
    assert now.pixel_size.row_um == pytest.approx(2 * now.pixel_size.col_um)
    assert now.tilt_corrected == 60


def test_the_analysed_part_is_drawn_from_corner_to_corner(qtbot, scale, page, canvas, session):
    qtbot.mouseClick(page.region_button, LEFT_BUTTON)
    drag(canvas, (399.6, 600), (20, 10))
    assert session.micrograph.region == Region(20, 10, 401, 601)
    assert "rows 20-400, columns 10-600" in page.region.text()


def test_a_drawn_part_can_be_undone(qtbot, scale, page, canvas, session, store):
    qtbot.mouseClick(page.region_button, LEFT_BUTTON)
    drag(canvas, (20, 10), (400, 600))
    store.undo()
    assert session.micrograph.region == Region(0, 0, 480, 640)


def test_the_databar_is_found_again_after_analysing_the_whole(qtbot, scale, page, session):
    qtbot.mouseClick(page.whole_button, LEFT_BUTTON)
    whole = session.micrograph.region
    qtbot.mouseClick(page.databar_button, LEFT_BUTTON)
    assert (whole.row1, session.micrograph.region.row1) == (528, 480)


def test_the_micrograph_is_decoded_once_to_find_its_databar(qtbot, scale, page, monkeypatch):
    decoded = []
    monkeypatch.setattr(
        scale_controller, "read_pixels", lambda path: decoded.append(path) or read_pixels(path)
    )
    qtbot.mouseClick(page.databar_button, LEFT_BUTTON)
    assert len(decoded) == 1


def test_every_value_says_where_it_came_from(scale, page):
    labels = [page._table.itemAt(at).widget().text() for at in range(page._table.count())]
    assert labels[-3:-1] == ["Analysed", "rows 0-479, columns 0-639"]
    assert labels[-1].startswith("found in the picture (9")


def test_leaving_the_page_gives_the_mouse_back(qtbot, scale, page, canvas):
    qtbot.mouseClick(page.region_button, LEFT_BUTTON)
    scale.put_away()
    assert (canvas.tool, page.region_button.isChecked()) == ("look", False)


def test_the_picture_says_what_to_drag_while_a_tool_is_in_hand(qtbot, scale, page, canvas):
    qtbot.mouseClick(page.bar_button, LEFT_BUTTON)
    during = canvas.mode
    qtbot.mouseClick(page.bar_button, LEFT_BUTTON)
    assert (during, canvas.mode) == ("Drag along the scale bar", "")


def test_an_upright_bar_is_shown_where_it_lies(qtbot, scale, page, canvas, session, monkeypatch):
    upright = np.zeros((300, 200))
    upright[50:250, 100:104] = 255
    monkeypatch.setattr(scale_controller, "read_pixels", lambda _path: upright)
    qtbot.mouseClick(page.bar_button, LEFT_BUTTON)
    drag(canvas, (245, 101), (55, 103))
    assert page.bar.text().startswith("The bar is 200.00 ±")
    box = canvas.previewed.region
    assert (box.row0, box.row1, box.col0, box.col1) == (50, 250, 101, 104)
