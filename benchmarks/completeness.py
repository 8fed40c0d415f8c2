"""`python -m benchmarks.completeness MODEL`: whether integrated gradients sum to what they should.

Writes the table into docs/explanation.md, where the command that makes the sample model stands.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.figures import replace_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from microcrystalnet.explain.integrated import Attempt

ROOT = Path(__file__).parents[1]
PROJECT, DOCUMENT = ROOT / "sample_data" / "project", ROOT / "docs" / "explanation.md"
BEGIN, END = "<!-- completeness: begin -->", "<!-- completeness: end -->"
CRYSTALS, SEED = 30, 1


def measure(model: Path, project: Path = PROJECT) -> list[Attempt]:
    """Give what the program takes for every class of some crystals, before anything is mended."""
    from microcrystalnet.cli.project_crystals import open_project
    from microcrystalnet.examples import examples_of
    from microcrystalnet.explain.integrated import attempts
    from microcrystalnet.learning.dataset import cut_examples
    from microcrystalnet.learning.predict import open_classifier

    classifier = open_classifier(model)
    with open_project(project) as store:
        examples = examples_of(store, store.state.micrographs)
        places = np.random.default_rng(SEED).choice(len(examples), CRYSTALS, replace=False)
        crops = cut_examples([examples[place] for place in places], classifier.card.recipe)
    return [
        last_of(attempts(classifier, crop, np.int32(cls), lambda: None))
        for crop in crops
        for cls in range(len(classifier.card.classes))
    ]


def last_of(tries: Iterable[Attempt]) -> Attempt:
    """Give the first attempt that is complete, or the last; no more are made."""
    for each in tries:
        if each.complete:
            break
    return each


def table(found: Sequence[Attempt]) -> list[str]:
    """Give the errors by how many steps were taken, and of all."""
    lines = ["| steps taken | pairs | median error | 95th percentile | worst | over 1 % |"]
    lines.append("|" + " --- |" * 6)
    for steps in sorted({each.steps for each in found}):
        lines.append(_row(f"{steps:,}", [each for each in found if each.steps == steps]))
    return [*lines, _row("all", found)]


def _row(what: str, found: Sequence[Attempt]) -> str:
    errors = 100 * np.array([each.error for each in found])
    told = " | ".join(f"{each:.2f} %" for each in (*np.percentile(errors, [50, 95]), errors.max()))
    return f"| {what} | {len(found)} | {told} | {sum(not each.complete for each in found)} |"


def main() -> None:
    """Measure, print what was not complete, and write the table."""
    found = measure(Path(sys.argv[1]))
    for each in (each for each in found if not each.complete):
        size = np.abs(each.values).sum()
        print(
            f"not complete: {100 * each.error:.3f} % of the change {each.change:.4g}, "
            f"{100 * abs(each.missing) / size:.4f} % of all values' size"
        )
    lines = table(found)
    print("\n".join(lines))
    replace_between(BEGIN, END, lines, DOCUMENT)


if __name__ == "__main__":
    main()
