"""Crystals under review: what the experts settled, what a classifier says, and how they differ."""

import math
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.errors import ModelError
from microcrystalnet.labelling.answers import said
from microcrystalnet.labelling.consensus import settle
from microcrystalnet.learning import model_folder
from microcrystalnet.progress import Progress, to_the_end

if TYPE_CHECKING:
    from microcrystalnet.storage.project_store import ProjectStore

LOOKING = "Comparing the network with the experts …"
AT_ONCE = 20  # crystals between two pauses, where each takes microseconds
LEAST = 1e-12  # probability below which the loss does not grow any more


class Standing(StrEnum):
    """Whether what a classifier said of a crystal still holds."""

    CURRENT = "current"
    NOTHING = "nothing predicted"
    OUTLINE = "outline changed since"
    OLDER = "older model"
    GONE = "crystal deleted"


class Order(StrEnum):
    """How crystals under review are laid out."""

    LOSS = "loss"
    CONFIDENCE = "confidence"
    DISAGREEMENT = "disagreement"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One crystal with what is said of it; ``crystal`` is None once it was deleted.

    ``truth`` is the settled class, None where there is none; ``votes`` everyone's answers that the
    expert at the keyboard may see. A prediction of an older model, or of another outline, is kept
    and told apart by ``standing``.
    """

    crystal_id: str
    image_id: str
    crystal: Crystal | None
    truth: str | None
    prediction: Prediction | None
    standing: Standing
    votes: Mapping[str, Answer]

    @property
    def stale(self) -> bool:
        """Whether there is a prediction that does not hold any more."""
        return self.standing in {Standing.OUTLINE, Standing.OLDER, Standing.GONE}

    @property
    def wrong(self) -> bool:
        """Whether a prediction that holds contradicts the settled class."""
        said = None if self.stale or self.prediction is None else self.prediction.cls
        return None not in {said, self.truth} and said != self.truth

    @property
    def confidence(self) -> float | None:
        """Probability of the predicted class; None without a prediction."""
        return None if self.prediction is None else self.prediction.confidence

    @property
    def loss(self) -> float | None:
        """Minus the natural logarithm of the settled class's probability; None if undefined."""
        if self.prediction is None or self.truth not in self.prediction.classes:
            return None
        share = self.prediction.probabilities[self.prediction.classes.index(self.truth)]
        return -math.log(max(share, LEAST))

    @property
    def disagreement(self) -> float | None:
        """Share of the experts who say something else than the classifier.

        Where nothing is predicted, the share of those who do not say what most say; None where
        nobody said anything.
        """
        if not self.votes:
            return None
        words = Counter(said(each) for each in self.votes.values())
        agreed = words[self.prediction.cls] if self.prediction else max(words.values())
        return (len(self.votes) - agreed) / len(self.votes)


@dataclass(frozen=True, slots=True)
class Review:
    """The crystals that may be shown, and how many are closed because one labels them blind."""

    entries: tuple[Reviewed, ...]
    withheld: int


class Reviewer:
    """Looks crystals up for the expert at the keyboard.

    Parameters
    ----------
    store
        The project.
    model_id
        The classifier in use, or None.
    judged
        What it said of crystals when it was judged, by crystal id; this comes before what it was
        asked later, because in a cross-validation other networks said it.
    """

    def __init__(
        self,
        store: "ProjectStore",
        model_id: str | None,
        judged: Mapping[str, Prediction] | None = None,
    ) -> None:
        self._store, self._model_id, self._judged = store, model_id, judged or {}
        self._said: dict[tuple[str, str], Mapping[str, Prediction]] = {}

    def show(self, crystal_ids: Iterable[str]) -> Review:
        """Give crystals with everyone's answers, and note what the expert has seen and was told.

        Crystals on micrographs that the expert labels blind are left out, and those of which one
        may still be asked for the deciding label: even their being in a list would tell. Ids that
        the project does not know are left out, too.
        """
        return to_the_end(self.showing(crystal_ids))

    def showing(self, crystal_ids: Iterable[str]) -> Generator[Progress, None, Review]:
        """Do what `show` does, with a pause after every few answers and crystals.

        What is edited in a pause must be looked at again, and everything if a round or the scheme
        changes. Nothing counts as seen before all was looked at.
        """
        store, open_, withheld = self._store, [], 0
        for at, each in enumerate(dict.fromkeys(crystal_ids)):
            home = store.state.image_of(each)
            if home and self._closed(each, home):
                withheld += 1
            elif home:
                open_.append(each)
            if at % AT_ONCE == 0:
                yield Progress(0, 0, LOOKING)
        yield from store.reading_answers()
        entries = []
        for each in open_:
            entries.append(self.look(each))
            yield Progress(len(entries), len(open_), LOOKING)
        yield from store.revealing(open_)
        store.tell([each.crystal_id for each in entries if each.prediction is not None])
        return Review(tuple(entries), withheld)

    def _closed(self, crystal_id: str, image_id: str) -> bool:
        rounds = self._store.rounds
        return rounds.blind_on(image_id) or crystal_id in rounds.reserve(image_id)

    def look(self, crystal_id: str) -> Reviewed:
        """Look at a shown crystal again, after something was said of it or its outline changed."""
        state, adjudication = self._store.state, self._store.adjudication
        image_id = state.image_of(crystal_id) or ""
        there = state.exists(crystal_id, image_id)
        crystal = state.crystal(crystal_id) if there else None
        labels = adjudication.labels_of(crystal_id)
        verdict = settle(crystal_id, labels, adjudication.case(crystal_id))
        said, standing = self._prediction(crystal_id, image_id, crystal)
        return Reviewed(
            crystal_id,
            image_id,
            crystal,
            verdict.cls if verdict.settled else None,
            said,
            standing,
            {expert: label.answer for expert, label in labels.items()},
        )

    def predicted(self, image_id: str) -> Mapping[str, Prediction]:
        """Give what the classifier in use says of a micrograph's crystals, by crystal id."""
        return self._of(self._model_id, image_id)

    def _prediction(
        self, crystal_id: str, image_id: str, crystal: Crystal | None
    ) -> tuple[Prediction | None, Standing]:
        asked = self._of(self._model_id, image_id).get(crystal_id)
        said = self._judged.get(crystal_id) or asked or self._older(crystal_id, image_id)
        return said, standing(said, self._model_id, crystal, asked)

    def _older(self, crystal_id: str, image_id: str) -> Prediction | None:
        models = [each for each in reversed(self._store.models()) if each != self._model_id]
        found = (self._of(each, image_id).get(crystal_id) for each in models)
        return next((each for each in found if each is not None), None)

    def _of(self, model_id: str | None, image_id: str) -> Mapping[str, Prediction]:
        if model_id is None:
            return {}
        key = model_id, image_id
        if key not in self._said:
            known = set(self._store.state.scheme.codes)
            said = self._store.predictions(model_id, image_id)
            self._said[key] = {k: v for k, v in said.items() if known.issuperset(v.classes)}
        return self._said[key]


