"""The part of the Scale page that reads the file of a micrograph again."""

import numpy as np
import pytest
import tifffile
from fakes import listeners
from qtpy.QtCore import Qt
from window_material import NoDialogs

from microcrystalnet.domain.micrograph import PixelSize, ScaleSource
from microcrystalnet.micrographs.reader import examine
from napari_mcn.controllers.reading_controller import ReadingController
from napari_mcn.panels.scale_page import ScalePage

LEFT = Qt.MouseButton.LeftButton
SIDECAR = "$CM_FULL_SIZE 80 60\n$CM_PIXEL_SIZE {}nm\n"


@pytest.fixture
def page(qtbot):
    made = ScalePage()
    qtbot.addWidget(made)
    made.set_present(True)
    made.show()
    return made


@pytest.fixture
def path(session, store, tmp_path):
    """The file of the micrograph in view, whose sidecar was put right since."""
    made = tmp_path / "wrong.tif"
    tifffile.imwrite(made, np.ones((60, 80), np.uint8))
    made.with_suffix(".txt").write_text(SIDECAR.format(10))
    session.show(store.add_micrograph(made, examine(made)).image_id)
    made.with_suffix(".txt").write_text(SIDECAR.format(12.5))
    return made


@pytest.fixture
def reading(page, session, path):
    controller = ReadingController(page, session, NoDialogs(path))
    yield controller
    controller.close()


def test_the_scale_of_a_corrected_sidecar_is_used(qtbot, reading, page, session, told):
    qtbot.mouseClick(page.again_button, LEFT)
    assert session.micrograph.pixel_size.nm == pytest.approx(12.5)
    assert told[-1][1] == "The file was read again: 12.5 nm/px, JEOL sidecar."


def test_a_typed_scale_stays_until_the_file_s_is_asked_for(qtbot, reading, page, session, store):
    store.set_pixel_size(session.image_id, PixelSize.square(7), ScaleSource.USER)
    qtbot.mouseClick(page.again_button, LEFT)
    kept, offer = session.micrograph.pixel_size, page.offer.text()
    qtbot.mouseClick(page.file_button, LEFT)
    assert kept == PixelSize.square(7)
    assert offer.startswith("The file, read again, says 12.5 nm/px (JEOL sidecar).")
    assert session.micrograph.pixel_size.nm == pytest.approx(12.5)
    assert page.file_button.isHidden()


def test_the_files_scale_can_be_undone(qtbot, reading, page, session, store):
    store.set_pixel_size(session.image_id, PixelSize.square(7), ScaleSource.USER)
    qtbot.mouseClick(page.again_button, LEFT)
    qtbot.mouseClick(page.file_button, LEFT)
    store.undo()
    assert session.micrograph.pixel_size == PixelSize.square(7)


def test_another_picture_is_refused_in_a_sentence(qtbot, page, session, path, draw, told):
    controller = ReadingController(page, session, NoDialogs(draw("other.tif", seed=9)))
    qtbot.mouseClick(page.again_button, LEFT)
    assert "other.tif is another picture than wrong.tif" in told[-1][1]
    assert session.micrograph.pixel_size.nm == pytest.approx(10)
    controller.close()


def test_a_file_that_says_the_same_is_told_of(qtbot, reading, page, told):
    qtbot.mouseClick(page.again_button, LEFT)
    qtbot.mouseClick(page.again_button, LEFT)
    assert told[-1][1].endswith("nothing has changed.")


def test_nothing_is_offered_before_anything_was_read_again(reading, page):
    assert (page.offer.isHidden(), page.file_button.isHidden()) == (True, True)


def test_closing_lets_go_of_the_session(page, session, canvas, path):
    before = listeners(session, canvas)
    ReadingController(page, session, NoDialogs()).close()
    assert listeners(session, canvas) == before
