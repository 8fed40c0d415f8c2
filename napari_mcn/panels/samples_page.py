"""Sample, depth, locality and texture of the micrographs."""

from collections.abc import Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QWidget

from microcrystalnet.domain.sample import Texture
from napari_mcn.panels.button import Button
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import Panel, caption, row, sentence
from napari_mcn.panels.row_table import RowTable, TableRow

COLUMNS = ("Micrograph", "Sample", "Depth (m)", "Locality", "Texture")


class SamplesPage(Panel):
    """A row per micrograph, and the texture of the one in view.

    Signals: ``table_requested()`` to join a table of samples, ``texture_chosen(object)`` with a
    `Texture` or None, ``image_chosen(str)`` with the id behind a row.
    """

    table_requested = Signal()
    texture_chosen = Signal(object)
    image_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Join a table with the columns file, sample, depth and locality; name the texture of "
            "each field of view.",
            parent,
        )
        self.texture = Chooser("How the crystals of this field of view lie together.")
        words = [(each.value, each.value) for each in Texture]
        self.texture.set_choices([("", "not named"), *words], "")
        self.texture.activated.connect(self._on_texture)
        self.table = RowTable(COLUMNS)
        self.table.setMinimumHeight(220)
        self.table.row_chosen.connect(self.image_chosen)
        self.note = sentence()
        self.join_button = Button("Join a table…", "A CSV or Excel file.", primary=True)
        self.join_button.clicked.connect(self.table_requested)
        self._add(row(caption("Texture of this field of view:"), self.texture, None))
        self._add(self.table, 1)
        self._add(self.note)
        self._add(self.join_button)

    def set_rows(self, rows: Sequence[TableRow]) -> None:
        """Show the micrographs; the key of a row is the micrograph's id."""
        self.table.set_rows(COLUMNS, rows)

    def set_shown(self, image_id: str | None, texture: Texture | None) -> None:
        """Say which micrograph is in view, and how its crystals lie."""
        self.table.select(image_id)
        self.texture.setEnabled(image_id is not None)
        self.texture.setCurrentIndex(self.texture.findData(texture.value if texture else ""))

    def set_note(self, text: str) -> None:
        """Say what came of the last table."""
        self.note.setText(text)

    def _on_texture(self, at: int) -> None:
        word = self.texture.itemData(at)
        self.texture_chosen.emit(Texture(word) if word else None)
