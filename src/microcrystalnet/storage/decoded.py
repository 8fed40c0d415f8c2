"""The crystals of each micrograph, whose masks are decoded when they are first asked for."""

from collections.abc import Callable, Iterator

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.fold import Fold
from microcrystalnet.storage.records import Details, crystal_if_sound

AT_ONCE = 50  # masks between two pauses: well below a millisecond for small crystals

Frame = Callable[[str], tuple[int, int] | None]
Early = dict[str, tuple[Details | None, Crystal | None]]  # what was decoded, and what came of it


class DecodedCrystals:
    """Decodes what the fold knows of outlines, once.

    Parameters
    ----------
    fold
        What the events add up to.
    frame
        Gives a micrograph's height and width in pixels; None where its record is missing.
    """

    def __init__(self, fold: Fold, frame: Frame) -> None:
        self._fold, self._frame = fold, frame
        self._crystals: dict[str, dict[str, Crystal]] = {}

    def on(self, image_id: str) -> dict[str, Crystal]:
        """Give the crystals of a micrograph by id, in the order of creation."""
        if image_id not in self._crystals:
            self._crystals[image_id] = self._decoded(image_id, {})
        return self._crystals[image_id]

    def decoding(self, image_id: str) -> Iterator[int]:
        """Decode the masks of a micrograph, unless that was done, with a pause after every few.

        What is outlined anew in the pauses is decoded at the end. It gives how many were decoded.
        """
        if image_id in self._crystals:
            return
        early: Early = {}
        for crystal_id, outline in tuple(self._fold.outlines.get(image_id, {}).items()):
            crystal = crystal_if_sound(outline.details, self._frame(image_id))
            early[crystal_id] = outline.details, crystal
            if len(early) % AT_ONCE == 0:
                yield len(early)
        if image_id not in self._crystals:
            self._crystals[image_id] = self._decoded(image_id, early)

    def _decoded(self, image_id: str, early: Early) -> dict[str, Crystal]:
        outlines, frame = self._fold.outlines.get(image_id, {}), self._frame(image_id)
        found = {}
        for each in sorted(outlines, key=lambda crystal_id: outlines[crystal_id].born):
            details, known = outlines[each].details, early.get(each)
            same = known is not None and known[0] is details
            crystal = known[1] if known and same else crystal_if_sound(details, frame)
            if crystal is not None:
                found[each] = crystal
        return found

    def follow(self, event: Event, image_id: str, crystal_id: str, crystal: Crystal | None) -> None:
        """Take an event over that the fold knows by now: a mask that was put or deleted.

        ``crystal`` saves decoding a mask that was just encoded.
        """
        known = self._crystals.get(image_id)
        outline = self._fold.outlines[image_id][crystal_id]
        in_place = crystal is not None and crystal_id in (known or ())
        newest = outline.born == outline.stamp == (event.lc, event.id)
        if known is not None and crystal is not None and (in_place or newest):
            known[crystal_id] = crystal
        elif known is not None and event.t == "mask.del" and outline.details is None:
            known.pop(crystal_id, None)
        else:
            self._crystals.pop(image_id, None)
