"""What a project looks like to the expert at the keyboard, loaded as far as it is asked for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.label import Label
from microcrystalnet.domain.micrograph import Micrograph, Region
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage.agenda import Agenda
from microcrystalnet.storage.blind_votes import blind_vote
from microcrystalnet.storage.chosen import as_chosen
from microcrystalnet.storage.decoded import DecodedCrystals
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.fold import Fold, Vote
from microcrystalnet.storage.history import Drawn, Slot
from microcrystalnet.storage.records import box_from_json, text
from microcrystalnet.storage.showcase import ShownExample
from microcrystalnet.storage.visibility import Visibility

Choose = Callable[[str, str], Vote | None]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many crystals a micrograph has, and how many of them one expert has labelled."""

    crystals: int
    labelled: int


class ProjectState:
    """Micrographs, crystals and the expert's own labels; to callers it is read-only.

    Parameters
    ----------
    fold
        What the events add up to.
    actor
        The expert whose labels are shown.
    load_masks
        Reads the masks of one micrograph into the fold; called once each.
    load_micrograph
        Gives the immutable record of a micrograph, or None where it is missing.
    """

    def __init__(
        self,
        fold: Fold,
        actor: str,
        load_masks: Callable[[str], None],
        load_micrograph: Callable[[str], Micrograph | None],
    ) -> None:
        self._fold, self._actor = fold, actor
        self._load_masks, self._load_micrograph = load_masks, load_micrograph
        self._loaded: set[str] = set()
        self._records: dict[str, Micrograph] = {}
        self._decoded = DecodedCrystals(fold, self.frame)
        self._image_of: dict[str, str] = {}
        self.visibility = Visibility(fold)
        self.agenda = Agenda(fold, self.crystal_ids)

    @property
    def scheme(self) -> Scheme:
        """The classes experts choose from."""
        return self._fold.scheme[1]

    @property
    def examples(self) -> Mapping[str, ShownExample]:
        """The crystals of the atlas by id, as far as the current expert may know their class."""
        return {
            crystal_id: shown
            for crystal_id, shown in self._fold.showcase.examples.items()
            if self.visibility.sees(crystal_id, shown.image_id, shown.by, self._actor)
        }

    @property
    def micrographs(self) -> Mapping[str, Micrograph]:
        """All micrographs whose record is there, by id, in the order of adding."""
        order = sorted(self._fold.images, key=self._fold.images.__getitem__)
        return MappingProxyType({i: found for i in order if (found := self._micrograph(i))})

    def _record(self, image_id: str) -> Micrograph | None:
        record = self._records.get(image_id) or self._load_micrograph(image_id)
        if record is not None:
            self._records[image_id] = record
        return record

    def frame(self, image_id: str) -> tuple[int, int] | None:
        """Give a micrograph's height and width in pixels; None where its record is missing."""
        found = self._record(image_id)
        return (found.height, found.width) if found else None

    def _micrograph(self, image_id: str) -> Micrograph | None:
        record = self._record(image_id)
        chosen = record and as_chosen(record, self._fold)
        return chosen and self._fold.origins.told(chosen)

    def micrograph(self, image_id: str) -> Micrograph:
        """Give one micrograph.

        Raises
        ------
        ProjectError
            If the project has none of this id.
        """
        found = self._micrograph(image_id) if image_id in self._fold.images else None
        if found is None:
            raise ProjectError(f"The project has no micrograph {image_id}; add its file first.")
        return found

    def tally(self, image_id: str) -> Tally:
        """Count the crystals of a micrograph and the expert's labels on them, decoding no mask."""
        self.load(image_id)
        outlines = self._fold.outlines.get(image_id, {})
        there = [each for each, outline in outlines.items() if outline.details is not None]
        return Tally(len(there), sum(self.label(each) is not None for each in there))

    def crystals(self, image_id: str) -> Mapping[str, Crystal]:
        """Give the crystals of a micrograph by id, in the order of creation."""
        return MappingProxyType(self._known(image_id).copy())

    def _known(self, image_id: str) -> dict[str, Crystal]:
        self.load(image_id)
        return self._decoded.on(image_id)

    def decoding(self, image_id: str) -> Iterator[int]:
        """Decode a micrograph's masks, unless that was done, with a pause after every few."""
        self.load(image_id)
        return self._decoded.decoding(image_id)

    def crystal_ids(self, image_id: str) -> tuple[str, ...]:
        """Give the ids of the crystals that are on a micrograph, without decoding their masks."""
        self.load(image_id)
        outlines = self._fold.outlines.get(image_id, {})
        return tuple(each for each, found in outlines.items() if found.details is not None)

    def boxes(self, image_id: str) -> dict[str, Region]:
        """Give the bounding boxes of a micrograph's crystals by id, decoding no mask."""
        self.load(image_id)
        outlines = self._fold.outlines.get(image_id, {})
        order = sorted(outlines, key=lambda crystal_id: outlines[crystal_id].born)
        return {each: box_from_json(d) for each in order if (d := outlines[each].details)}

    def load(self, image_id: str) -> None:
        """Read the masks of a micrograph, unless that was done."""
        if image_id not in self._loaded:
            self._loaded.add(image_id)
            self._load_masks(image_id)

    @property
    def loaded(self) -> frozenset[str]:
        """Ids of the micrographs whose masks were read."""
        return frozenset(self._loaded)

    def crystal(self, crystal_id: str) -> Crystal:
        """Give one crystal, wherever it lies.

        Raises
        ------
        ProjectError
            If the project has none of this id, or it was deleted.
        """
        image_id = self._where(crystal_id)
        found = self._known(image_id).get(crystal_id) if image_id else None
        if found is None:
            raise ProjectError(
                f"The crystal {crystal_id} is not in the project any more; choose another one."
            )
        return found

    def image_of(self, crystal_id: str) -> str | None:
        """Give the micrograph on which a crystal was outlined; None if nobody did."""
        return self._where(crystal_id)

    def _where(self, crystal_id: str) -> str | None:
        if crystal_id not in self._image_of:
            votes = self._fold.votes.get(crystal_id, {}).values()
            likely = [vote.image_id for vote in votes if vote.image_id in self._fold.images]
            for image_id in [*likely, *self._fold.images]:
                self.load(image_id)  # which tells `apply` where every crystal lies
                if crystal_id in self._image_of:
                    break
        return self._image_of.get(crystal_id)

    def drawn(self, slot: Slot) -> Drawn | None:
        """Give a crystal with the details of its event, or None where there is none."""
        crystal = self._known(slot.image_id).get(slot.crystal_id)
        if crystal is None:
            return None
        details = self._fold.outlines[slot.image_id][slot.crystal_id].details
        return None if details is None else Drawn(crystal, details)

    def exists(self, crystal_id: str, image_id: str) -> bool:
        """Say whether a crystal of a micrograph is outlined and not deleted."""
        self.load(image_id)
        outline = self._fold.outlines.get(image_id, {}).get(crystal_id)
        return outline is not None and outline.details is not None

    def label(self, crystal_id: str) -> Label | None:
        """Give the current expert's own label of a crystal, or None.

        In a round only what was said in it counts, until the micrograph is sealed.
        """
        return self.agenda.label(crystal_id, self._actor)

    def turn(self, crystal_id: str, image_id: str) -> int:
        """Give the pass that an answer of the current expert belongs to now."""
        return self.agenda.turn(crystal_id, image_id, self._actor)

    def label_at(self, slot: Slot) -> Label | None:
        """Give the current expert's own label in one pass of the round there is, if any."""
        return self.agenda.at(slot.crystal_id, slot.image_id, self._actor, slot.turn)

    def labels(self) -> Mapping[str, Label]:
        """Give the current expert's own labels of the crystals that are there, by crystal id."""
        found: dict[str, Label] = {}
        for crystal_id in self._fold.votes:
            vote = self._fold.vote(crystal_id, self._actor)
            label = self.label(crystal_id) if vote else None
            if vote and label and self.exists(crystal_id, vote.image_id):
                found[crystal_id] = label
        return found

    def all_labels(self, *, blind: bool = False, turn: int = 0) -> dict[str, dict[str, Label]]:
        """Give the labels by crystal and expert, as far as the current expert may see them.

        ``blind`` gives what was said last before seeing another answer, ``turn`` 1 the answers to
        crystals that came a second time.
        """
        first = partial(blind_vote, self._fold, turn=turn)
        choose = self._vote if not (blind or turn) else first
        found = {each: self._labels_of(each, choose) for each in self._fold.votes}
        return {crystal_id: labels for crystal_id, labels in found.items() if labels}

    def labels_of(self, crystal_id: str) -> dict[str, Label]:
        """Give everyone's labels of one crystal, as far as they were read and may be seen."""
        return self._labels_of(crystal_id, self._vote)

    @property
    def labelled(self) -> tuple[str, ...]:
        """Ids of the crystals that have had a label, as far as the journals were read."""
        return tuple(self._fold.votes)

    def words_of(self, crystal_id: str) -> tuple[Label, ...]:
        """Give everyone's latest label in each round and pass, blind and not, oldest first."""
        votes = sorted(self._fold.votes.get(crystal_id, {}).items(), key=lambda each: each[1].stamp)
        return tuple(
            vote.label
            for (by, *_), vote in votes
            if vote.label and self._shown(crystal_id, vote.image_id, by)
        )

    def _labels_of(self, crystal_id: str, choose: Choose) -> dict[str, Label]:
        found = {}
        for by in dict.fromkeys(expert for expert, *_ in self._fold.votes.get(crystal_id, ())):
            vote = choose(crystal_id, by)
            if vote and vote.label and self._shown(crystal_id, vote.image_id, by):
                found[by] = vote.label
        return found

    def _vote(self, crystal_id: str, by: str) -> Vote | None:
        return self._fold.vote(crystal_id, by)

    def _shown(self, crystal_id: str, image_id: str, by: str) -> bool:
        seen = self.visibility.sees(crystal_id, image_id, by, self._actor)
        return seen and self.exists(crystal_id, image_id)

    def show_for(self, actor: str) -> None:
        """Show the labels of another expert from now on."""
        self._actor = actor

    def apply(self, event: Event, actor: str, crystal: Crystal | None = None) -> None:
        """Fold one event in; ``crystal`` saves decoding a mask that was just encoded.

        Raises
        ------
        ValueError, KeyError, TypeError
            If the event's details are not what its kind asks for.
        """
        self._fold.apply(event, actor)
        self.agenda.forget(event.t, event.d.get("image"))
        if event.t not in {"mask.put", "mask.del"}:
            return
        image_id, crystal_id = text(event.d["image"]), text(event.d["crystal"])
        self._image_of.setdefault(crystal_id, image_id)
        self._decoded.follow(event, image_id, crystal_id, crystal)
