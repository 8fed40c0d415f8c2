"""A figure with the table behind it, and the files they become."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from microcrystalnet.report import canvas, csv_file
from microcrystalnet.report.canvas import DPI, KINDS, WORDS
from microcrystalnet.report.files import make_folder

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A matplotlib figure, the rows of numbers that it shows, and what is to be said below it.

    ``points`` is the size of the words that the figure was made with.
    """

    figure: "Figure"
    columns: tuple[str, ...]
    rows: tuple[Sequence[object], ...]
    caption: str = ""
    points: float = WORDS

    def rendered(self, kind: str, dpi: float = DPI) -> bytes:
        """Give the figure as a file of one of `KINDS`."""
        return canvas.rendered(self.figure, kind, dpi, self.points)

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
        for path in paths:
            canvas.write(self.figure, path, points=self.points)
        said = {"classes_from": classes_from} if classes_from else {}
        rows = ((*row, *said.values()) for row in self.rows)
        csv_file.write(folder / f"{stem}.csv", (*self.columns, *said), rows)
        return [*paths, folder / f"{stem}.csv"]

    def save_as(self, path: Path) -> Path:
        """Write the figure as the path's suffix says and its table beside it; gives the table.

        Raises
        ------
        OutputError
            If the suffix is not one of `KINDS`, or a file cannot be written.
        """
        canvas.kind_of(path)  # before anything is written
        table = path.with_suffix(".csv")
        csv_file.write(table, self.columns, self.rows)
        canvas.write(self.figure, path, points=self.points)
        return table
