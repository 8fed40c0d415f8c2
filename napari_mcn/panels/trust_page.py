"""Whether the maps can be trusted: three checks, each with a plot and plain words."""

from collections.abc import Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QLabel, QSizePolicy, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.line_plot import CHANCE, OWN, Line, LinePlot, Pair, PairBars
from napari_mcn.panels.panel import heading, row, sentence, stacked

Curve = Sequence[float]
HINT = (
    "Three checks: whether the pixels that the map marks matter for the class, whether the map "
    "changes when the network forgets what it learned, and how much of it lies along outlines."
)


class TrustPage(QWidget):
    """The button that runs the checks, and what they found.

    Signals: ``check_requested()``.
    """

    check_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.check_button = Button(
            "Check this kind of map",
            "Takes seconds; a minute for SmoothGrad and integrated gradients.",
            primary=True,
        )
        self.check_button.clicked.connect(self.check_requested)
        self.subject = sentence()
        self._build_pixels()
        self._build_forgetting()
        self._build_outline()
        column = stacked(
            self.check_button, self.subject, self.pixels, self.forgetting, self.outline
        )
        column.layout().addStretch(1)
        self.setLayout(column.layout())
        self.clear("")

    def clear(self, subject: str) -> None:
        """Forget what was found, and name what is checked now; empty: say what can be."""
        self.set_subject(subject or HINT)
        for each in (self.pixels, self.forgetting, self.outline):
            each.hide()

    def set_subject(self, subject: str) -> None:
        """Name what is checked, and leave what was found."""
        self.subject.setText(subject)

    def set_available(self, reason: str) -> None:
        """Allow checking, or say why it is not possible."""
        self.check_button.set_available(not reason, reason)

    def set_pixels(
        self, deletion: tuple[Curve, Curve], insertion: tuple[Curve, Curve], words: str
    ) -> None:
        """Show the class's probability while pixels go and come, each against a random order."""
        self.deletion.set_lines(_against_chance("pixels go", deletion))
        self.insertion.set_lines(_against_chance("pixels return", insertion))
        self.pixel_words.setText(words)
        self.pixels.show()

    def set_forgetting(self, rank: Curve, structure: Curve, words: str) -> None:
        """Show how alike the map stays while the network forgets, from 1 at the left."""
        lines = (Line("ranks", OWN, tuple(rank)), Line("structure", "#56b4e9", tuple(structure)))
        self.likeness.set_lines(lines)
        self.forgetting_words.setText(words)
        self.forgetting.show()

    def set_outline(self, shares: Sequence[tuple[str, float, float]], words: str) -> None:
        """Show (class, share of the maps along the outline, share of the area there)."""
        self.bars.set_pairs([Pair(*each) for each in shares])
        self.outline_words.setText(words)
        self.outline.show()

    def _build_pixels(self) -> None:
        self.deletion, self.insertion = LinePlot("none", "all"), LinePlot("none", "all")
        self.pixel_words = sentence()
        plots = row(self.deletion, self.insertion)
        self.pixels = stacked(_title("Do the marked pixels matter?"), plots, self.pixel_words)

    def _build_forgetting(self) -> None:
        self.likeness = LinePlot("trained", "all forgotten")
        self.forgetting_words = sentence()
        title = _title("Does the map need the learning?")
        self.forgetting = stacked(title, self.likeness, self.forgetting_words)

    def _build_outline(self) -> None:
        self.bars, self.outline_words = PairBars(), sentence()
        legend = sentence("Bar: share of the maps along the outline. Mark: share of the area.")
        title = _title("Outline or interior?")
        self.outline = stacked(title, self.bars, legend, self.outline_words)


def _title(text: str) -> QLabel:
    """Give a heading that wraps instead of widening the page."""
    title = heading(text)
    title.setWordWrap(True)
    title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return title


def _against_chance(name: str, curves: tuple[Curve, Curve]) -> tuple[Line, Line]:
    own, chance = curves
    return Line("random", CHANCE, tuple(chance)), Line(name, OWN, tuple(own))
