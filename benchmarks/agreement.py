"""Agreement with intervals for a project of the source team's size."""

from __future__ import annotations

import numpy as np

from benchmarks.figures import Figure, ms, seconds

CRYSTALS, MICROGRAPHS, EXPERTS = 1852, 48, ("AY", "BK", "CM")
CLASSES = ("RES", "PES", "AA", "SA", "unclear", "not_crystal")


def measure() -> list[Figure]:
    """Compare three experts on every crystal, everything that `mcn agreement` reports."""
    from microcrystalnet.labelling.agreement import compare_experts
    from microcrystalnet.labelling.answer_table import arrange
    from microcrystalnet.labelling.answers import GivenAnswer

    generator = np.random.default_rng(0)
    truth = generator.integers(0, 4, CRYSTALS)
    answers = [
        GivenAnswer(f"m{crystal % MICROGRAPHS}", f"c{crystal}", expert, word, 0, crystal)
        for expert in EXPERTS
        for crystal, word in enumerate(_said(truth, generator))
    ]
    spent = seconds(lambda: compare_experts(arrange(answers)), 10)
    what = f"agreement with all intervals, {CRYSTALS:,} crystals x {len(EXPERTS)} experts"
    return [Figure(what, ms(spent), "2 s")]


def _said(truth: np.ndarray, generator: np.random.Generator) -> list[str]:
    slips = generator.integers(0, len(CLASSES), len(truth))
    right = generator.random(len(truth)) < 0.86
    return [CLASSES[code] for code in np.where(right, truth, slips)]
