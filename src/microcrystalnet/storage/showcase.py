"""Crystals that somebody made an example of their class, as far as the journals say."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from microcrystalnet.storage.records import Details, text

Stamp = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ShownExample:
    """A crystal of the atlas: its micrograph, the class it stands for and who chose it."""

    image_id: str
    cls: str
    by: str


@dataclass(slots=True)
class Showcase:
    """The latest word on each crystal; the same for any order of reading."""

    _said: dict[str, tuple[Stamp, ShownExample, bool]] = field(default_factory=dict)
    _shown_by: dict[str, set[str]] = field(default_factory=dict)

    def apply(self, details: Details, stamp: Stamp, image_id: str, actor: str) -> None:
        """Add one ``atlas.show``: a class makes a crystal an example of it, null takes it back.

        Raises
        ------
        ValueError, KeyError
            If its details are not what it asks for.
        """
        crystal_id, cls = text(details["crystal"]), details["cls"]
        example = ShownExample(image_id, "" if cls is None else text(cls), actor)
        self._shown_by.setdefault(crystal_id, set()).add(actor)
        if crystal_id not in self._said or stamp > self._said[crystal_id][0]:
            self._said[crystal_id] = (stamp, example, cls is not None)

    @property
    def examples(self) -> Mapping[str, ShownExample]:
        """The examples by crystal id, in the order of choosing."""
        ordered = sorted(self._said.items(), key=lambda each: each[1][0])
        return {crystal_id: shown for crystal_id, (_, shown, holds) in ordered if holds}

    def was_shown(self, crystal_id: str, expert: str) -> bool:
        """Say whether somebody else ever made a crystal an example: its class was told then."""
        return bool(self._shown_by.get(crystal_id, set()) - {expert})


def shown_to_json(crystal_id: str, image_id: str, cls: str | None) -> dict[str, object]:
    """Give the details of ``atlas.show``."""
    return {"crystal": crystal_id, "image": image_id, "cls": cls}
