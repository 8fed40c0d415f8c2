"""The answers of a project that may be compared: blind, unaided and planned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from microcrystalnet.domain.label import UNAIDED, Label
from microcrystalnet.domain.round import Round
from microcrystalnet.labelling.answers import GivenAnswer, said
from microcrystalnet.labelling.rounds import planned_experts

if TYPE_CHECKING:
    from microcrystalnet.storage.project_store import ProjectStore

# From Crockford's digits, which leave out I, L, O and U, to Python's.
_CROCKFORD = str.maketrans("ABCDEFGHJKMNPQRSTVWXYZ", "ABCDEFGHIJKLMNOPQRSTUV")


@dataclass(frozen=True, slots=True)
class Counted:
    """The answers that count, repeats among them, and how many labels of experts do not.

    Labels are left out that were given after the others' were shown, with a prediction or a
    saliency map in view, or by an expert who was asked only because two others differed.
    """

    answers: tuple[GivenAnswer, ...]
    left_out: int

    @classmethod
    def together(cls, parts: Iterable["Counted"]) -> "Counted":
        """Put the answers on several crystals together."""
        known = tuple(parts)
        answers = tuple(answer for part in known for answer in part.answers)
        return cls(answers, sum(part.left_out for part in known))


NOTHING = Counted((), 0)


class AnswerBook:
    """The answers that count, crystal by crystal; it is kept up to date as labels change.

    An expert's answer is what was said last before seeing anybody else's. Images are named as
    `image_names` does, crystals by their id. It knows what `ProjectStore.votes` has read.
    """

    def __init__(self, store: "ProjectStore") -> None:
        self._state = store.state
        self._rounds = {each.round_id: each for each in store.rounds.all()}
        self._names = image_names(store)
        self._pages: dict[str, Counted] = {}

    def take(self, crystal_ids: Iterable[str]) -> None:
        """Look up what was said of these crystals."""
        for crystal_id in crystal_ids:
            self._pages[crystal_id] = self._page(crystal_id)

    def pages(self) -> tuple[Counted, ...]:
        """Give what counts on every crystal looked up so far."""
        return tuple(self._pages.values())

    def _page(self, crystal_id: str) -> Counted:
        words = self._state.words_of(crystal_id)
        image = self._names.get(self._state.image_of(crystal_id) or "") if words else None
        if image is None:
            return NOTHING
        last = {(label.expert, label.turn): label for label in words if counts(label, self._rounds)}
        experts = {label.expert for label in words} - {expert for expert, _ in last}
        return Counted(tuple(_given(label, image) for label in last.values()), len(experts))


def answers_of(store: "ProjectStore") -> Counted:
    """Give every answer that counts as a line of a table; nobody's labels count as seen by this."""
    store.votes(reveal=False)
    book = AnswerBook(store)
    book.take(store.state.labelled)
    return Counted.together(book.pages())


def counts(label: Label, rounds: Mapping[str, Round]) -> bool:
    """Say whether a label may be compared with the others'."""
    if not label.blind or label.assist != UNAIDED:
        return False
    round_ = rounds.get(label.round_id or "")
    return round_ is None or label.expert in planned_experts(round_, label.crystal_id)


def image_names(store: "ProjectStore") -> dict[str, str]:
    """Give each micrograph's file name by image id; files of one name are numbered."""
    names: dict[str, str] = {}
    for image_id, micrograph in store.state.micrographs.items():
        name, number = micrograph.file_name, 1
        while name in names.values():
            number += 1
            name = f"{micrograph.file_name} ({number})"
        names[image_id] = name
    return names


def _given(label: Label, image: str) -> GivenAnswer:
    word, time_ms = said(label.answer), time_of(label)
    return GivenAnswer(image, label.crystal_id, label.expert, word, label.turn, time_ms)


def time_of(label: Label) -> int | None:
    """Give when a label was first said, in milliseconds since 1970 by its expert's clock.

    The id of a journal event is a ULID: its first ten characters are the time in Crockford's
    base 32.
    """
    try:
        return int(label.label_id[:10].translate(_CROCKFORD), 32)
    except ValueError:
        return None
