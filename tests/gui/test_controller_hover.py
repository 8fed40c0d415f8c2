"""What a click would give, shown before the click and never in its way."""

import pytest
from fakes import FakeEngine, listeners
from window_material import square

from microcrystalnet.domain.prompt import Click, Prompt
from microcrystalnet.errors import SegmentationError
from microcrystalnet.segmentation.segmenter import MaskProposals
from napari_mcn.controllers.hover_controller import REST_MS, HoverController
from napari_mcn.pointing import Aim

ONE = MaskProposals((square(4, 4),), (0.9,))


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def hover(session, canvas, engine, workbench):
    canvas.use_tool("prompt")
    controller = HoverController(session, canvas, engine, workbench)
    yield controller
    controller.close()


@pytest.fixture
def rest(qtbot, hover, canvas, engine):
    """Let the mouse rest at a place until the engine is asked."""

    def at(row, col):
        canvas.hovered.emit(row, col)
        qtbot.waitUntil(lambda: bool(engine.asked), timeout=2000)

    return at


def test_a_resting_mouse_asks_what_a_click_there_would_give(rest, engine):
    rest(10.0, 12.0)
    prompt = Prompt((Click(10.0, 12.0),))
    assert (engine.last.method, engine.last.arguments) == ("hover", {"prompt": prompt})


def test_the_answer_is_shown(rest, engine, canvas):
    rest(10.0, 12.0)
    engine.last.listener.done(ONE)
    assert canvas.hinted == square(4, 4)


def test_only_the_last_of_many_places_is_asked_for(rest, canvas, engine):
    canvas.hovered.emit(1.0, 1.0)
    canvas.hovered.emit(2.0, 2.0)
    rest(3.0, 3.0)
    assert [each.arguments["prompt"].clicks[0].row for each in engine.asked] == [3.0]


def test_inside_what_is_shown_the_engine_is_not_asked_again(qtbot, rest, engine, canvas):
    rest(10.0, 12.0)
    engine.last.listener.done(ONE)
    canvas.hovered.emit(12.0, 12.0)
    qtbot.wait(3 * REST_MS)
    assert (len(engine.asked), canvas.hinted) == (1, square(4, 4))


def test_beside_what_is_shown_the_next_crystal_is_shown(qtbot, rest, engine, canvas):
    rest(10.0, 12.0)
    engine.last.listener.done(ONE)
    canvas.hovered.emit(40.0, 50.0)
    qtbot.waitUntil(lambda: len(engine.asked) == 2, timeout=2000)
    engine.last.listener.done(MaskProposals((square(30, 40),), (0.9,)))
    assert canvas.hinted == square(30, 40)


def test_what_is_outlined_already_is_not_shown(rest, engine, canvas, crystals):
    rest(10.0, 12.0)
    engine.last.listener.done(ONE)
    assert canvas.hinted is None


def test_a_smaller_crystal_that_lies_on_an_outlined_one_is_shown(rest, engine, canvas, crystals):
    rest(10.0, 12.0)
    engine.last.listener.done(MaskProposals((square(9, 9, 5),), (0.9,)))
    assert canvas.hinted == square(9, 9, 5)


def test_what_the_mouse_has_left_is_not_shown(rest, engine, canvas):
    rest(10.0, 12.0)
    canvas.hovered.emit(50.0, 70.0)
    engine.last.listener.done(ONE)
    assert canvas.hinted is None


def test_a_click_takes_the_hint_away(rest, engine, canvas, session):
    rest(10.0, 12.0)
    engine.last.listener.done(ONE)
    session.pointing.point(Aim(Prompt((Click(10.0, 12.0),))))
    assert canvas.hinted is None


def test_an_answer_that_comes_after_the_click_is_not_shown(rest, engine, canvas, session):
    rest(10.0, 12.0)
    session.pointing.point(Aim(Prompt((Click(10.0, 12.0),))))
    engine.last.listener.done(ONE)
    assert canvas.hinted is None


def test_while_something_is_pointed_at_the_engine_is_left_to_the_clicks(
    qtbot, hover, engine, canvas, session
):
    session.pointing.point(Aim(Prompt((Click(10.0, 12.0),))))
    canvas.hovered.emit(10.0, 12.0)
    qtbot.wait(3 * REST_MS)
    assert engine.asked == []


@pytest.mark.parametrize("tool", ["look", "box", "brush", "cut"])
def test_only_the_click_tool_asks(qtbot, hover, engine, canvas, tool):
    canvas.use_tool(tool)
    canvas.hovered.emit(10.0, 12.0)
    qtbot.wait(3 * REST_MS)
    assert engine.asked == []


def test_a_refusal_is_silent_and_shows_nothing(rest, engine, canvas, told):
    rest(10.0, 12.0)
    engine.last.listener.failed(SegmentationError("Nothing was found there."))
    assert (canvas.hinted, told) == (None, [])


@pytest.fixture
def slowly(rest, hover, engine):
    """Let the mouse rest, and the answer take 0.3 s."""

    def answer():
        engine.asked.clear()
        rest(10.0, 12.0)
        hover._asked_at -= 0.3
        engine.last.listener.failed(SegmentationError("Nothing was found there."))

    return answer


def test_after_a_slow_answer_the_mouse_must_rest_longer(slowly, hover):
    slowly()
    assert hover._timer.interval() == 500


def test_a_slow_engine_is_left_to_the_clicks(qtbot, slowly, engine, canvas):
    slowly()
    slowly()
    canvas.hovered.emit(30.0, 30.0)
    qtbot.wait(600)
    assert len(engine.asked) == 1


def test_another_engine_is_asked_again(slowly, rest, engine, session):
    slowly()
    slowly()
    session.engine = "/weights/small.pth"
    engine.asked.clear()
    rest(30.0, 30.0)
    assert engine.last.method == "hover"


def test_another_micrograph_shows_no_hint(rest, engine, canvas, session):
    rest(10.0, 12.0)
    engine.last.listener.done(ONE)
    session.show(None)
    assert canvas.hinted is None


def test_closing_lets_go_of_session_and_canvas(session, canvas, engine, workbench):
    before = listeners(session, canvas)
    HoverController(session, canvas, engine, workbench).close()
    assert listeners(session, canvas) == before
