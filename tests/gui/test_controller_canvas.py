"""The canvas follows the session, and clicks on it reach the session."""

import pytest
from fakes import FakeCanvas, listeners
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer
from microcrystalnet.domain.micrograph import PixelSize, ScaleSource
from microcrystalnet.domain.sample import Texture
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.domain.scheme_rules import with_retired
from microcrystalnet.micrographs.reader import describe
from napari_mcn.controllers import canvas_controller
from napari_mcn.controllers.canvas_controller import CanvasController
from napari_mcn.layers import class_map
from napari_mcn.session import Session


def test_opening_shows_the_micrograph_with_its_crystals(store, crystals, canvas, session):
    assert (canvas.micrograph.file_name, list(canvas.crystals)) == ("chalk.tif", crystals)


def test_no_micrograph_leaves_the_canvas_empty(session, canvas):
    session.show(None)
    assert canvas.micrograph is None


def test_a_new_crystal_appears(session, canvas):
    made = session.project.put_mask(session.image_id, square(4, 4), MaskSource.MANUAL)
    assert list(canvas.crystals) == [made.crystal_id]


def test_a_deleted_crystal_goes(session, crystals, canvas):
    session.project.delete_crystals([crystals[1]])
    assert crystals[1] not in canvas.crystals


def test_very_many_changed_crystals_are_drawn_anew_all_together(
    session, crystals, canvas, outline, monkeypatch
):
    monkeypatch.setattr(canvas_controller, "MANY", 1)
    session.project.delete_crystals(crystals[:2])
    new = outline(places=((30, 40), (4, 4)))
    assert (set(canvas.crystals), set(canvas.sheet.class_map.classes)) == (
        {crystals[2], *new},
        set(),
    )


def test_an_edit_of_another_micrograph_changes_nothing_in_view(session, draw, canvas):
    path = draw("other.tif", seed=1)
    other = session.project.add_micrograph(path, describe(path))
    session.project.put_mask(other.image_id, square(4, 4), MaskSource.MANUAL)
    assert canvas.crystals == {}


def test_selecting_a_crystal_highlights_it_and_flies_there(session, crystals, canvas):
    session.crystal_id = crystals[1]
    assert (canvas.selected, canvas.flights) == (crystals[1], [square(4, 40)])


def test_a_click_selects_without_moving_the_view(session, crystals, canvas):
    canvas.crystal_clicked.emit(crystals[2])
    assert (session.crystal_id, canvas.flights) == (crystals[2], [])


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer("SA"), "SA"),
        (UNCLEAR, class_map.UNCLEAR),
        (NOT_A_CRYSTAL, class_map.DISCARDED),
    ],
)
def test_an_answer_colours_its_crystal(session, crystals, canvas, answer, code):
    session.project.label(crystals[0], answer)
    assert canvas.sheet.class_map.classes == {crystals[0]: code}


def test_an_expert_sees_only_their_own_colours(session, crystals, canvas):
    session.project.label(crystals[0], Answer("RES"))
    session.become("MK")
    assert canvas.sheet.class_map.classes == {}


def test_a_new_scale_shows_the_micrograph_anew_and_keeps_the_selection(session, crystals, canvas):
    session.crystal_id = crystals[0]
    size = PixelSize.square(20)
    session.project.set_pixel_size(session.image_id, size, ScaleSource.USER)
    assert (canvas.micrograph.pixel_size, canvas.selected) == (size, crystals[0])


def test_what_is_said_of_its_texture_leaves_the_view_alone(session, canvas):
    shown = canvas.micrograph
    session.project.set_texture(session.image_id, Texture.FITTED)
    assert canvas.micrograph is shown


def test_a_file_that_cannot_be_read_leaves_no_other_micrograph_in_view(session, draw, canvas, told):
    path = draw("other.tif", seed=1)
    other = session.project.add_micrograph(path, describe(path)).image_id
    session.project.image_path(other).write_bytes(b"no image any more")
    session.show(other)
    assert (canvas.micrograph, told[0][0]) == (None, "warning")


def test_a_damaged_record_is_not_told_before_its_micrograph_is_asked_for(session, draw, told):
    store, path = session.project, draw("damaged.tif", seed=3)
    image_id = store.add_micrograph(path, describe(path)).image_id
    next((store.folder / "images").glob(f"{image_id}*.json")).write_text("{")
    session.expected.emit([image_id])
    assert told == []


def test_closing_lets_go_of_session_and_canvas():
    session, canvas = Session(), FakeCanvas()
    before = listeners(session, canvas)
    CanvasController(canvas, session).close()
    assert listeners(session, canvas) == before


def test_a_label_of_a_retired_class_keeps_its_colour_on_the_micrograph(session, canvas, crystals):
    session.project.label(crystals[0], Answer("AA"))
    session.project.set_scheme(with_retired(FOUR_CLASSES, "AA"))
    assert canvas.sheet.class_map.classes == {crystals[0]: "AA"}
