"""`python -m benchmarks.shapes LEARN JUDGE OUT`: networks shaped like `recommended`, one by one.

LEARN and JUDGE are the folders of `make networks`; eight core-minutes, and goes on in OUT where
it was stopped. Writes the table into docs/benchmarks.md; the judged crystals are not looked at.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import replace_between
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.entrants import Entrant
from microcrystalnet.learning.networks.recommended import DEPTHS, KERNELS, recommended

if TYPE_CHECKING:
    from microcrystalnet.learning.benchmark import Outcome
    from microcrystalnet.learning.course import Course, Crystals
    from microcrystalnet.learning.networks.layers import Network

BEGIN, END = "<!-- shapes: begin -->", "<!-- shapes: end -->"
BUDGET = TrainConfig(
    network="recommended", epochs=20, plateau=3, patience=8, targets="paper", dropout=0.5
)


@dataclass(frozen=True, slots=True)
class Shape(Entrant):
    """A network of blocks of 3 x 3 convolutions with other numbers than those of `recommended`."""

    kernels: tuple[int, ...] = KERNELS
    depths: tuple[int, ...] = DEPTHS

    def change(self, network: Network) -> Network:
        """Give this shape in place of the recommended one."""
        return recommended(
            network.size,
            4,
            dropout=self.config.dropout,
            kernels=self.kernels,
            depths=self.depths,
        )


def shape(
    name: str, dropout: float, kernels: tuple[int, ...] = KERNELS, depths: tuple[int, ...] = DEPTHS
) -> Shape:
    """Give a shape with the budget of the table of networks."""
    return Shape(name, replace(BUDGET, dropout=dropout), None, kernels, depths)


SHAPES = (
    shape("recommended", 0.5),
    shape("less-dropout", 0.2),
    shape("fewer-layers", 0.2, depths=(1, 1, 2, 2, 1)),
    shape("four-blocks", 0.2, (32, 64, 128, 256), (1, 2, 2, 2)),
)


def course_of(learn: Path, judge: Path) -> Course:
    """Divide the crystals as `mcn benchmark learn --test judge` does."""
    from microcrystalnet.domain.scheme import FOUR_CLASSES
    from microcrystalnet.learning.course import lay_out

    return lay_out(_crystals(learn), FOUR_CLASSES.codes, BUDGET, _crystals(judge))


def _crystals(folder: Path) -> Crystals:
    from microcrystalnet.cli.scene_folder import files_of_scenes, material_of_scenes
    from microcrystalnet.learning.course import Crystals
    from microcrystalnet.learning.dataset import CropRecipe
    from microcrystalnet.progress import ignore_progress

    recipe = CropRecipe(size=BUDGET.crop_size)
    material, scheme = material_of_scenes(folder, recipe, ignore_progress)
    return Crystals.of(material, scheme, files_of_scenes(folder))


def row(each: Shape, outcome: Outcome) -> str:
    """Give a line of the table."""
    kernels, depths = (" ".join(map(str, numbers)) for numbers in (each.kernels, each.depths))
    return (
        f"| {each.name} | {kernels} | {depths} | {each.config.dropout} | {outcome.parameters:,} | "
        f"{outcome.epochs} | {outcome.cpu_seconds / 60:.1f} | "
        f"{100 * outcome.validation_accuracy:.1f} |"
    )


def main() -> None:
    """Train what has no result yet, and write the table."""
    from microcrystalnet.learning.benchmark import read_outcomes, run_benchmark

    learn, judge, out = map(Path, sys.argv[1:])
    run_benchmark(course_of(learn, judge), SHAPES, [0], out)
    found = {each.entrant: each for each in read_outcomes(out)}
    lines = [
        "| shape | kernels | layers of each | dropout | parameters | epochs | core-minutes | "
        "accuracy on validation crystals |",
        "|" + " --- |" * 8,
        *(row(each, found[each.name]) for each in SHAPES),
    ]
    print("\n".join(lines))
    replace_between(BEGIN, END, lines)


if __name__ == "__main__":
    main()
