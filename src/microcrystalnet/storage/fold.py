"""The state of a project as a fold over its events, in whatever order they come."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from types import MappingProxyType
from typing import NamedTuple, cast

from microcrystalnet.domain.label import UNAIDED, Label
from microcrystalnet.domain.micrograph import Region, Scale
from microcrystalnet.domain.scheme import FOUR_CLASSES, CrystalClass, Scheme
from microcrystalnet.storage.classifier_told import TOLD, ClassifierTold
from microcrystalnet.storage.decisions import KINDS, Docket
from microcrystalnet.storage.event import VERSION, Event
from microcrystalnet.storage.import_records import Imports
from microcrystalnet.storage.label_records import label_from_json
from microcrystalnet.storage.layout import IMAGE_ID
from microcrystalnet.storage.reading_records import READING
from microcrystalnet.storage.records import (
    Details,
    integers,
    region_from_json,
    scale_from_json,
    text,
)
from microcrystalnet.storage.round_fold import RoundBook
from microcrystalnet.storage.sample_records import SAMPLE, TEXTURE, Origins
from microcrystalnet.storage.scheme_records import scheme_from_json
from microcrystalnet.storage.showcase import Showcase

Stamp = tuple[int, str]  # Lamport counter and event id: the greater one wins
VoteKey = tuple[str, str | None, int, bool, bool]  # expert, round, pass, blind, assisted
NEVER: Stamp = (0, "")
NOTHING: Mapping[Stamp, Details] = MappingProxyType({})


class Vote(NamedTuple):
    """The latest word of one expert on one crystal; no label: taken back."""

    stamp: Stamp
    image_id: str
    label: Label | None


class Outline(NamedTuple):
    """The latest mask of one crystal; ``details`` None: deleted; ``earlier`` masks are kept."""

    born: Stamp
    stamp: Stamp
    details: Details | None
    earlier: Mapping[Stamp, Details] = NOTHING


@dataclass(slots=True)
class Fold:
    """What the events seen so far add up to: the same for any order and any repetition."""

    images: dict[str, Stamp] = field(default_factory=dict)
    scales: dict[str, tuple[Stamp, Scale]] = field(default_factory=dict)
    regions: dict[str, tuple[Stamp, Region]] = field(default_factory=dict)
    actors: dict[str, Stamp] = field(default_factory=dict)
    roles: dict[str, tuple[Stamp, str]] = field(default_factory=dict)
    scheme: tuple[Stamp, Scheme] = (NEVER, FOUR_CLASSES)
    classes: dict[str, tuple[Stamp, CrystalClass]] = field(default_factory=dict)
    votes: dict[str, dict[VoteKey, Vote]] = field(default_factory=dict)
    outlines: dict[str, dict[str, Outline]] = field(default_factory=dict)
    seen: dict[str, set[str]] = field(default_factory=dict)
    told: ClassifierTold = field(default_factory=ClassifierTold)
    imports: Imports = field(default_factory=Imports)
    rounds: RoundBook = field(default_factory=RoundBook)
    docket: Docket = field(default_factory=Docket)
    showcase: Showcase = field(default_factory=Showcase)
    origins: Origins = field(default_factory=Origins)
    highest: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    newer: bool = False

    def apply(self, event: Event, actor: str) -> None:
        """Add one event of an expert.

        Raises
        ------
        ValueError, KeyError, TypeError
            If its details are not what its kind asks for; nothing has changed then.
        """
        self.highest = max(self.highest, event.lc)
        if event.v > VERSION:
            self.newer = True
        handler = _HANDLERS.get(event.t) if event.v <= VERSION else None
        if handler is None:
            self.unknown[event.t] += 1
        else:
            handler(self, event, (event.lc, event.id), actor)

    def _declare(self, event: Event, stamp: Stamp, actor: str) -> None:
        self.actors[actor] = min(stamp, self.actors.get(actor, stamp))

    def _grant(self, event: Event, stamp: Stamp, actor: str) -> None:
        name, role = text(event.d["actor"]), text(event.d["role"])
        if stamp > self.roles.get(name, (NEVER,))[0]:
            self.roles[name] = (stamp, role)

    def _reveal(self, event: Event, stamp: Stamp, actor: str) -> None:
        crystals = [text(each) for each in cast(Sequence[object], event.d["crystals"])]
        self.seen.setdefault(actor, set()).update(crystals)

    def _set_scheme(self, event: Event, stamp: Stamp, actor: str) -> None:
        said = scheme_from_json(event.d)
        for cls in said.known:
            if stamp > self.classes.get(cls.code, (NEVER,))[0]:
                self.classes[cls.code] = (stamp, cls)
        newest = max((stamp, said), self.scheme, key=lambda each: each[0])
        others = sorted(self.classes.keys() - set(newest[1].codes))
        retired = tuple(self.classes[code][1] for code in others)
        self.scheme = (newest[0], replace(newest[1], retired=retired))

    def _add_image(self, event: Event, stamp: Stamp, actor: str) -> None:
        image_id = _image(event.d)
        self.images[image_id] = min(stamp, self.images.get(image_id, stamp))

    def _scale_image(self, event: Event, stamp: Stamp, actor: str) -> None:
        image_id = _image(event.d)
        if stamp > self.scales.get(image_id, (NEVER,))[0]:
            self.scales[image_id] = (stamp, scale_from_json(event.d))

    def _confine_image(self, event: Event, stamp: Stamp, actor: str) -> None:
        image_id, region = _image(event.d), region_from_json(event.d)
        if stamp > self.regions.get(image_id, (NEVER,))[0]:
            self.regions[image_id] = (stamp, region)

    def _tell_origin(self, event: Event, stamp: Stamp, actor: str) -> None:
        self.origins.apply(event.t, event.d, _image(event.d), stamp)

    def _put_mask(self, event: Event, stamp: Stamp, actor: str) -> None:
        integers(event.d["bbox"], 4), text(event.d["rle"])
        self._outline(event.d, stamp, event.d)

    def _delete_mask(self, event: Event, stamp: Stamp, actor: str) -> None:
        self._outline(event.d, stamp, None)

    def _outline(self, details: Details, stamp: Stamp, kept: Details | None) -> None:
        image_id, crystal_id = _image(details), text(details["crystal"])
        crystals = self.outlines.setdefault(image_id, {})
        known = crystals.get(crystal_id)
        if known is None:
            crystals[crystal_id] = Outline(stamp, stamp, kept)
            return
        born = min(known.born, stamp)
        if stamp > known.stamp:
            earlier = _with(known.earlier, known.stamp, known.details)
            crystals[crystal_id] = Outline(born, stamp, kept, earlier)
        elif stamp < known.stamp:
            earlier = _with(known.earlier, stamp, kept)
            crystals[crystal_id] = known._replace(born=born, earlier=earlier)

    def _adjudicate(self, event: Event, stamp: Stamp, actor: str) -> None:
        self.docket.apply(event, stamp, _image(event.d), actor)

    def _set_label(self, event: Event, stamp: Stamp, actor: str) -> None:
        label = label_from_json(event.id, actor, event.d)
        self.imports.add_label(event.d, label, _image(event.d), stamp)
        self._vote(event, stamp, actor, label)

    def _keep_row(self, event: Event, stamp: Stamp, actor: str) -> None:
        """Take note of a row of an imported file that did not become a label."""
        label = label_from_json(event.id, actor, event.d)
        self.imports.add_label(event.d, label, _image(event.d), stamp)

    def _import_file(self, event: Event, stamp: Stamp, actor: str) -> None:
        self.imports.add_file(event.d, stamp, actor)

    def _undo_label(self, event: Event, stamp: Stamp, actor: str) -> None:
        self._vote(event, stamp, actor, None)
        self.imports.take_back(event.d, stamp, actor)

    def _vote(self, event: Event, stamp: Stamp, actor: str, label: Label | None) -> None:
        details = event.d
        round_, turn = details.get("round"), details.get("pass", 0)
        if not isinstance(turn, int) or not isinstance(round_, str | None):
            raise ValueError(f"this is not a round and a pass: {round_!r}, {turn!r}")
        image_id = _image(details)
        votes = self.votes.setdefault(text(details["crystal"]), {})
        assisted = details.get("assist", UNAIDED) != UNAIDED
        key = actor, round_, turn, bool(details.get("blind", True)), assisted
        known = votes.get(key)
        if known is None or stamp > known.stamp:
            votes[key] = Vote(stamp, image_id, label)

    def vote(self, crystal_id: str, actor: str) -> Vote | None:
        """Give an expert's latest vote on a crystal; silent repeats (later passes) do not count."""
        mine = [
            vote
            for (expert, _, turn, *_), vote in self.votes.get(crystal_id, {}).items()
            if expert == actor and turn == 0
        ]
        return max(mine, default=None, key=_stamp)

    def said(self, crystal_id: str, actor: str, round_id: str | None, turn: int) -> Vote | None:
        """Give an expert's latest vote in one pass of one round."""
        votes = self.votes.get(crystal_id, {})
        keys = ((actor, round_id, turn, *how) for how in product((True, False), repeat=2))
        return max((votes[key] for key in keys if key in votes), default=None, key=_stamp)

    def _open_round(self, event: Event, stamp: Stamp, actor: str) -> None:
        for image_id in cast(Sequence[object], event.d["images"]):
            _image({"image": image_id})
        self.rounds.open(event, stamp)

    def _show_example(self, event: Event, stamp: Stamp, actor: str) -> None:
        self.showcase.apply(event.d, stamp, _image(event.d), actor)

    def _seal(self, event: Event, stamp: Stamp, actor: str) -> None:
        self.rounds.seal(event, stamp, actor)

    def _ask_third(self, event: Event, stamp: Stamp, actor: str) -> None:
        self.rounds.ask_third(event)


