"""Writes the tables of networks in docs/benchmarks.md from the results of `mcn benchmark`.

``python -m benchmarks.networks RESULTS``, after ``make networks`` or in its middle.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import replace_between
from microcrystalnet.cli.benchmark import as_markdown, percent
from microcrystalnet.learning.benchmark import read_outcomes
from microcrystalnet.learning.entrants import ABLATION, LESS_DROPOUT
from microcrystalnet.learning.standings import Standing, standings

BEGIN, END = "<!-- networks: begin -->", "<!-- networks: end -->"
LEFT_OUT = {
    "paper": "nothing",
    "paper-no-zscore": "z-score (features are only centred)",
    "paper-no-pca": "PCA",
    "paper-no-l1": "L1",
    "paper-no-nsr": "the whole block",
    LESS_DROPOUT: "nothing, but less dropout (0.2, none in the blocks)",
}


def main() -> None:
    """Replace what stands between the marks."""
    table = standings(read_outcomes(Path(sys.argv[1])))
    compared = [each for each in table if each.entrant not in {*ABLATION, LESS_DROPOUT}]
    replace_between(BEGIN, END, [as_markdown(compared), _ablation(table).rstrip()])
    print(as_markdown(table))


def _ablation(table: Sequence[Standing]) -> str:
    """Give the paper's network with parts of its NSR block left out, the whole block first."""
    found = {each.entrant: each for each in table}
    lines = [
        "| `paper` without | trainings | components left | explained | accuracy | macro F1 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, left_out in LEFT_OUT.items():
        if name in found:
            each = found[name]
            kept = "" if each.selected is None else f"{each.selected:.0f}"
            share = each.explained_variance
            explained = "" if share is None else f"{100 * share:.0f} %"
            figures = f"{percent(each.accuracy)} | {percent(each.macro_f1)}"
            lines.append(f"| {left_out} | {each.seeds} | {kept} | {explained} | {figures} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
