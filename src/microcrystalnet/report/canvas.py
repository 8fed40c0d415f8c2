"""Empty figures in one style, outside pyplot with its global state, and the files they become."""

import io
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.report.files import OutputError, write_atomically

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KINDS = ("svg", "pdf", "png")
DPI = 300  # of a PNG file, and of pictures in the others
WORDS, SMALL = 9, 8  # points of the words, and of those in a figure of many panes
_STYLE: dict[Any, Any] = {  # matplotlib declares each of its 300 keys
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "microcrystalnet",  # the same figure, the same bytes
    "svg.fonttype": "none",  # words stay words
    "pdf.fonttype": 42,
}
_NO_DATES: dict[str, dict[str, Any]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}


def style(points: float = WORDS) -> AbstractContextManager[None]:
    """Let matplotlib draw in the style of all figures, with words of so many points."""
    import matplotlib as mpl

    return mpl.rc_context({**_STYLE, "font.size": points})


def panes(
    width: float,
    height: float,
    rows: int = 1,
    columns: int = 1,
    *,
    points: float = WORDS,
    **more: Any,
) -> "tuple[Figure, NDArray[np.object_]]":
    """Make a figure (in inches) and its axes (rows, columns).

    ``more`` is passed on to matplotlib's ``subplots``.
    """
    from matplotlib.figure import Figure

    with style(points):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots(rows, columns, squeeze=False, **more)


def pane(width: float, height: float, **more: Any) -> "tuple[Figure, Axes]":
    """Make a figure with a single pair of axes."""
    figure, axes = panes(width, height, **more)
    return figure, axes[0, 0]


def rendered(figure: "Figure", kind: str, dpi: float = DPI, points: float = WORDS) -> bytes:
    """Give a figure as a file of one of `KINDS`; the same figure gives the same bytes."""
    file = io.BytesIO()
    with style(points):
        figure.savefig(file, format=kind, dpi=dpi, metadata=_NO_DATES.get(kind))
    return file.getvalue()


def kind_of(path: Path) -> str:
    """Give the one of `KINDS` that a path's suffix names.

    Raises
    ------
    OutputError
        If it names none.
    """
    kind = path.suffix[1:].lower()
    if kind not in KINDS:
        raise OutputError(
            f"A figure cannot be written as “{path.name}”; end the name in .{', .'.join(KINDS)}."
        )
    return kind


def write(
    figure: "Figure",
    path: Path,
    dpi: float = DPI,
    points: float = WORDS,
    report: Report = ignore_progress,
) -> None:
    """Write a figure as the path's suffix says; a ``report`` that cancels leaves no file.

    Raises
    ------
    OutputError
        If the suffix is not one of `KINDS`, or the file cannot be written.
    """
    content = rendered(figure, kind_of(path), dpi, points)
    report(Progress(0, 0, f"Writing {path.name}"))
    write_atomically(path, content)
