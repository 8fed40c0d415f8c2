"""What people decided about a crystal, and what was said for and against it afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from microcrystalnet.domain.label import Answer, Label


class Outcome(StrEnum):
    """How a dispute ends."""

    CLASS = "class"
    EXCLUDE = "exclude"
    UNDECIDABLE = "undecidable"


class Method(StrEnum):
    """How a decision came about."""

    TOGETHER = "together"  # two or more people in front of one screen
    ALONE = "alone"  # the only expert of a project looked again


@dataclass(frozen=True, slots=True)
class Ruling:
    """An outcome with its class code; ``cls`` is None unless the outcome is a class."""

    outcome: Outcome
    cls: str | None = None

    def matches(self, answer: Answer) -> bool:
        """Say whether an expert's answer is what was decided."""
        return ruling_of(answer) == self


def ruling_of(answer: Answer) -> Ruling:
    """Give the ruling an answer amounts to: *unclear* is undecidable, *not a crystal* excludes."""
    if answer.discards:
        return Ruling(Outcome.EXCLUDE)
    if answer.cls is None:
        return Ruling(Outcome.UNDECIDABLE)
    return Ruling(Outcome.CLASS, answer.cls)


def majority(labels: Mapping[str, Label]) -> Ruling | None:
    """Give what more than half of the experts say, or None."""
    said = [ruling_of(label.answer) for label in labels.values()]
    return next((each for each in said if 2 * said.count(each) > len(said)), None)


def dissenters(labels: Mapping[str, Label], ruling: Ruling) -> tuple[str, ...]:
    """Give the experts whose label says something else, by name."""
    return tuple(sorted(name for name, label in labels.items() if not ruling.matches(label.answer)))


@dataclass(frozen=True, slots=True)
class Act:
    """Something said about a crystal in adjudication.

    ``act_id`` stays the same when the act is undone and done again; ``by`` is who said it, ``ms``
    the clock in milliseconds, which is only shown.
    """

    act_id: str
    crystal_id: str
    by: str
    ms: int


@dataclass(frozen=True, slots=True)
class Decision(Act):
    """An outcome that people agreed on, and what they knew.

    Attributes
    ----------
    basis
        Ids of the labels there were: it holds only while these are the labels.
    mask_digest
        The outline there was.
    seen
        Ids of the acts there were before: decisions among them are replaced, objections answered.
    dissent
        The experts whose label said something else.
    """

    ruling: Ruling
    method: Method
    participants: tuple[str, ...]
    basis: frozenset[str]
    mask_digest: str
    seen: frozenset[str]
    dissent: tuple[str, ...]
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class Signature(Act):
    """An expert stands by a decision, whatever the own label said."""

    decision_id: str


@dataclass(frozen=True, slots=True)
class Objection(Act):
    """An expert wants a crystal discussed, or a decision taken up again (``reopens``)."""

    reopens: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """All that was said about one crystal in adjudication, in the order of saying.

    ``outdated`` are the ids of labels and decisions that were about another outline.
    """

    acts: tuple[Act, ...] = ()
    outdated: frozenset[str] = frozenset()

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """All decisions, also those that were replaced."""
        return tuple(each for each in self.acts if isinstance(each, Decision))

    @property
    def latest(self) -> tuple[Decision, ...]:
        """The decisions nobody replaced: several if computers that did not know of each other."""
        replaced = frozenset[str]().union(*(each.seen for each in self.decisions))
        return tuple(each for each in self.decisions if each.act_id not in replaced)

    @property
    def objections(self) -> tuple[Objection, ...]:
        """The objections and reopenings that no decision has answered."""
        answered = frozenset[str]().union(*(each.seen for each in self.decisions))
        open_ones = (each for each in self.acts if isinstance(each, Objection))
        return tuple(each for each in open_ones if each.act_id not in answered)

    def signers(self, decision_id: str) -> tuple[str, ...]:
        """Give who signed a decision."""
        signatures = (each for each in self.acts if isinstance(each, Signature))
        return tuple(
            dict.fromkeys(each.by for each in signatures if each.decision_id == decision_id)
        )