def standing(
    said: Prediction | None,
    model_id: str | None,
    crystal: Crystal | None,
    asked: Prediction | None = None,
) -> Standing:
    """Tell whether a prediction holds for a crystal as it is outlined now.

    ``asked`` is what the model said of it last, whose outline counts where ``said`` tells none. A
    prediction that was written down without an outline is taken to hold.
    """
    if crystal is None:
        return Standing.GONE
    if said is None:
        return Standing.NOTHING
    if said.model_id != model_id:
        return Standing.OLDER
    outline = said.outline or (asked.outline if asked else "")
    changed = bool(outline) and outline != crystal.mask.digest
    return Standing.OUTLINE if changed else Standing.CURRENT


def ordered(entries: Iterable[Reviewed], order: Order) -> tuple[Reviewed, ...]:
    """Lay crystals out, the most questionable first; those without a figure come last.

    Highest loss, lowest confidence, or highest disagreement first; `Order.PLACE` keeps them as
    they come. What does not hold any more comes after what does.
    """
    if order is Order.PLACE:
        return tuple(entries)

    def key(each: Reviewed) -> tuple[bool, bool, float]:
        figure: float | None = getattr(each, order.value)
        rising = figure if order is Order.CONFIDENCE else -(figure or 0.0)
        return each.stale, figure is None, rising or 0.0

    return tuple(sorted(entries, key=key))


def misnamed(
    store: "ProjectStore", model_id: str | None, image_ids: Iterable[str]
) -> tuple[str, ...]:
    """Give the crystals whose prediction holds and contradicts the settled class.

    Nobody's labels count as seen by this; micrographs that are labelled blind are left out.
    """
    return to_the_end(finding_misnamed(store, model_id, image_ids))


def finding_misnamed(
    store: "ProjectStore", model_id: str | None, image_ids: Iterable[str]
) -> Generator[Progress, None, tuple[str, ...]]:
    """Give what `misnamed` gives, with a pause after every few answers, outlines and crystals."""
    found: list[str] = []
    if model_id is None:
        return ()
    yield from store.reading_answers()
    reviewer = Reviewer(store, model_id)
    for image_id in image_ids:
        yield from store.reading_outlines(image_id)
        for at, crystal_id in enumerate(reviewer.predicted(image_id), 1):
            if reviewer.look(crystal_id).wrong:
                found.append(crystal_id)
            yield Progress(at, 0, LOOKING)
    return tuple(found)


def judged_by_folds(store: "ProjectStore", model_id: str | None) -> dict[str, Prediction]:
    """Give what the networks of a cross-validation said, each of crystals it had not seen.

    Empty for models that were judged otherwise, or cannot be read.
    """
    if model_id is None:
        return {}
    try:
        card = model_folder.load(store.model_folder(model_id))
    except ModelError:
        return {}
    if card.training is None or card.training.judged_on != "folds":
        return {}
    return {
        each.crystal_id: Prediction(each.crystal_id, model_id, card.classes, each.probabilities)
        for each in card.training.held_out
    }
