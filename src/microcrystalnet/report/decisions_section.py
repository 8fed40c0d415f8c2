"""The section of the report about what people decided where the experts disagreed."""

from collections.abc import Sequence

from microcrystalnet.domain.decision import Decision, Outcome
from microcrystalnet.report.facts import CrystalFacts, MicrographFacts
from microcrystalnet.report.markup import Markup, element, joined, table

COLUMNS = (
    "Micrograph",
    "Crystal",
    "Decided",
    "By",
    "Labelled otherwise",
    "Reason",
    "Said in all",
)
MOST = 200  # rows of the table; `mcn consensus` writes them all


def decisions(facts: Sequence[MicrographFacts]) -> Markup:
    """List the decisions in force, and count what is still or again disputed."""
    rows = [
        (each.micrograph.file_name, *_row(crystal, crystal.verdict.decision))
        for each in facts
        for crystal in each.crystals
        if crystal.verdict.decision is not None
    ]
    again = sum(
        crystal.verdict.decision is None and crystal.verdict.history > 0
        for each in facts
        for crystal in each.crystals
    )
    if not rows and not again:
        return element("p", "Nothing has been decided by discussion.")
    told = f"{len(rows)} decided by discussion; {again} objected to, taken up again or outdated."
    left_out = f" The first {MOST} are listed." if len(rows) > MOST else ""
    return joined([element("p", told + left_out), table(COLUMNS, rows[:MOST])])


def _row(crystal: CrystalFacts, decision: Decision) -> tuple[object, ...]:
    ruling = decision.ruling
    return (
        crystal.number,
        ruling.cls if ruling.outcome is Outcome.CLASS else ruling.outcome.value,
        ", ".join(decision.participants),
        ", ".join(decision.dissent),
        decision.rationale,
        crystal.verdict.history,
    )
