"""Three simulated petrographers who confuse the classes the way people do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer, Flag

# Where a wrong answer goes: within shape families (RES-PES, AA-SA) much more than across.
CONFUSIONS: Mapping[str, Mapping[str, float]] = {
    "RES": {"PES": 0.78, "AA": 0.14, "SA": 0.08},
    "PES": {"RES": 0.55, "SA": 0.27, "AA": 0.18},
    "AA": {"SA": 0.62, "PES": 0.24, "RES": 0.14},
    "SA": {"AA": 0.66, "PES": 0.28, "RES": 0.06},
}


@dataclass(frozen=True, slots=True)
class Expert:
    """One person: shares of wrong, unclear and discarding answers on an average crystal.

    ``leaning`` multiplies how often a class is chosen when in error: a personal habit.
    """

    name: str
    wrong: float
    unclear: float
    discard: float
    leaning: Mapping[str, float]


UNSURE = 0.03  # share of answers that carry the flag on an average crystal

EXPERTS = (
    Expert("AY", 0.09, 0.020, 0.006, {"PES": 1.3}),
    Expert("MK", 0.11, 0.030, 0.010, {"SA": 1.4}),
    Expert("RS", 0.13, 0.015, 0.008, {"AA": 1.5}),
)


def simulate(
    classes: Sequence[str],
    seed: int,
    difficulties: Sequence[float] | None = None,
    experts: Sequence[Expert] = EXPERTS,
) -> dict[str, tuple[Answer, ...]]:
    """Let each expert name each crystal, blind; gives expert -> answers in the crystals' order.

    ``difficulties`` (0 easy .. 1 hopeless, 0.3 on average) are shared by the experts, so that hard
    crystals are where they disagree.
    """
    random = np.random.default_rng([seed, 0x5EED])
    hard = [0.3] * len(classes) if difficulties is None else difficulties
    return {
        expert.name: tuple(
            _answer(expert, cls, difficulty, random)
            for cls, difficulty in zip(classes, hard, strict=True)
        )
        for expert in experts
    }


def difficulty(share: float, diameter_px: float, doubt: float) -> float:
    """How hard a crystal is to name, 0..1: hidden, small or between two classes.

    ``share`` is its visible part, ``doubt`` its leaning to the neighbouring class, both 0..1.
    """
    hidden = 1 - share
    small = float(np.clip((110 - diameter_px) / 90, 0, 1))
    return float(np.clip(0.05 + 0.45 * doubt + 0.45 * hidden**1.5 + 0.30 * small, 0, 1))


def _answer(expert: Expert, cls: str, hard: float, random: np.random.Generator) -> Answer:
    push = (hard / 0.3) ** 1.5
    luck = random.random()
    if luck < expert.discard * push:
        return NOT_A_CRYSTAL
    if luck < (expert.discard + expert.unclear) * push:
        return UNCLEAR
    unsure = random.random() < UNSURE * push
    flags = frozenset({Flag.UNSURE}) if unsure else frozenset()
    if random.random() >= min(expert.wrong * push, 0.7):
        return Answer(cls, flags)
    others = list(CONFUSIONS[cls])
    weights = np.array([CONFUSIONS[cls][code] * expert.leaning.get(code, 1.0) for code in others])
    return Answer(others[int(random.choice(len(others), p=weights / weights.sum()))], flags)
