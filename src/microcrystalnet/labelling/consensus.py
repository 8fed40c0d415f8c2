"""Turn the experts' labels of a crystal into its verdict: unanimous, or left to a person."""

from collections.abc import Mapping

from microcrystalnet.domain.label import Flag, Label
from microcrystalnet.domain.verdict import State, Verdict

# A crystal with one of these remarks goes to a person, whatever its classes say.
DISPUTING_FLAGS = frozenset({Flag.UNSURE, Flag.BAD_MASK, Flag.NOT_CRYSTAL})
MINIMUM_LABELS = 2


def settle(crystal_id: str, labels: Mapping[str, Label]) -> Verdict:
    """Give the verdict on one crystal from the labels of its experts, by expert.

    It is *agreed* when two or more blind labels name one class and nobody objects; *unclear* counts
    as an answer that differs from every class. Labels given after seeing the others' can dispute
    a class but not confirm it: such a crystal stays *single*. No algorithm decides a dispute.
    """
    answers = [label.answer for label in labels.values()]
    if not answers:
        return Verdict(crystal_id, State.UNLABELLED, None, 0)
    classes = {answer.cls for answer in answers}
    flags = frozenset[Flag]().union(*(answer.flags for answer in answers))
    cls = next(iter(classes)) if len(classes) == 1 else None
    if len(answers) == 1:
        return Verdict(crystal_id, State.SINGLE, cls, 1)
    if cls is None or flags & DISPUTING_FLAGS:
        return Verdict(crystal_id, State.DISPUTED, None, len(answers))
    blind = sum(label.blind for label in labels.values())
    state = State.AGREED if blind >= MINIMUM_LABELS else State.SINGLE
    return Verdict(crystal_id, state, cls, len(answers))


def settle_all(votes: Mapping[str, Mapping[str, Label]]) -> Mapping[str, Verdict]:
    """Give the verdict on every crystal, by crystal id, in the order of ``votes``."""
    return {crystal_id: settle(crystal_id, labels) for crystal_id, labels in votes.items()}
