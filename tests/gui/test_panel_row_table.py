"""The table of keyed rows: order, selection, and keys that belong to the micrograph."""

import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_mcn.panels.row_table import RowTable, TableRow, written

LEFT = Qt.MouseButton.LeftButton
DOWN, UP = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
ROWS = [TableRow("a", (2.0, "PES")), TableRow("b", (None, "AA")), TableRow("c", (10.0, "res"))]


class Viewer(QWidget):
    """Stands for the window behind the table and remembers the keys that reach it."""

    def __init__(self):
        super().__init__()
        self.keys = []

    def keyPressEvent(self, event):
        self.keys.append(event.text())


@pytest.fixture
def viewer(qtbot):
    """A window that holds a table."""
    viewer = Viewer()
    qtbot.addWidget(viewer)
    viewer.table = RowTable(())
    QVBoxLayout(viewer).addWidget(viewer.table)
    viewer.show()
    return viewer


@pytest.fixture
def table(viewer):
    """A sortable table of three rows in the order given."""
    viewer.table.setSortingEnabled(True)
    viewer.table.horizontalHeader().setSortIndicator(-1, UP)
    viewer.table.set_rows(("Size", "Class"), ROWS)
    return viewer.table


def keys(table):
    return [row.key for row in table.rows]


def test_rows_keep_the_order_given(table):
    assert keys(table) == ["a", "b", "c"]


def test_numbers_are_ordered_as_numbers_and_the_unknown_comes_last(table):
    table.sortByColumn(0, UP)
    assert keys(table) == ["a", "c", "b"]


def test_the_unknown_comes_last_when_the_largest_comes_first(table):
    table.sortByColumn(0, DOWN)
    assert keys(table) == ["c", "a", "b"]


def test_text_is_ordered_whatever_its_case(table):
    table.sortByColumn(1, UP)
    assert keys(table) == ["b", "a", "c"]


def test_new_rows_come_in_the_order_the_user_chose(table):
    table.sortByColumn(0, DOWN)
    table.set_rows(("Size", "Class"), [*ROWS, TableRow("d", (50.0, "SA"))])
    assert keys(table) == ["d", "c", "a", "b"]


def test_the_selection_stays_with_its_crystal_when_sorted(table):
    table.select("a")
    table.sortByColumn(0, DOWN)
    assert table.chosen() == "a"


def test_a_selected_row_that_is_gone_leaves_nothing_selected(table):
    table.select("a")
    table.set_rows(("Size", "Class"), ROWS[1:])
    assert table.chosen() is None


def test_selecting_in_code_tells_nobody(table, qtbot):
    with qtbot.assertNotEmitted(table.row_chosen):
        table.select("c")


def test_a_second_click_on_a_row_tells_again(table, qtbot):
    table.select("a")
    spot = table.visualRect(table.model().index(0, 0)).center()
    with qtbot.waitSignal(table.row_chosen) as told:
        qtbot.mouseClick(table.viewport(), LEFT, pos=spot)
    assert told.args == ["a"]


def test_an_arrow_key_goes_to_the_next_row_and_tells(table, qtbot):
    table.select("a")
    with qtbot.waitSignal(table.row_chosen) as told:
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert told.args == ["b"]


def test_class_keys_reach_the_viewer_through_the_table(viewer, table, qtbot):
    qtbot.keyClicks(table, "1jx")
    assert viewer.keys == ["1", "j", "x"]


def test_numbers_are_written_with_four_digits():
    assert written(2.34567) == "2.346"


def test_large_numbers_are_written_out():
    assert written(123456.7) == "123457"


def test_the_unknown_is_a_dash():
    assert written(None) == "–"


@pytest.fixture
def fitted(viewer):
    """A table whose second column is as wide as its text."""
    viewer.table.set_rows(("Size", "Class"), ROWS)
    viewer.table.set_stretched(0)
    return viewer.table


def test_a_column_grows_for_a_longer_word(fitted):
    before = fitted.columnWidth(1)
    fitted.set_row(TableRow("b", (1.0, "a word that is much longer")))
    assert fitted.columnWidth(1) > before


def test_a_shorter_word_moves_no_column(fitted):
    fitted.set_row(TableRow("b", (1.0, "a word that is much longer")))
    before = fitted.columnWidth(1)
    fitted.set_row(TableRow("b", (1.0, "AA")))
    assert fitted.columnWidth(1) == before


def test_a_row_shown_otherwise_is_drawn_again(fitted, qtbot):
    with qtbot.waitSignal(fitted.model().dataChanged):
        fitted.set_row(TableRow("b", (1.0, "AA")))
    assert fitted.model().index(1, 0).data() == "1"
