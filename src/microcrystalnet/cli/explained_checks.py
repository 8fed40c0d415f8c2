"""Checks whether the maps that `mcn explain` wrote can be trusted, and draws the checks."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from microcrystalnet.cli.explained import Explained
from microcrystalnet.explain import words
from microcrystalnet.explain.outline import by_class
from microcrystalnet.explain.pixel_curves import pixel_curves
from microcrystalnet.explain.sanity import Cascade, cascade
from microcrystalnet.learning.predict import Classifier
from microcrystalnet.progress import Report
from microcrystalnet.report.explanation_figures import (
    areas,
    draw_cascade,
    draw_curves,
    draw_outline,
)
from microcrystalnet.report.files import write_atomically

MOST = 32  # crystals that the two slow checks take, spread evenly


def check_all(
    classifier: Classifier, out: Path, found: Sequence[Explained], report: Report
) -> list[dict[str, Any]]:
    """Run the three checks on every method; figures and ``sanity.json`` go to ``out``.

    Raises
    ------
    ModelError
        If nothing was explained.
    OutputError
        If a file cannot be written.
    """
    forgotten: list[Cascade] = []
    checked = [_check(classifier, out, each, report, forgotten) for each in found]
    suffix = found[0].asked.suffix if found else ".png"
    draw_cascade(out / f"sanity_forgetting{suffix}", forgotten)
    document = json.dumps(checked, indent=2, allow_nan=False)
    write_atomically(out / "sanity.json", document.encode())
    return checked


def _check(
    classifier: Classifier, out: Path, found: Explained, report: Report, kept: list[Cascade]
) -> dict[str, Any]:
    """Check one method, and keep how its maps forgot for the figure of all."""
    count = len(found.crops)
    picked = np.unique(np.linspace(0, count - 1, min(MOST, count)).astype(int))
    classes = [found.classes[each] for each in picked]
    forgotten = cascade(
        classifier,
        found.crops[picked],
        classes,
        found.asked.method,
        report,
        block=found.asked.block,
    )
    curves = [
        pixel_curves(
            classifier,
            found.crops[each],
            found.maps[each],
            found.classes[each],
            report,
            method=found.asked.method,
            inside=found.inside[each],
        )
        for each in picked
    ]
    kept.append(replace(forgotten, method=found.asked.name))
    draw_curves(out / f"sanity_{found.asked.name}_pixels{found.asked.suffix}", curves)
    outlines = by_class(found.outlines, classifier.card.classes)
    if outlines:
        draw_outline(out / f"sanity_{found.asked.name}_outline{found.asked.suffix}", outlines)
    deletion, insertion = areas(curves)
    return {
        "method": found.asked.method,
        "block": found.asked.block,
        "crystals": len(picked),
        "similarity": forgotten.similarity,
        "passed": forgotten.passed,
        "forgetting": [asdict(each) for each in forgotten.stages],
        "deletion_gain": deletion,
        "insertion_gain": insertion,
        "outline": [asdict(each) | {"ratio": each.ratio} for each in outlines],
        "words": [
            words.on_gains(deletion, insertion),
            words.on_cascade(forgotten),
            *map(words.on_outline, outlines),
        ],
    }
