"""A figure with the table behind it, and the files it becomes."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.report import csv_file
from microcrystalnet.report.files import make_folder, write_atomically

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLE: dict[Any, Any] = {  # matplotlib declares each of its 300 keys
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "figures",
    "svg.fonttype": "none",  # words stay words
    "pdf.fonttype": 42,
}
KINDS = ("svg", "pdf", "png")
PNG_DPI = 300
NO_CLASS = "#8c8c8c"


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A matplotlib figure, the rows of numbers that it shows, and what is to be said below it."""

    figure: "Figure"
    columns: tuple[str, ...]
    rows: tuple[Sequence[object], ...]
    caption: str

    def rendered(self, kind: str, dpi: float = PNG_DPI) -> bytes:
        """Give the figure as a file of one of `KINDS`."""
        import matplotlib as mpl

        file = io.BytesIO()
        dates = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
        with mpl.rc_context(STYLE):
            self.figure.savefig(file, format=kind, dpi=dpi, metadata=dates.get(kind))
        return file.getvalue()

    def save(self, folder: Path, stem: str, classes_from: str = "") -> list[Path]:
        """Write ``stem.svg``, ``.pdf``, ``.png`` and the table ``.csv``.

        ``classes_from`` says in a last column of the table whose word the classes are.

        Raises
        ------
        OutputError
            If one cannot be written.
        """
        make_folder(folder)
        paths = [folder / f"{stem}.{kind}" for kind in KINDS]
        for kind, path in zip(KINDS, paths, strict=True):
            write_atomically(path, self.rendered(kind))
        said = {"classes_from": classes_from} if classes_from else {}
        rows = ((*row, *said.values()) for row in self.rows)
        csv_file.write(folder / f"{stem}.csv", (*self.columns, *said), rows)
        return [*paths, folder / f"{stem}.csv"]


def panes(
    width: float, height: float, rows: int = 1, columns: int = 1, **more: Any
) -> "tuple[Figure, NDArray[np.object_]]":
    """Make a figure (in inches) and its axes outside pyplot, which keeps global state.

    ``more`` is passed on to matplotlib's ``subplots``.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots(rows, columns, squeeze=False, **more)


def pane(width: float, height: float, **more: Any) -> "tuple[Figure, Axes]":
    """Make a figure with a single pair of axes."""
    figure, axes = panes(width, height, **more)
    return figure, axes[0, 0]
