"""A sortable table of keyed rows that stays fast with thousands of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qtpy.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    Qt,
    Signal,
)
from qtpy.QtGui import QKeyEvent, QMouseEvent
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from napari_mcn.panels.colours import alarm

UNSIZED = (Qt.ItemDataRole.ForegroundRole,)  # of a change that leaves columns as wide as they are
ROW_PX, GAP_PX = 24, 8  # height of a row of one line; room between rows of several
Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: a key nobody sees, a value per column, and the columns that tell of trouble."""

    key: str
    values: tuple[Value, ...]
    troubled: frozenset[int] = frozenset()
    hints: Mapping[int, str] = field(default_factory=dict)


def written(value: Value) -> str:
    """Write a cell: four significant digits, a dash for what is unknown."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 10000 else f"{value:.0f}"
    return str(value)


def _order(value: Value) -> tuple[int, float, str]:
    """Sort numbers before text and text before what is unknown."""
    if value is None:
        return (2, 0.0, "")
    return (1, 0.0, value.casefold()) if isinstance(value, str) else (0, float(value), "")


class RowModel(QAbstractTableModel):
    """Rows as Qt's views want them."""

    def __init__(self, columns: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[str, ...] = tuple(columns)
        self.rows: list[TableRow] = []
        self._places: dict[str, int] | None = None  # by key; made when it is asked for
        self._texts: frozenset[int] = frozenset()
        self.alarm: object = None

    def set_rows(self, columns: Sequence[str], rows: Sequence[TableRow]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.columns, self.rows = tuple(columns), list(rows)
        self._places = None
        self._texts = _texts(rows)
        self.endResetModel()

    def add_rows(self, rows: Sequence[TableRow]) -> None:
        """Put rows after those there are."""
        first = len(self.rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self.rows += rows
        self._texts |= _texts(rows)
        if self._places is not None:
            self._places |= {row.key: at for at, row in enumerate(rows, first)}
        self.endInsertRows()

    def tell(self, at: int, roles: Sequence[int] = ()) -> None:
        """Let views draw a row again that was replaced; no ``roles`` stands for all of them."""
        ends = self.index(at, 0), self.index(at, len(self.columns) - 1)
        self.dataChanged.emit(*ends, list(roles))

    def position(self, key: str | None) -> int | None:
        """Give the row that holds a key, 0 first, or None."""
        if self._places is None:
            self._places = {row.key: at for at, row in enumerate(self.rows)}
        return self._places.get(key or "")

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        """Count the rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Count the columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give the text, alignment, colour or tooltip of a cell."""
        row, column = self.rows[index.row()], index.column()
        value = row.values[column]
        if role == Qt.ItemDataRole.DisplayRole:
            return written(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole and column in row.troubled:
            return self.alarm
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.hints.get(column, written(value))
        return None

    def headerData(
        self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Give the name of a column."""
        if side == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section]
        if side == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def _alignment(self, column: int) -> object:
        side = Qt.AlignmentFlag.AlignLeft if column in self._texts else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignVCenter

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column; unknown values come last either way."""
        if not 0 <= column < len(self.columns):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self.rows[index.row()].key for index in before]
        known = [row for row in self.rows if row.values[column] is not None]
        known.sort(
            key=lambda row: _order(row.values[column]),
            reverse=order == Qt.SortOrder.DescendingOrder,
        )
        self.rows = known + [row for row in self.rows if row.values[column] is None]
        self._places = None
        places = {row.key: at for at, row in enumerate(self.rows)}
        after = [
            self.index(places[key], index.column()) for key, index in zip(keys, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()


def _texts(rows: Sequence[TableRow]) -> frozenset[int]:
    """Give the columns that hold text."""
    return frozenset(
        at for row in rows for at, value in enumerate(row.values) if isinstance(value, str)
    )


class RowTable(QTableView):
    """Shows rows; tells which one the user went to; lets letters and digits pass to the viewer."""

    row_chosen = Signal(str)

    def __init__(self, columns: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = RowModel(columns, self)
        self.setModel(self._rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.verticalHeader().setMinimumSectionSize(ROW_PX)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setResizeContentsPrecision(50)
        self.horizontalHeader().setMinimumSectionSize(36)

    def set_stretched(self, column: int) -> None:
        """Let one column take the room that the others, as wide as their text, leave."""
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def set_whole(self) -> None:
        """Give columns and rows the room of their text; what has no room is scrolled to."""
        mode = QHeaderView.ResizeMode.ResizeToContents
        self.horizontalHeader().setSectionResizeMode(mode)
        self.resizeRowsToContents()
        for at in range(len(self._rows.rows)):
            if self.rowHeight(at) > 1.5 * ROW_PX:  # lines of one row stand closer than rows
                self.setRowHeight(at, self.rowHeight(at) + GAP_PX)

    @property
    def rows(self) -> Sequence[TableRow]:
        """The rows in the order shown."""
        return self._rows.rows

    def set_rows(self, columns: Sequence[str], rows: Sequence[TableRow]) -> None:
        """Show other rows; the chosen one and the order by column stay where they can."""
        chosen = self.chosen()
        same = tuple(columns) == self._rows.columns
        self._rows.alarm = alarm(self)
        self._rows.set_rows(columns, rows)
        header = self.horizontalHeader()
        if self.isSortingEnabled():
            self._rows.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        if not same:
            self._fit_columns()
        self.select(chosen)

    def add_rows(self, rows: Sequence[TableRow]) -> None:
        """Show more rows below the others."""
        if rows:
            self._rows.add_rows(rows)

    def set_row(self, row: TableRow) -> None:
        """Show one row otherwise, without moving it; columns only ever grow for it.

        Qt measures fifty rows, a thousand questions, to fit its columns after any other change.
        """
        at = self._rows.position(row.key)
        if at is not None:
            self._rows.rows[at] = row
            self._rows.tell(at, () if self._outgrows(at) else UNSIZED)

    def _outgrows(self, at: int) -> bool:
        header, fitted = self.horizontalHeader(), QHeaderView.ResizeMode.ResizeToContents
        columns = range(len(self._rows.columns))
        return any(
            self.sizeHintForIndex(self._rows.index(at, column)).width() > self.columnWidth(column)
            for column in columns
            if header.sectionResizeMode(column) == fitted
        )

    def chosen(self) -> str | None:
        """Give the key of the selected row."""
        index = self.currentIndex()
        return self._rows.rows[index.row()].key if index.isValid() else None

    def select(self, key: str | None) -> None:
        """Highlight a row without telling anyone; None highlights nothing."""
        at = self._rows.position(key)
        if at is None:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
            return
        index = self._rows.index(at, 0)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def _fit_columns(self) -> None:
        """Give every column the room of its text and of the arrow that shows the order."""
        self.resizeColumnsToContents()
        for column in range(len(self._rows.columns)):
            self.setColumnWidth(column, self.columnWidth(column) + 16)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of theme."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.PaletteChange}:
            self._rows.alarm = alarm(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell which row was clicked."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.pos())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.row_chosen.emit(self._rows.rows[index.row()].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrow keys; every other key belongs to the micrograph."""
        moves = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
        if event.key() not in moves:
            event.ignore()
            return
        before = self.chosen()
        super().keyPressEvent(event)
        after = self.chosen()
        if after is not None and after != before:
            self.row_chosen.emit(after)
