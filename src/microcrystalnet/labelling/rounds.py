"""Who labels what in a round, in which order, and what comes a second time: no state, no luck.

Everything follows from a hash (BLAKE2b) of the round's seed, the expert and the crystal, so every
computer finds the same without asking another. A crystal outlined later moves no first turn of
another one; which come a second time, and when, may change.
"""

import hashlib
from collections.abc import Iterable, Sequence

from microcrystalnet.domain.round import Round

_LATE = 0.8  # repeats come after this share of the first answers


def order(crystal_ids: Iterable[str], seed: int, expert: str) -> tuple[str, ...]:
    """Give the crystals in this expert's own random order.

    Parameters
    ----------
    crystal_ids
        In any order; the result does not depend on it.
    seed
        The round's ``order_seed``; another seed gives another order.
    expert
        Two experts get different orders, so that fatigue does not hit the same crystals.
    """
    return tuple(sorted(crystal_ids, key=lambda each: (_draw("order", seed, expert, each), each)))


def ranked_experts(round_: Round, crystal_id: str) -> tuple[str, ...]:
    """Give the round's experts in the order in which they are asked about a crystal."""
    return tuple(
        sorted(
            round_.experts,
            key=lambda expert: (_draw("who", round_.order_seed, expert, crystal_id), expert),
        )
    )


def planned_experts(round_: Round, crystal_id: str) -> tuple[str, ...]:
    """Give the experts who label a crystal before anybody knows whether it is disputed."""
    return ranked_experts(round_, crystal_id)[: round_.min_labels]


def third_expert(round_: Round, crystal_id: str) -> str | None:
    """Give the expert who is asked when the planned ones differ; None if there is no other."""
    rest = ranked_experts(round_, crystal_id)[round_.min_labels :]
    return rest[0] if rest and round_.third_on_dispute else None


def repeated(ordered: Sequence[str], round_: Round, expert: str) -> tuple[str, ...]:
    """Choose the crystals that an expert is to label a second time.

    Parameters
    ----------
    ordered
        The crystals this expert labels on one micrograph, in the expert's order. Repeats are drawn
        from the first half, so that some time lies between the two looks.

    Returns
    -------
    tuple of str
        ``repeat_frac`` of them, rounded half up; in the order in which they come.
    """
    count = int(len(ordered) * round_.repeat_frac + 0.5)
    drawn = sorted(
        ordered[: (len(ordered) + 1) // 2],
        key=lambda each: (_draw("again", round_.order_seed, expert, each), each),
    )
    return tuple(drawn[:count])


def due(repeats: Sequence[str], answered: int, asked: int) -> tuple[str, ...]:
    """Give the repeats whose time has come: spread over the last fifth of the first answers.

    Parameters
    ----------
    repeats
        As `repeated` gives them.
    answered, asked
        How many of the crystals have their first answer, and how many there are.
    """
    step = (1 - _LATE) / max(len(repeats), 1)
    return tuple(
        crystal_id
        for place, crystal_id in enumerate(repeats, 1)
        if answered >= asked * min(1.0, _LATE + step * place) - 1e-9
    )


def _draw(purpose: str, seed: int, expert: str, crystal_id: str) -> bytes:
    text = f"{purpose}\0{seed}\0{expert}\0{crystal_id}"
    return hashlib.blake2b(text.encode(), digest_size=8).digest()
