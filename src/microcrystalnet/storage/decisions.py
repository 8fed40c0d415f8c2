"""What is said in adjudication as events, and what those events add up to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from microcrystalnet.domain.decision import (
    Act,
    Decision,
    Method,
    Objection,
    Outcome,
    Ruling,
    Signature,
)
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.records import Details, text

KINDS = ("adj.decide", "adj.sign", "adj.object", "adj.reopen", "adj.undo")
Stamp = tuple[int, str]


def kind_of(act: Act) -> str:
    """Give the kind of event that an act is written as."""
    if isinstance(act, Decision):
        return "adj.decide"
    if isinstance(act, Signature):
        return "adj.sign"
    return "adj.reopen" if isinstance(act, Objection) and act.reopens else "adj.object"


def act_to_json(act: Act, image_id: str) -> Details:
    """Give the details of an act."""
    said: dict[str, object] = {
        "crystal": act.crystal_id,
        "image": image_id,
        "act": act.act_id,
        "by": act.by,
    }
    match act:
        case Decision():
            said |= _decision_to_json(act)
        case Signature():
            said["decision"] = act.decision_id
        case Objection():
            said["reason"] = act.reason
    return said


def _decision_to_json(decision: Decision) -> dict[str, object]:
    return {
        "outcome": decision.ruling.outcome.value,
        "cls": decision.ruling.cls,
        "method": decision.method.value,
        "participants": decision.participants,
        "basis": sorted(decision.basis),
        "mask": decision.mask_digest,
        "seen": sorted(decision.seen),
        "dissent": decision.dissent,
        "rationale": decision.rationale,
    }


def act_from_json(event: Event, actor: str) -> Act:
    """Read an act.

    Raises
    ------
    ValueError, KeyError, TypeError
        If the event does not describe one.
    """
    details = event.d
    crystal_id, by = text(details["crystal"]), text(details.get("by", actor))
    head = (text(details.get("act", event.id)), crystal_id, by, event.ts)
    if event.t == "adj.decide":
        return _decision_from_json(head, details)
    if event.t == "adj.sign":
        return Signature(*head, text(details["decision"]))
    return Objection(*head, event.t == "adj.reopen", text(details.get("reason", "")))


def _decision_from_json(head: tuple[str, str, str, int], details: Details) -> Decision:
    cls = details["cls"]
    outcome = Outcome(text(details["outcome"]))
    if (outcome is Outcome.CLASS) is (cls is None):
        raise ValueError(f"the outcome {outcome} does not go with the class {cls!r}")
    return Decision(
        *head,
        Ruling(outcome, None if cls is None else text(cls)),
        Method(text(details["method"])),
        _texts(details["participants"]),
        frozenset(_texts(details["basis"])),
        text(details["mask"]),
        frozenset(_texts(details.get("seen", []))),
        _texts(details.get("dissent", [])),
        text(details.get("rationale", "")),
    )


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"a list of texts is expected, not {value!r}")
    return tuple(text(each) for each in value)


@dataclass(slots=True)
class Docket:
    """The latest word on every act, by crystal: the same for any order of the events.

    An act belongs to who wrote it: nobody can take back another person's.
    """

    acts: dict[str, dict[tuple[str, str], tuple[Stamp, Act | None]]] = field(default_factory=dict)
    images: dict[str, tuple[Stamp, str]] = field(default_factory=dict)

    def apply(self, event: Event, stamp: Stamp, image_id: str, actor: str) -> None:
        """Add one event.

        Raises
        ------
        ValueError, KeyError, TypeError
            If its details are not what its kind asks for; nothing has changed then.
        """
        crystal_id = text(event.d["crystal"])
        act = None if event.t == "adj.undo" else act_from_json(event, actor)
        key = actor, act.act_id if act else text(event.d["act"])
        known = self.acts.setdefault(crystal_id, {})
        first = stamp, image_id
        self.images[crystal_id] = min(first, self.images.get(crystal_id, first))
        if key not in known or stamp > known[key][0]:
            known[key] = stamp, act

    def of(self, crystal_id: str) -> tuple[Act, ...]:
        """Give what was said about a crystal and not taken back, in order."""
        said = sorted(self.acts.get(crystal_id, {}).values(), key=lambda each: each[0])
        return tuple(act for _, act in said if act is not None)

    def act(self, crystal_id: str, actor: str, act_id: str) -> Act | None:
        """Give an act of an expert, or None where it was taken back."""
        known = self.acts.get(crystal_id, {}).get((actor, act_id))
        return known[1] if known else None

    def image_of(self, crystal_id: str) -> str | None:
        """Give the micrograph on which a crystal was first adjudicated, if it ever was."""
        known = self.images.get(crystal_id)
        return known[1] if known else None

    @property
    def crystals(self) -> Iterable[str]:
        """Every crystal that was ever adjudicated."""
        return self.images.keys()
