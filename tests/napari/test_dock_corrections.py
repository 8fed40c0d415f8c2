"""Correcting crystals in the real window: with mouse and keys, on a calibrated micrograph."""

import pytest
from qtpy.QtCore import Qt
from user import CTRL, PLACES, SHIFT, SIDE, at_work, make_project

Key = Qt.Key
FIRST, SECOND = PLACES[0], PLACES[1]
MIDDLE = SIDE / 2


@pytest.fixture(scope="module")
def desk(window, tmp_path_factory):
    """One workbench for all these tests, on a micrograph of twelve crystals."""
    home = tmp_path_factory.mktemp("corrections")
    with at_work(window, home) as open_one:
        yield open_one(make_project(home / "project"))


@pytest.fixture
def user(desk, request):
    """Somebody on the Segment page, with every crystal as it was, the first one selected."""
    desk.start_over(f"expert {abs(hash(request.node.name))}")
    desk.go_to("Segment")
    desk.click_at(*middle(FIRST))
    desk.canvas.setFocus()
    return desk


def middle(place):
    return place[0] + MIDDLE, place[1] + MIDDLE


def areas(user):
    return sorted(each.mask.area for each in user.session.crystals.values())


def test_shift_m_and_a_click_merge_a_neighbour_and_one_undo_parts_them(user):
    user.press(Key.Key_M, modifier=SHIFT)
    user.click_at(*middle(SECOND))
    merged = areas(user)
    user.press(Key.Key_Z, modifier=CTRL)
    assert (len(merged), merged[-1]) == (11, 2 * SIDE**2)
    assert areas(user) == [SIDE**2] * 12


def test_shift_x_and_a_drag_cut_a_crystal_where_it_was_drawn(user):
    user.press(Key.Key_X, modifier=SHIFT)
    row, col = FIRST
    user.drag((row - 5, col + 12), (row + 12, col + 12), (row + SIDE + 4, col + 12))
    parts = areas(user)[:2]
    assert len(user.session.crystals) == 13
    assert sum(parts) == SIDE**2
    assert min(parts) == pytest.approx(SIDE**2 / 2, abs=2 * SIDE)


def test_a_lasso_and_delete_take_many_away_and_one_undo_brings_them_back(user):
    user.press(Key.Key_L)
    bottom, right = PLACES[5][0] + SIDE + 4, PLACES[5][1] + SIDE + 4
    user.drag((3, 3), (3, right), (bottom, right), (bottom, 3), (4, 3))
    user.press(Key.Key_Delete)
    left = len(user.session.crystals)
    user.press(Key.Key_Z, modifier=CTRL)
    assert (left, len(user.session.crystals)) == (8, 12)


def test_escape_puts_the_lasso_and_the_marks_away(user):
    user.press(Key.Key_L)
    user.drag((3, 3), (3, 80), (40, 80), (40, 3), (4, 3))
    marked = len(user.session.marked)
    user.press(Key.Key_Escape)
    assert (marked, user.session.marked, user.dock.canvas.tool) == (2, frozenset(), "look")


def test_grow_is_pressed_twice_and_undone_twice(user):
    grow = user.dock.outlining.panel.correct.grow_button
    scroll_to(user, grow)
    user.click(grow)
    user.click(grow)
    grown = user.session.crystal.mask.area
    user.canvas.setFocus()
    user.press(Key.Key_Z, modifier=CTRL)
    user.press(Key.Key_Z, modifier=CTRL)
    assert (grown > SIDE**2, user.session.crystal.mask.area) == (True, SIDE**2)


def test_r_reopens_the_selected_crystal_and_escape_leaves_it_as_it_was(user):
    crystal = user.session.crystal
    user.press(Key.Key_R)
    previewed = user.dock.canvas.sheet.preview.mask
    clicks = user.dock.canvas.sheet.prompts.prompt.clicks
    user.press(Key.Key_Escape)
    assert (previewed, len(clicks)) == (crystal.mask, 1)
    assert (user.session.crystal, user.dock.canvas.sheet.preview.mask) == (crystal, None)


@pytest.fixture
def ready(user, qtbot):
    """The engine knows the micrograph."""
    panel = user.dock.outlining.panel
    qtbot.waitUntil(panel.everything_button.isEnabled, timeout=60_000)
    user.press(Key.Key_S)
    return user


def test_a_resting_mouse_shows_what_a_click_would_outline(ready, qtbot):
    crystal = ready.session.crystal_at(60, 62)
    ready.session.project.delete_crystals([crystal.crystal_id])
    hover(ready, 60, 62)
    sheet = ready.dock.canvas.sheet
    qtbot.waitUntil(lambda: sheet.hover.mask is not None, timeout=10_000)
    assert sheet.hover.mask.contains(60, 62)
    ready.click_at(60, 62)
    assert sheet.hover.mask is None


def test_clicks_commit_and_correction_are_one_undo_stack(ready, qtbot):
    crystals = list(ready.session.crystals)
    ready.session.project.delete_crystals(crystals[:1])
    ready.click_at(*middle(FIRST))
    preview = ready.dock.canvas.sheet.preview
    qtbot.waitUntil(lambda: preview.mask is not None, timeout=10_000)
    ready.press(Key.Key_C)
    accepted = ready.session.crystal.mask
    ready.press(Key.Key_Z, modifier=CTRL)
    opened = preview.mask
    ready.press(Key.Key_Z, modifier=CTRL)
    taken_back = preview.mask
    ready.press(Key.Key_Z, modifier=CTRL)
    assert (opened, taken_back) == (accepted, None)
    assert list(ready.session.crystals) == crystals


def test_a_click_on_an_accepted_crystal_reopens_it_in_the_window(ready, qtbot):
    crystal = next(iter(ready.session.crystals.values()))
    ready.click_at(*middle(FIRST))
    qtbot.waitUntil(
        lambda: getattr(ready.session.pointing.aim, "crystal_id", None) is not None, timeout=10_000
    )
    ready.press(Key.Key_C)
    assert (ready.session.crystal, len(ready.session.crystals)) == (crystal, 12)


def hover(user, row, col):
    from qtpy.QtCore import QEvent, QPointF
    from qtpy.QtGui import QMouseEvent
    from qtpy.QtTest import QTest
    from qtpy.QtWidgets import QApplication

    none = Qt.MouseButton.NoButton
    place = QPointF(user.point(row, col))
    plain = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, place, place, none, none, plain)
    QApplication.sendEvent(user.canvas, event)
    QTest.qWait(8)


def scroll_to(user, widget):
    """Scroll the page until a button is in view, as a user would with the wheel."""
    user.dock._pages["Segment"].ensureWidgetVisible(widget)
