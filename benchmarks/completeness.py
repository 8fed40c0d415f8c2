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
    from microcrystalnet.explain.integrated import Attempt

ROOT = Path(__file__).parents[1]
PROJECT, DOCUMENT = ROOT / "sample_data" / "project", ROOT / "docs" / "explanation.md"
BEGIN, END = "<!-- completeness: begin -->", "<!-- completeness: end -->"
CRYSTALS, SEED = 30, 1


def measure(model: Path, project: Path = PROJECT) -> list[list[Attempt]]:
    """Integrate crystals for every class by every number of steps, also where fewer would do."""
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
        list(attempts(classifier, crop, np.int32(cls), lambda: None))
        for crop in crops
        for cls in range(len(classifier.card.classes))
    ]


def table(pairs: list[list[Attempt]]) -> list[str]:
    """Give the errors before anything is mended: by every number of steps, and where one stops."""
    lines = ["| steps | median | 95th percentile | worst | over 1 % |", "| --- |" + " --- |" * 4]
    for tries in zip(*pairs, strict=True):
        lines.append(_row(f"{tries[0].steps:,} for all", tries))
    lines.append(_row("as many as each needs", [chosen(pair) for pair in pairs]))
    return lines


def chosen(pair: list[Attempt]) -> Attempt:
    """Give the first attempt that is complete, or the last."""
    return next((each for each in pair if each.complete), pair[-1])


def _row(what: str, tries: list[Attempt] | tuple[Attempt, ...]) -> str:
    errors = 100 * np.array([each.error for each in tries])
    median, high = np.percentile(errors, [50, 95])
    over = sum(not each.complete for each in tries)
    told = f"{median:.2f} % | {high:.2f} % | {errors.max():.2f} % | {over} of {len(tries)} |"
    return f"| {what} | {told}"


def main() -> None:
    """Measure, print how many steps were needed and what was mended, and write the table."""
    pairs = measure(Path(sys.argv[1]))
    last = [chosen(pair) for pair in pairs]
    for steps in (each.steps for each in pairs[0]):
        print(f"{steps} steps: {sum(each.steps == steps and each.complete for each in last)}")
    for each in (each for each in last if not each.complete):
        size = np.abs(each.values).sum()
        print(
            f"not complete: {100 * each.error:.3f} % of the change {each.change:.4g}, "
            f"{100 * abs(each.missing) / size:.4f} % of all values' size"
        )
    lines = table(pairs)
    print("\n".join(lines))
    replace_between(BEGIN, END, lines, DOCUMENT)


if __name__ == "__main__":
    main()