def _stamp(vote: Vote) -> Stamp:
    return vote.stamp


def _with(
    earlier: Mapping[Stamp, Details], stamp: Stamp, details: Details | None
) -> Mapping[Stamp, Details]:
    """Remember a mask that was replaced."""
    return earlier if details is None else {**earlier, stamp: details}


def _image(details: Details) -> str:
    image_id = text(details["image"])
    if not IMAGE_ID.fullmatch(image_id):
        raise ValueError(f"this is not the id of a micrograph: {image_id!r}")
    return image_id


_HANDLERS: Mapping[str, Callable[[Fold, Event, Stamp, str], None]] = {
    "session.open": lambda fold, event, stamp, actor: None,
    "actor.declare": Fold._declare,
    "role.grant": Fold._grant,
    "reveal": Fold._reveal,
    TOLD: lambda fold, event, stamp, actor: fold.told.apply(event.d, actor),
    "scheme.set": Fold._set_scheme,
    "image.add": Fold._add_image,
    "image.scale": Fold._scale_image,
    "image.region": Fold._confine_image,
    SAMPLE: Fold._tell_origin,
    TEXTURE: Fold._tell_origin,
    READING: Fold._tell_origin,
    "mask.put": Fold._put_mask,
    "mask.del": Fold._delete_mask,
    "label.set": Fold._set_label,
    "label.undo": Fold._undo_label,
    "label.row": Fold._keep_row,
    "label.import": Fold._import_file,
    "atlas.show": Fold._show_example,
    "round.open": Fold._open_round,
    "round.third": Fold._ask_third,
    "seal": Fold._seal,
    **dict.fromkeys(KINDS, Fold._adjudicate),
}
