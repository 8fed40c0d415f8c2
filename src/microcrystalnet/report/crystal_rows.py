"""The crystals of a report as statistics and figures take them."""

from collections.abc import Sequence

from microcrystalnet.report.facts import CrystalFacts, MicrographFacts
from microcrystalnet.statistics.population import CrystalRow


def settled_rows(facts: Sequence[MicrographFacts]) -> list[CrystalRow]:
    """Give the analysed crystals with the class that the experts settled on, or None."""
    return [
        _row(each, crystal, crystal.settled_class, crystal.verdict.state.value)
        for each in facts
        for crystal in each.analysed
    ]


def predicted_rows(facts: Sequence[MicrographFacts]) -> list[CrystalRow]:
    """Give the analysed crystals with the class that the classifier gives, or None."""
    return [
        _row(each, crystal, crystal.predicted_class, "predicted")
        for each in facts
        for crystal in each.analysed
    ]


def _row(facts: MicrographFacts, each: CrystalFacts, cls: str | None, state: str) -> CrystalRow:
    return CrystalRow(
        each.crystal.crystal_id,
        each.number,
        facts.micrograph,
        each.crystal.mask,
        each.measurement,
        cls,
        state,
        each.prediction.confidence if each.prediction else None,
        each.occluded,
    )
