"""`python -m benchmarks.measuring_bias`: writes the table of errors into docs/measuring.md."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.figures import replace_between
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.imaging.measure import measure

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

DOCUMENT = Path(__file__).parents[1] / "docs" / "measuring.md"
BEGIN, END = "<!-- errors: begin -->", "<!-- errors: end -->"
LENGTHS, POSES = (24, 32, 50, 100, 200, 400), 60
FLAT = 0.6  # the ellipse's minor by its major axis
HALF_TIP = math.radians(39)  # calcite's cleavage rhomb has corners of about 78 degrees
EVERYWHERE = Region(-10_000, -10_000, 10_000, 10_000)
COLUMNS = ("Feret max", "Feret min", "major axis", "minor axis", "circularity")

Floats = "NDArray[np.float64]"


@dataclass(frozen=True, slots=True)
class Truth:
    """What geometry says of a shape."""

    feret_max: float
    feret_min: float
    major: float
    minor: float
    circularity: float


def disc(x: Floats, y: Floats, length: float) -> NDArray[np.bool_]:
    """Draw a disc of a diameter."""
    return np.hypot(x, y) <= length / 2


def square(x: Floats, y: Floats, length: float) -> NDArray[np.bool_]:
    """Draw a square of a side."""
    return np.maximum(abs(x), abs(y)) <= length / 2


def ellipse(x: Floats, y: Floats, length: float) -> NDArray[np.bool_]:
    """Draw an ellipse of a major axis."""
    return np.hypot(x, y / FLAT) <= length / 2


def rhombus(x: Floats, y: Floats, length: float) -> NDArray[np.bool_]:
    """Draw a rhombus of a long diagonal."""
    return abs(x) + abs(y) / math.tan(HALF_TIP) <= length / 2


def truth_of_disc(length: float) -> Truth:
    """Give what is true of a disc."""
    return Truth(length, length, length, length, 1.0)


def truth_of_square(length: float) -> Truth:
    """Give what is true of a square."""
    axis = 2 * length / math.sqrt(3)
    return Truth(math.sqrt(2) * length, length, axis, axis, math.pi / 4)


def truth_of_ellipse(length: float) -> Truth:
    """Give what is true of an ellipse."""
    from scipy.special import ellipe

    around = 2 * length * float(ellipe(1 - FLAT**2))
    area = math.pi * length**2 * FLAT / 4
    return Truth(length, FLAT * length, length, FLAT * length, 4 * math.pi * area / around**2)


def truth_of_rhombus(length: float) -> Truth:
    """Give what is true of a rhombus."""
    half, other = length / 2, length / 2 * math.tan(HALF_TIP)
    side, area = math.hypot(half, other), 2 * half * other
    axes = (4 * half / math.sqrt(6), 4 * other / math.sqrt(6))
    return Truth(length, area / side, *axes, math.pi * area / (4 * side**2))


SHAPES: dict[
    str, tuple[Callable[[Floats, Floats, float], NDArray[np.bool_]], Callable[[float], Truth]]
] = {
    "disc": (disc, truth_of_disc),
    "square": (square, truth_of_square),
    "ellipse 10:6": (ellipse, truth_of_ellipse),
    "rhombus of 78°": (rhombus, truth_of_rhombus),
}


def drawn(name: str, length: float, angle: float, offset: tuple[float, float]) -> Mask:
    """Draw a shape turned by an angle (radians), its middle ``offset`` off a pixel's centre.

    A pixel belongs to it if its centre does.
    """
    half = math.ceil(0.75 * length) + 2
    rows, cols = np.mgrid[-half : half + 1, -half : half + 1].astype(float)
    rows, cols = rows - offset[0], cols - offset[1]
    x = cols * math.cos(angle) + rows * math.sin(angle)
    y = rows * math.cos(angle) - cols * math.sin(angle)
    return Mask.from_pixels(SHAPES[name][0](x, y, length))


def errors(name: str, length: float, poses: int = POSES) -> NDArray[np.float64]:
    """Give the relative errors of `COLUMNS` in percent, a row per pose; NaN where none is shown."""
    random = np.random.default_rng(0)
    truth = np.array(astuple(SHAPES[name][1](length)))
    rows = []
    for _ in range(poses):
        place = tuple(random.uniform(-0.5, 0.5, 2))
        found = measure(drawn(name, length, random.uniform(0, math.pi), place), None, EVERYWHERE)
        said = (found.feret_max_px, found.feret_min_px, found.major_axis_px, found.minor_axis_px)
        rows.append([*said, np.nan if found.circularity is None else found.circularity])
    return 100 * (np.array(rows) / truth - 1)


def main() -> None:
    """Measure every shape and replace the table in the document."""
    lines = ["| shape | length (px) | " + " | ".join(COLUMNS) + " |"]
    lines.append("| --- | --- |" + " --- |" * len(COLUMNS))
    for name in SHAPES:
        for length in LENGTHS:
            cells = [_cell(column) for column in errors(name, length).T]
            lines.append(f"| {name} | {length} | " + " | ".join(cells) + " |")
    replace_between(BEGIN, END, lines, DOCUMENT)


def _cell(found: NDArray[np.float64]) -> str:
    shown = found[np.isfinite(found)]
    if shown.size < found.size:
        return "hidden"
    return f"{shown.mean():+.1f} ({shown.min():+.1f} … {shown.max():+.1f})"


if __name__ == "__main__":
    main()
