"""Pages of a paper's figures: drawn alike, and written as SVG, PDF and PNG."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.imaging.colour_scales import ColourScale
from microcrystalnet.report.files import write_atomically

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KINDS = ("svg", "pdf", "png")
DPI = 300
_STYLE: dict[Any, Any] = {  # matplotlib declares each of its 300 keys
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "paper",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}


def page(
    width: float, height: float, rows: int = 1, columns: int = 1
) -> "tuple[Figure, NDArray[np.object_]]":
    """Give an empty figure of so many inches, and its axes (rows, columns)."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots(rows, columns, squeeze=False)


def picture(axes: "Axes", pixels: NDArray[np.generic], title: str = "") -> None:
    """Show a picture, grey (height, width) from 0 to 1 or colours (height, width, 3), bare."""
    axes.imshow(pixels, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    if title:
        axes.set_title(title, fontsize=8)


def colour_bar(
    figure: "Figure",
    axes: NDArray[np.object_],
    scale: ColourScale,
    ends: tuple[str, str],
    meaning: str,
) -> None:
    """Lay one colour bar below all axes (rows, columns); words say what its ends mean."""
    import matplotlib as mpl
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap

    colours = ScalarMappable(cmap=ListedColormap(scale.table(256)[:, :3].tolist()))
    with mpl.rc_context(_STYLE):
        bar = figure.colorbar(
            colours, ax=axes.ravel().tolist(), location="bottom", shrink=0.5, aspect=30, pad=0.02
        )
    bar.set_ticks([0, 1], labels=list(ends), fontsize=7)
    bar.set_label(meaning, fontsize=7)


def save(figure: "Figure", stem: Path) -> list[Path]:
    """Write a figure as ``stem`` with every suffix of `KINDS`; the same figure, the same bytes.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    import matplotlib as mpl

    written = []
    for kind in KINDS:
        file = io.BytesIO()
        date = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind)
        with mpl.rc_context(_STYLE):
            figure.savefig(file, format=kind, dpi=DPI, metadata=date)
        path = stem.with_name(f"{stem.name}.{kind}")
        write_atomically(path, file.getvalue())
        written.append(path)
    return written
