"""One disputed crystal: its picture, what was said of it, its neighbours and its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QLabel, QSizePolicy, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.crop_picture import CropPicture, CropView
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.panel import caption, row, sentence, stacked
from napari_mcn.panels.thumbnails import Thumbnail, Thumbnails

PICTURE = 160  # screen pixels: the same for every crystal, and so is the scale
ATLAS = 50  # screen pixels of a picture of a class


@dataclass(frozen=True, slots=True)
class VoteLine:
    """What one expert said; ``who`` is a letter until the names are shown."""

    who: str
    said: str
    colour: str | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class DisputeView:
    """What is shown of one crystal; ``standing`` says in a sentence where it stands."""

    title: str
    standing: str
    crop: CropView | None = None
    votes: tuple[VoteLine, ...] = ()
    neighbours: tuple[Thumbnail, ...] = ()
    atlas: tuple[Thumbnail, ...] = ()
    history: tuple[str, ...] = ()


class DisputeCard(QWidget):
    """Signals: ``names_requested()`` to show or hide names, ``neighbour_chosen(str)``."""

    names_requested = Signal()
    neighbour_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = caption("", large=True)
        self.standing = sentence()
        self.picture = CropPicture()
        self.picture.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.picture.setFixedSize(PICTURE, PICTURE)
        self.votes = QLabel()
        self.votes.setTextFormat(Qt.TextFormat.RichText)
        self.votes.setWordWrap(True)
        self.votes.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.votes.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.names_button = Button("V  Names", "Show who said what (V).", checkable=True)
        self.names_button.clicked.connect(self.names_requested)
        self.go_on = QCheckBox("Go on by itself")
        self.go_on.setToolTip("Fly to the next disagreement after each decision.")
        self.go_on.setChecked(True)
        self.go_on.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.atlas = Thumbnails(3, ATLAS)
        said = stacked(self.votes, self.atlas, self.names_button, self.go_on)
        said.layout().setStretch(0, 1)
        self.neighbours = Thumbnails()
        self.neighbours.chosen.connect(self.neighbour_chosen)
        self.history = sentence()
        self.past = Fold("History", self.history)
        beside = row(self.picture, said)
        beside.setStretch(1, 1)
        self.setLayout(row(stacked(self.title, self.standing, beside, self.neighbours, self.past)))
        self.set_dispute(None)

    def set_dispute(self, view: DisputeView | None, names: bool = False) -> None:
        """Show a crystal, ``names`` says whether its experts are named; None shows that none is."""
        view = view or DisputeView("No crystal is selected", "Press G for the next disagreement.")
        self.title.setText(view.title)
        self.standing.setText(view.standing)
        self.picture.set_crop(view.crop)
        self.votes.setText(_written(view.votes))
        self.names_button.setChecked(names)
        self.names_button.setVisible(bool(view.votes))
        self.atlas.set_pictures(view.atlas)
        self.atlas.setVisible(bool(view.atlas))
        self.neighbours.set_pictures(view.neighbours)
        self.neighbours.setVisible(bool(view.neighbours))
        self.history.setText("\n".join(view.history))
        self.past.set_title(f"History ({len(view.history)})")
        self.past.setVisible(bool(view.history))


def _written(votes: Sequence[VoteLine]) -> str:
    """Write votes one below the other, each with the colour of its class."""
    return "<br>".join(
        f"<span style='color:{vote.colour or '#888888'}'>■</span> "
        f"<b>{escape(vote.who)}</b>&nbsp; {escape(vote.said)}"
        + (f"<br>&nbsp;&nbsp;&nbsp;<i>{escape(vote.remark)}</i>" if vote.remark else "")
        for vote in votes
    )
