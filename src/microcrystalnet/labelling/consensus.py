"""Turn the experts' labels of a crystal into its verdict: unanimous, or left to people."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from microcrystalnet.domain.decision import Case, Decision, Outcome
from microcrystalnet.domain.label import Flag, Label
from microcrystalnet.domain.verdict import State, Verdict

# A crystal with one of these remarks goes to a person, whatever its classes say.
DISPUTING_FLAGS = frozenset({Flag.UNSURE, Flag.BAD_MASK, Flag.NOT_CRYSTAL})
MINIMUM_LABELS = 2
NEVER_ADJUDICATED = Case()
_REMARKS = {
    Flag.UNSURE: "is unsure",
    Flag.BAD_MASK: "calls the outline wrong",
    Flag.NOT_CRYSTAL: "sees no crystal",
}


def settle(crystal_id: str, labels: Mapping[str, Label], case: Case = NEVER_ADJUDICATED) -> Verdict:
    """Give the verdict on one crystal from its labels, by expert, and what people decided.

    It is *agreed* when two or more blind labels name one class and nobody objects; *unclear* counts
    as an answer that differs from every class. Labels given after seeing the others' can dispute
    a class but not confirm it: such a crystal stays *single*. No algorithm decides a dispute.

    A decision holds while the labels and the outline are those it was based on and nobody objects;
    otherwise the crystal is disputed again. One person alone settles nothing but their own labels:
    that is *self-reviewed*.
    """
    voted = replace(_by_votes(crystal_id, labels, case), history=len(case.acts))
    if case.latest:
        return _by_decision(voted, labels, case)
    if case.objections and labels:
        return _disputed(voted, _objected(case))
    return voted


def settle_all(
    votes: Mapping[str, Mapping[str, Label]], cases: Mapping[str, Case] | None = None
) -> Mapping[str, Verdict]:
    """Give the verdict on every crystal, by crystal id, in the order of ``votes``.

    Crystals that were adjudicated and have lost all their labels come last.
    """
    return dict(settling(votes, cases or {}))


def settling(
    votes: Mapping[str, Mapping[str, Label]], cases: Mapping[str, Case]
) -> Iterator[tuple[str, Verdict]]:
    """Give what `settle_all` gives, one crystal after the other."""
    alone = [each for each in cases if each not in votes and cases[each].acts]
    for crystal_id in [*votes, *alone]:
        labels, case = votes.get(crystal_id, {}), cases.get(crystal_id, NEVER_ADJUDICATED)
        yield crystal_id, settle(crystal_id, labels, case)


def _by_votes(crystal_id: str, labels: Mapping[str, Label], case: Case) -> Verdict:
    answers = [label.answer for label in labels.values()]
    if not answers:
        return Verdict(crystal_id, State.UNLABELLED, None, 0)
    classes = {answer.cls for answer in answers}
    cls = next(iter(classes)) if len(classes) == 1 else None
    if len(answers) == 1:
        return Verdict(crystal_id, State.SINGLE, cls, 1)
    if reason := _dispute(labels, case):
        return Verdict(crystal_id, State.DISPUTED, None, len(answers), reason=reason)
    blind = sum(label.blind for label in labels.values())
    state = State.AGREED if blind >= MINIMUM_LABELS else State.SINGLE
    return Verdict(crystal_id, state, cls, len(answers))


def _dispute(labels: Mapping[str, Label], case: Case) -> str:
    """Say why labels of several experts do not settle a crystal; empty if they do."""
    if len({label.answer.cls for label in labels.values()}) > 1:
        return "The experts name different classes."
    flags = frozenset[Flag]().union(*(label.answer.flags for label in labels.values()))
    for flag, remark in _REMARKS.items():
        if flag in flags:
            return f"An expert {remark}."
    if any(label.answer.cls is None for label in labels.values()):
        return "The experts cannot tell the class."
    if any(label.label_id in case.outdated for label in labels.values()):
        return "The outline has changed since an expert named it."
    return ""


def _by_decision(voted: Verdict, labels: Mapping[str, Label], case: Case) -> Verdict:
    decision = case.latest[-1]
    if reason := _why_not_in_force(decision, labels, case):
        return _disputed(voted, reason)
    state = {
        Outcome.CLASS: State.ADJUDICATED,
        Outcome.EXCLUDE: State.EXCLUDED,
        Outcome.UNDECIDABLE: State.UNDECIDABLE,
    }[decision.ruling.outcome]
    if len(decision.participants) < 2:
        state = State.SELF_REVIEWED
    return replace(voted, state=state, cls=decision.ruling.cls, decision=decision, reason="")


def _why_not_in_force(decision: Decision, labels: Mapping[str, Label], case: Case) -> str:
    """Say why the latest decision does not hold; empty if it does."""
    if case.objections:
        return _objected(case)
    if len({each.ruling for each in case.latest}) > 1:
        return "It was decided in two ways on two computers."
    if decision.basis != {label.label_id for label in labels.values()}:
        return "The labels have changed since the decision."
    if decision.act_id in case.outdated:
        return "The outline has changed since the decision."
    if len(decision.participants) < 2 and not labels.keys() <= set(decision.participants):
        return "One person alone decided on other people's labels."
    return ""


def _objected(case: Case) -> str:
    objection = case.objections[-1]
    said = f": {objection.reason}" if objection.reason else "."
    if objection.reopens:
        return f"{objection.by} has taken it up again{said}"
    return f"{objection.by} wants it discussed{said}"


def _disputed(voted: Verdict, reason: str) -> Verdict:
    return replace(voted, state=State.DISPUTED, cls=None, reason=reason)
