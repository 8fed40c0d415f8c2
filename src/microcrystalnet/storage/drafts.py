"""Edits as the events they become, not yet happened."""

from dataclasses import dataclass, replace

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.decision import Act
from microcrystalnet.domain.label import UNAIDED, Label, most_help
from microcrystalnet.domain.micrograph import Reading, Region, Scale
from microcrystalnet.domain.sample import Sample, Texture
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import MaskError
from microcrystalnet.storage.decisions import act_to_json, kind_of
from microcrystalnet.storage.event import LONGEST_DETAILS, details_text
from microcrystalnet.storage.history import Assignment, Drawn, Slot
from microcrystalnet.storage.label_records import label_to_json
from microcrystalnet.storage.layout import ADJUDICATION, CONTROL, LABEL, MASKS, Stream
from microcrystalnet.storage.reading_records import READING, reading_to_json
from microcrystalnet.storage.records import Details, region_to_json, scale_to_json
from microcrystalnet.storage.sample_records import (
    SAMPLE,
    TEXTURE,
    sample_to_json,
    texture_to_json,
)
from microcrystalnet.storage.scheme_records import scheme_to_json
from microcrystalnet.storage.showcase import ShownExample, shown_to_json

_ORIGINS = frozenset({"sample", "texture", "reading"})  # kinds of slots


@dataclass(frozen=True, slots=True)
class Draft:
    """An event without its time; ``crystal`` saves decoding its details.

    ``held`` keeps it on this computer until the micrograph is sealed. ``event_id`` is given where
    the same event, made twice, must count once; else it is new.
    """

    stream: Stream
    kind: str
    details: Details
    crystal: Crystal | None = None
    held: bool = False
    event_id: str = ""

    def text(self) -> str:
        """Give the details as they will be written.

        Raises
        ------
        MaskError
            If they do not fit into a line.
        """
        written = details_text(self.details)
        if len(written) > LONGEST_DETAILS:
            raise MaskError(
                f"This mask is too ragged to be stored ({len(written)} bytes); smooth it first."
            )
        return written


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which conditions an expert works on a crystal now.

    ``held`` says that the label stays on this computer until the micrograph is sealed; ``assist``
    what help the expert had with the crystal before.
    """

    round_id: str | None = None
    blind: bool = True
    scheme_version: int | None = None
    held: bool = False
    assist: str = UNAIDED


def draft(
    assignment: Assignment,
    previous: str | None,
    milliseconds: int | None,
    conditions: Conditions,
) -> Draft:
    """Give the event of an assignment; ``previous`` is the label event that it replaces."""
    slot, after = assignment.slot, assignment.after
    match after:
        case Drawn():
            return Draft(Stream(MASKS, slot.image_id), "mask.put", after.details, after.crystal)
        case Label():
            said = label_to_json(
                _under(conditions, after, slot.turn), slot.image_id, previous, milliseconds
            )
            return Draft(Stream(LABEL), "label.set", said, held=conditions.held)
        case Act():
            said = act_to_json(after, slot.image_id)
            return Draft(Stream(ADJUDICATION), kind_of(after), said)
        case Scale() | Region() | Scheme() | ShownExample():
            return _of_everyone(slot, after)
        case Sample() | Texture() | Reading() | None if slot.kind in _ORIGINS:
            return _of_origin(slot.image_id, slot.kind, after)
    return _taking_back(slot, previous, conditions)


def _of_everyone(slot: Slot, chosen: Scale | Region | Scheme | ShownExample) -> Draft:
    match chosen:
        case Scale():
            said = "image.scale", scale_to_json(slot.image_id, chosen)
        case Region():
            said = "image.region", region_to_json(slot.image_id, chosen)
        case Scheme():
            said = "scheme.set", scheme_to_json(chosen)
        case ShownExample():
            said = "atlas.show", shown_to_json(slot.crystal_id, slot.image_id, chosen.cls)
    return Draft(Stream(CONTROL), *said)


def _of_origin(image_id: str, kind: str, said: Sample | Texture | Reading | None) -> Draft:
    if kind == "reading":
        reading = said if isinstance(said, Reading) else None
        return Draft(Stream(CONTROL), READING, reading_to_json(image_id, reading))
    if kind == "sample":
        sample = said if isinstance(said, Sample) else None
        return Draft(Stream(CONTROL), SAMPLE, sample_to_json(image_id, sample))
    texture = said if isinstance(said, Texture) else None
    return Draft(Stream(CONTROL), TEXTURE, texture_to_json(image_id, texture))


def _taking_back(slot: Slot, previous: str | None, conditions: Conditions) -> Draft:
    target = {"image": slot.image_id, "crystal": slot.crystal_id}
    if slot.kind == "mask":
        return Draft(Stream(MASKS, slot.image_id), "mask.del", target)
    if slot.kind == "example":
        details = shown_to_json(slot.crystal_id, slot.image_id, None)
        return Draft(Stream(CONTROL), "atlas.show", details)
    if slot.kind == "act":
        return Draft(Stream(ADJUDICATION), "adj.undo", {**target, "act": slot.act_id})
    how = {"blind": conditions.blind, "assist": conditions.assist}
    place = {"round": conditions.round_id, "pass": slot.turn, **how}
    taken_back = {**target, "prev": previous, **place}
    return Draft(Stream(LABEL), "label.undo", taken_back, held=conditions.held)


def _under(conditions: Conditions, label: Label, turn: int) -> Label:
    return replace(
        label,
        round_id=conditions.round_id,
        turn=turn,
        blind=conditions.blind,
        scheme_version=conditions.scheme_version,
        assist=most_help(label.assist, conditions.assist),
    )
