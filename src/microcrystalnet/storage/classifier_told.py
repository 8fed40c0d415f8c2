"""What experts were told of what classifiers say of crystals, as far as the journals say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from microcrystalnet.domain.label import UNAIDED, most_help
from microcrystalnet.storage.records import Details, text

TOLD = "reveal.classifier"


@dataclass(slots=True)
class ClassifierTold:
    """The greatest help each expert had with each crystal; the same for any order of reading."""

    _told: dict[str, dict[str, str]] = field(default_factory=dict)

    def apply(self, details: Details, expert: str) -> None:
        """Add one ``reveal.classifier``: crystals, and ``prediction`` or ``saliency``.

        Raises
        ------
        TypeError, ValueError, KeyError
            If its details are not what it asks for; nothing has changed then.
        """
        assist = text(details["assist"])
        crystals = [text(each) for each in cast(Sequence[object], details["crystals"])]
        theirs = self._told.setdefault(expert, {})
        for each in crystals:
            theirs[each] = most_help(theirs.get(each, UNAIDED), assist)

    def help_with(self, crystal_id: str, expert: str) -> str:
        """Give what help an expert had with a crystal."""
        return self._told.get(expert, {}).get(crystal_id, UNAIDED)

    def untold(self, crystal_ids: Iterable[str], expert: str, assist: str) -> list[str]:
        """Give the crystals, once each and sorted, with which an expert had less help so far."""
        known = self._told.get(expert, {})
        other = {each for each in crystal_ids if known.get(each) != assist}
        return sorted(i for i in other if most_help(known.get(i, UNAIDED), assist) == assist)


def told_to_json(crystal_ids: Sequence[str], assist: str) -> dict[str, object]:
    """Give the details of ``reveal.classifier``."""
    return {"crystals": list(crystal_ids), "assist": assist}
