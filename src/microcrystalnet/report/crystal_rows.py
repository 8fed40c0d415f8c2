"""The crystals of a report as statistics and figures take them."""

from collections.abc import Sequence

from microcrystalnet.domain.verdict import State
from microcrystalnet.report.facts import CrystalFacts, MicrographFacts
from microcrystalnet.statistics.collect import word
from microcrystalnet.statistics.population import CrystalRow


def settled_rows(facts: Sequence[MicrographFacts]) -> list[CrystalRow]:
    """Give the analysed crystals with the class that the experts settled on, or None."""
    return [
        _row(each, crystal, crystal.settled_class, word(crystal.verdict))
        for each in facts
        for crystal in each.analysed
    ]


def predicted_rows(facts: Sequence[MicrographFacts]) -> list[CrystalRow]:
    """Give the analysed crystals with the class that the classifier gives, or None."""
    return [
        _row(each, crystal, crystal.predicted_class, _said(crystal))
        for each in facts
        for crystal in each.analysed
    ]


def _said(crystal: CrystalFacts) -> str:
    """Give the state of a predicted crystal: what people took for none the model cannot name."""
    return State.EXCLUDED.value if crystal.excluded else "predicted"


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
