"""Which crystals an expert labels on a micrograph, which are left, and which come again."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from microcrystalnet.domain.label import Label
from microcrystalnet.domain.round import Round
from microcrystalnet.labelling.rounds import due, order, repeated
from microcrystalnet.storage.classifier_told import TOLD
from microcrystalnet.storage.fold import Fold, Vote

_ELSEWHERE = frozenset({"session.open", "actor.declare", "role.grant", "reveal", TOLD})


@dataclass(frozen=True, slots=True)
class Plan:
    """The crystals of one expert on one micrograph in the expert's order, and those to repeat.

    ``thirds`` come after the others: their labels are asked for where two experts differ.
    """

    firsts: tuple[str, ...]
    thirds: tuple[str, ...]
    repeats: tuple[str, ...]

    @property
    def crystals(self) -> tuple[str, ...]:
        """All of them, once each."""
        return self.firsts + self.thirds


class Agenda:
    """Answers about rounds from the fold; what is costly is kept until an event changes it.

    Parameters
    ----------
    fold
        What the events add up to.
    crystals
        Gives the ids of the crystals that are on a micrograph now.
    """

    def __init__(self, fold: Fold, crystals: Callable[[str], Collection[str]]) -> None:
        self._fold, self._crystals = fold, crystals
        self._plans: dict[str, dict[tuple[str, str], Plan]] = {}  # by image; round and expert
        self._due: dict[str, dict[str, frozenset[str]]] = {}  # by image and expert
        self._ages: Counter[str] = Counter()  # events by image
        self._age = 0  # events that are about all of them

    def age(self, image_id: str) -> tuple[int, int]:
        """Give a number that changes when anything is said or drawn on a micrograph."""
        return self._age, self._ages[image_id]

    def forget(self, kind: str, image_id: object) -> None:
        """Learn that an event of some kind happened, on a micrograph or on none."""
        if kind in _ELSEWHERE:
            return
        if not isinstance(image_id, str):
            self._age += 1
            self._plans.clear()
            self._due.clear()
            return
        self._ages[image_id] += 1
        self._due.pop(image_id, None)
        if kind.startswith(("mask.", "round.")):
            self._plans.pop(image_id, None)

    def plan(self, image_id: str, expert: str) -> Plan | None:
        """Give what an expert is to label on a micrograph; None outside a round."""
        round_ = self._fold.rounds.current(image_id, expert)
        return None if round_ is None else self._planned(round_, image_id, expert)

    def _planned(self, round_: Round, image_id: str, expert: str) -> Plan:
        plan = self._plans.get(image_id, {}).get((round_.round_id, expert))
        if plan is None:
            plan = self._made(round_, image_id, expert)  # which may read masks, and so forget
            self._plans.setdefault(image_id, {})[round_.round_id, expert] = plan
        return plan

    def _made(self, round_: Round, image_id: str, expert: str) -> Plan:
        ordered = order(self._crystals(image_id), round_.order_seed, expert)
        planned, asked = self._fold.rounds.planned, self._fold.rounds.asked_third
        mine = tuple(each for each in ordered if expert in planned(round_, each))
        first = frozenset(mine)
        thirds = tuple(
            each for each in ordered if each not in first and asked(round_, each, expert)
        )
        return Plan(mine, thirds, repeated(mine, round_, expert))

    def label(self, crystal_id: str, expert: str) -> Label | None:
        """Give the answer an expert sees as theirs: in a round only what was said in it.

        A crystal that comes a second time shows no answer until it has the second one.
        """
        vote = self._fold.vote(crystal_id, expert)
        if vote is None:
            return None
        round_ = self._fold.rounds.unsealed(vote.image_id, expert)
        if round_ is None:
            return vote.label
        turn = self._turn(crystal_id, vote.image_id, expert)
        return self._said(crystal_id, expert, round_, turn)

    def turn(self, crystal_id: str, image_id: str, expert: str) -> int:
        """Give the pass that an answer given now belongs to: 1 for a repeat that is due."""
        if self._fold.rounds.unsealed(image_id, expert) is None:
            return 0
        return self._turn(crystal_id, image_id, expert)

    def at(self, crystal_id: str, image_id: str, expert: str, turn: int) -> Label | None:
        """Give an expert's present answer of one pass."""
        round_ = self._fold.rounds.unsealed(image_id, expert)
        if round_ is None and turn == 0:
            vote = self._fold.vote(crystal_id, expert)
            return vote.label if vote else None
        current = round_ or self._fold.rounds.current(image_id, expert)
        return self._said(crystal_id, expert, current, turn) if current else None

    def _turn(self, crystal_id: str, image_id: str, expert: str) -> int:
        return int(crystal_id in self.due_now(image_id, expert))

    def due_now(self, image_id: str, expert: str) -> frozenset[str]:
        """Give the crystals whose second answer is asked for, or was given."""
        due_here = self._due.get(image_id, {}).get(expert)
        if due_here is None:
            due_here = self._find_due(image_id, expert)
            self._due.setdefault(image_id, {})[expert] = due_here
        return due_here

    def _find_due(self, image_id: str, expert: str) -> frozenset[str]:
        plan = self.plan(image_id, expert)
        round_ = self._fold.rounds.current(image_id, expert)
        if plan is None or round_ is None or not plan.repeats:
            return frozenset()
        answered = sum(
            self._said(each, expert, round_, 0) is not None
            or self._said(each, expert, round_, 1) is not None
            for each in plan.firsts
        )
        now = due(plan.repeats, answered, len(plan.firsts))
        return frozenset(each for each in now if self._said(each, expert, round_, 0) is not None)

    def _said(self, crystal_id: str, expert: str, round_: Round, turn: int) -> Label | None:
        vote: Vote | None = self._fold.said(crystal_id, expert, round_.round_id, turn)
        return vote.label if vote else None

    def left(self, image_id: str, expert: str) -> tuple[str, ...]:
        """Give the crystals that wait for an expert's answer, in the expert's order."""
        plan = self.plan(image_id, expert)
        if plan is None:
            return ()
        return tuple(each for each in plan.crystals if self.label(each, expert) is None)

    def done(self, round_: Round, image_id: str, expert: str) -> tuple[int, int]:
        """Count the answers given and asked for, second ones included from the beginning."""
        plan = self._planned(round_, image_id, expert)
        firsts = sum(self._said(each, expert, round_, 0) is not None for each in plan.crystals)
        seconds = sum(self._said(each, expert, round_, 1) is not None for each in plan.repeats)
        return firsts + seconds, len(plan.crystals) + len(plan.repeats)

    def given(self, round_: Round, image_id: str, expert: str) -> Iterator[tuple[Label, bool]]:
        """Give an expert's first answers in a round, and whether the outline was touched since."""
        outlines = self._fold.outlines.get(image_id, {})
        for crystal_id in self._crystals(image_id):
            vote = self._fold.said(crystal_id, expert, round_.round_id, 0)
            if vote is not None and vote.label is not None:
                yield vote.label, outlines[crystal_id].stamp > vote.stamp
