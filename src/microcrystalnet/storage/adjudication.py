"""Decisions about disputed crystals: made, signed, objected to and taken up again."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from ulid import ULID

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.decision import (
    Act,
    Case,
    Decision,
    Method,
    Objection,
    Outcome,
    Ruling,
    Signature,
    dissenters,
    majority,
)
from microcrystalnet.domain.label import Answer, Label
from microcrystalnet.errors import DecisionError, NoVotesError
from microcrystalnet.storage import edits
from microcrystalnet.storage.desk import Desk
from microcrystalnet.storage.history import Assignment, Change, Edit, Slot
from microcrystalnet.storage.layout import CONTROL

OWNER, ADJUDICATOR, EXPERT = "owner", "adjudicator", "expert"


class Adjudication:
    """What people decide about crystals; every act is an edit and can be undone.

    Parameters
    ----------
    desk
        Where events are read and written.
    do
        Makes an edit happen and remembers it for undo.
    """

    def __init__(self, desk: Desk, do: Callable[[Edit], None]) -> None:
        self._desk, self._do = desk, do
        self._read_as: tuple[str, frozenset[str]] | None = None  # for whom everyone was read

    def read(self) -> None:
        """Open everyone's decisions, which show their labels."""
        self._desk.read_decisions()

    def cases(self) -> Mapping[str, Case]:
        """Give what was said of the crystals in adjudication, by crystal id.

        This opens everyone's decisions, which show their labels.
        """
        self.read()
        return self._desk.cases()

    def finding_cases(self) -> Iterator[tuple[str, Case]]:
        """Give the cases one after the other, as far as they were read; see `cases`."""
        return self._desk.finding_cases()

    def know_all(self) -> None:
        """Learn that everyone's files were read as far as the one at the keyboard may see them.

        They are not opened again at the next decision, unless somebody else takes the keyboard or
        a round or a seal changes what may be seen.
        """
        self._read_as = self._desk.sees_as

    def case(self, crystal_id: str) -> Case:
        """Give what was said of one crystal, as far as it was read and may be seen."""
        return self._desk.case(crystal_id)

    def labels_of(self, crystal_id: str) -> Mapping[str, Label]:
        """Give everyone's labels of one crystal by expert, as far as they were read."""
        return self._desk.state.labels_of(crystal_id)

    @property
    def owner(self) -> str:
        """Who made the project; empty where that is not known."""
        return next(iter(self._desk.with_role(OWNER)), "")

    @property
    def adjudicators(self) -> tuple[str, ...]:
        """Who was appointed; where somebody was, one of them or the owner takes part."""
        return self._desk.with_role(ADJUDICATOR)

    def appoint(self, name: str, *, adjudicates: bool = True) -> None:
        """Make an expert an adjudicator, or no longer; only the owner of the project does that.

        Raises
        ------
        DecisionError
            If somebody else than the owner asks, or it is about the owner or nobody known.
        """
        if (owner := self.owner) and self._desk.session.actor != owner:
            raise DecisionError(f"{owner} owns this project and appoints its adjudicators.")
        if self._known(name) == owner:
            raise DecisionError(f"{owner} owns this project and needs no appointment.")
        role = ADJUDICATOR if adjudicates else EXPERT
        self._desk.note(CONTROL, "role.grant", {"actor": name, "role": role})

    def decide(
        self,
        crystal_id: str,
        ruling: Ruling,
        participants: Sequence[str],
        rationale: str = "",
    ) -> Decision:
        """Record what two or more people decided about a crystal.

        In a project with a single expert, that one may decide alone; it counts as self-reviewed.

        Raises
        ------
        NoVotesError
            If nobody has labelled the crystal.
        BlindError
            If what the others say of it is closed to the expert at the keyboard.
        DecisionError
            If the participants may not decide it, or a majority is overruled without a rationale.
        ProjectError
            If there is no such crystal, or the scheme has no such class.
        """
        crystal = self._desk.state.crystal(crystal_id)
        edits.check_answer(self._desk.state.scheme, Answer(ruling.cls))
        labels = self._all_labels(crystal)
        present = self._present(participants)
        why = rationale.strip()
        if overrules(labels, ruling) and not why:
            raise DecisionError(
                "Most experts said something else about this crystal; write down why."
            )
        decision = Decision(
            *self._head(crystal),
            ruling,
            Method.TOGETHER if len(present) > 1 else Method.ALONE,
            present,
            frozenset(label.label_id for label in labels.values()),
            crystal.mask.digest,
            frozenset(act.act_id for act in self.case(crystal_id).acts),
            dissenters(labels, ruling),
            why,
        )
        self._say(crystal, decision, f"Decided {_spoken(ruling)}")
        return decision

    def sign(self, crystal_id: str, by: str | None = None) -> Signature:
        """Let an expert, the one at the keyboard by default, stand by the decision there is.

        Raises
        ------
        DecisionError
            If there is no decision, or the expert has signed it already.
        BlindError
            If the crystal is closed to the expert at the keyboard.
        ProjectError
            If there is no such crystal.
        """
        crystal = self._desk.state.crystal(crystal_id)
        decision = self._decision(crystal)
        name = self._known(by or self._desk.session.actor)
        if name in self.case(crystal_id).signers(decision.act_id):
            raise DecisionError(f"{name} has signed this decision already.")
        head = (str(ULID()), crystal_id, name, _now())
        signature = Signature(*head, decision.act_id)
        self._say(crystal, signature, f"{name} signed a decision")
        return signature

    def object_to(self, crystal_id: str, reason: str = "") -> Objection:
        """Ask for a crystal to be discussed, whether or not it was decided or is agreed on.

        This opens nobody else's files: blind labelling goes on.

        Raises
        ------
        DecisionError
            If the expert at the keyboard has asked for it already.
        ProjectError
            If there is no such crystal.
        """
        crystal = self._desk.state.crystal(crystal_id)
        self._desk.read_decisions(own=True)
        actor = self._desk.session.actor
        if actor in {each.by for each in self.case(crystal_id).objections}:
            raise DecisionError(f"{actor} has asked already for this crystal to be discussed.")
        objection = Objection(*self._head(crystal), False, reason.strip())
        self._say(crystal, objection, "Sent a crystal to adjudication")
        return objection

    def reopen(self, crystal_id: str, reason: str = "") -> Objection:
        """Take a decided crystal up again; what was decided stays in its history.

        Raises
        ------
        DecisionError
            If there is no decision, or it was taken up again already.
        BlindError
            If the crystal is closed to the expert at the keyboard.
        ProjectError
            If there is no such crystal.
        """
        crystal = self._desk.state.crystal(crystal_id)
        self._decision(crystal)
        if any(each.reopens for each in self.case(crystal_id).objections):
            raise DecisionError("This crystal was taken up again already; decide it.")
        objection = Objection(*self._head(crystal), True, reason.strip())
        self._say(crystal, objection, "Took a decision up again")
        return objection

    def _head(self, crystal: Crystal) -> tuple[str, str, str, int]:
        return str(ULID()), crystal.crystal_id, self._desk.session.actor, _now()

    def _say(self, crystal: Crystal, act: Act, text: str) -> None:
        slot = Slot("act", crystal.image_id, crystal.crystal_id, act.act_id)
        change = Change("decision", crystal.image_id, (crystal.crystal_id,), text)
        self._do(Edit(change, (Assignment(slot, None, act),)))

    def _all_labels(self, crystal: Crystal) -> Mapping[str, Label]:
        self._open(crystal)
        labels = self._desk.reveal_one(crystal.crystal_id)
        if not labels:
            raise NoVotesError("Nobody has labelled this crystal yet; label it first.")
        return labels

    def _open(self, crystal: Crystal) -> None:
        """Read everyone's files once for who sits here; what comes later is read by `cases`.

        A decision made without knowing of a new label does not hold once both are known, so that a
        folder that hangs must not be waited for at every key.
        """
        self._desk.visibility.require_opened(crystal, self._desk.session.actor)
        if self._read_as != self._desk.sees_as:
            self._desk.read_labels()
            self._desk.read_decisions()
            self.know_all()

    def _decision(self, crystal: Crystal) -> Decision:
        self._open(crystal)
        latest = self.case(crystal.crystal_id).latest
        if not latest:
            raise DecisionError("Nothing has been decided about this crystal yet.")
        return latest[-1]

    def _known(self, name: str) -> str:
        known = self._experts()
        if name not in known:
            raise DecisionError(
                f"{name} does not work on this project; the experts are {', '.join(known)}."
            )
        return name

    def _experts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._desk.experts(), self._desk.session.actor)))

    def _present(self, participants: Sequence[str]) -> tuple[str, ...]:
        """Make sure that these people may decide together."""
        actor, known = self._desk.session.actor, self._experts()
        present = tuple(dict.fromkeys(self._known(each) for each in participants))
        if len(present) < 2 and (len(known) > 1 or present != known):
            raise DecisionError(
                "Nobody decides a dispute alone: choose at least two people who sit here."
            )
        if actor not in present:
            raise DecisionError(
                f"{actor} is at the keyboard and takes part in the decision; add the name."
            )
        appointed = self.adjudicators
        if appointed and not {*appointed, self.owner} & set(present):
            raise DecisionError(
                f"One of {', '.join((*appointed, self.owner))} takes part in every decision of "
                "this project; call one of them."
            )
        return present


def overrules(labels: Mapping[str, Label], ruling: Ruling) -> bool:
    """Say whether more than half of the experts agree on something else."""
    most = majority(labels)
    return most is not None and most != ruling


def _spoken(ruling: Ruling) -> str:
    if ruling.outcome is Outcome.EXCLUDE:
        return "that it is not a crystal"
    return ruling.cls or "that it is undecidable"


def _now() -> int:
    return time.time_ns() // 1_000_000
