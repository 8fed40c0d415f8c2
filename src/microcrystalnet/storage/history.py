"""Undo and redo across masks, labels, decisions, scales, regions, classes and the atlas."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.decision import Act
from microcrystalnet.domain.label import UNAIDED, Label
from microcrystalnet.domain.micrograph import Reading, Region, Scale
from microcrystalnet.domain.sample import Sample, Texture
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.storage.records import Details
from microcrystalnet.storage.showcase import ShownExample


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit did, for whoever shows it.

    ``kind`` is masks, label, decision, images, scheme, atlas or project.
    """

    kind: str
    image_id: str | None
    crystal_ids: tuple[str, ...]
    text: str
    undone: bool = False  # whether it takes an edit back


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing that can be changed: a crystal's mask or label, what is known of a micrograph.

    The classes have one slot, with an empty ``image_id``. What is said in adjudication has a slot
    for every ``act_id``; ``turn`` is the pass of a label, 1 for a silent repeat.
    """

    # "mask", "label", "act", "scale", "region", "sample", "texture", "reading", "scheme" or
    # "example"
    kind: str
    image_id: str
    crystal_id: str = ""
    act_id: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A crystal with the details of the event that drew it."""

    crystal: Crystal
    details: Details = field(compare=False)


Value = (
    Drawn | Label | Act | Scale | Region | Sample | Texture | Reading | Scheme | ShownExample | None
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A slot, what it held, and what it holds now; None: nothing."""

    slot: Slot
    before: Value
    after: Value

    def inverse(self) -> "Assignment":
        """Give the assignment that takes this one back."""
        return Assignment(self.slot, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Edit:
    """What one action of an expert changed, undone and redone as a whole."""

    change: Change
    assignments: tuple[Assignment, ...]

    def inverse(self, word: str) -> "Edit":
        """Give the edit that takes this one back; ``word`` begins its text."""
        text = f"{word}: {self.change.text.split(': ', 1)[-1]}"
        turned = tuple(each.inverse() for each in reversed(self.assignments))
        return Edit(replace(self.change, text=text, undone=True), turned)

    def still_possible(self, current: Callable[[Slot], Value]) -> "Edit":
        """Leave out what somebody else changed in the meantime."""
        kept = tuple(a for a in self.assignments if _same(current(a.slot), a.before))
        return replace(self, assignments=kept)

    def as_kept(self, current: Callable[[Slot], Value]) -> "Edit":
        """Give labels the id under which they were written: done again, they are the same."""
        return replace(self, assignments=tuple(_as_kept(a, current) for a in self.assignments))


def _as_kept(assignment: Assignment, current: Callable[[Slot], Value]) -> Assignment:
    if not isinstance(assignment.after, Label):
        return assignment
    written = current(assignment.slot)
    return replace(assignment, after=written) if _same(written, assignment.after) else assignment


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, Label) and isinstance(other, Label):
        return _said(one) == _said(other)
    if isinstance(one, Act) and isinstance(other, Act):
        return one.act_id == other.act_id  # what was said does not change, only when
    if isinstance(one, Scheme) and isinstance(other, Scheme):
        return _offered(one) == _offered(other)
    return one == other


def _offered(scheme: Scheme) -> Scheme:
    """Leave out what differs when the same classes are offered again as another version."""
    return replace(scheme, version=0, retired=())


def _said(label: Label) -> Label:
    """Leave out what differs when the same answer is given again under other conditions."""
    plain = replace(label, label_id="", blind=True, round_id=None, turn=0, scheme_version=None)
    return replace(plain, assist=UNAIDED)


class History:
    """The edits of this sitting that can be undone, and those that can be redone."""

    def __init__(self) -> None:
        self._done: list[Edit] = []
        self._undone: list[Edit] = []

    @property
    def can_undo(self) -> bool:
        """Whether `undo` has something to give."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether `redo` has something to give."""
        return bool(self._undone)

    def add(self, edit: Edit) -> None:
        """Remember a new edit; what was undone before it is gone for good."""
        self._done.append(edit)
        self._undone.clear()

    def undo(self) -> Edit | None:
        """Give the edit that takes back the latest one, or None."""
        if not self._done:
            return None
        edit = self._done.pop()
        self._undone.append(edit)
        return edit.inverse("Undone")

    def redo(self) -> Edit | None:
        """Give the edit that was undone last, or None."""
        if not self._undone:
            return None
        edit = self._undone.pop()
        self._done.append(edit)
        return replace(edit, change=replace(edit.change, text=f"Redone: {edit.change.text}"))
