"""What the user points at, step by step, so that undo reaches clicks, commits and edits alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psygnal import Signal

from microcrystalnet.domain.prompt import Click, Prompt
from microcrystalnet.imaging.corrections import deepest_point
from microcrystalnet.segmentation.segmenter import MaskProposals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.domain.outlining import Outlining

SAME = 0.5  # intersection over union from which an outline is another one of the same crystal


@dataclass(frozen=True, slots=True)
class Aim:
    """One step of pointing: what was pointed at and what was proposed for it.

    ``proposals`` is None while nobody has answered; ``crystal_id`` is the accepted crystal that
    is reopened, if any; ``made`` says with what the proposals were made.
    """

    prompt: Prompt
    crystal_id: str | None = None
    proposals: MaskProposals | None = None
    chosen: int = 0
    made: Outlining | None = None

    @property
    def mask(self) -> Mask | None:
        """The proposal that is previewed."""
        if self.proposals is None or not self.proposals.masks:
            return None
        return self.proposals.masks[self.chosen]


@dataclass(frozen=True, slots=True)
class _Commit:
    crystal_id: str
    mask: Mask
    aims: tuple[Aim, ...]

    before: Mask | None  # None: there was no such crystal

    def done_in(self, crystals: Mapping[str, Crystal]) -> bool:
        return _mask_of(self.crystal_id, crystals) == self.mask

    def undone_in(self, crystals: Mapping[str, Crystal]) -> bool:
        return _mask_of(self.crystal_id, crystals) == self.before


class Pointing:
    """The aims since the last commit; a commit that is undone brings its aims back."""

    moved = Signal()  # another aim is in force, and not because the user pointed at something
    changed = Signal()  # there may be more or less to take back or to repeat

    def __init__(self) -> None:
        self._aims: list[Aim] = []
        self._taken_back: list[Aim] = []
        self._commits: list[_Commit] = []
        self._uncommitted: _Commit | None = None

    @property
    def aim(self) -> Aim | None:
        """What is pointed at; None: nothing."""
        return self._aims[-1] if self._aims else None

    @property
    def can_repeat(self) -> bool:
        """Whether an aim was taken back."""
        return bool(self._taken_back)

    def point(self, aim: Aim) -> None:
        """Take the user's next step; what was taken back before is gone for good."""
        self._aims.append(aim)
        self._taken_back.clear()
        self._uncommitted = None
        self.changed.emit()

    def answer(self, proposals: MaskProposals, made: Outlining | None = None) -> None:
        """Keep what was proposed for the aim, and with what."""
        self._replace(proposals=proposals, chosen=0, made=made)

    def choose(self, chosen: int) -> None:
        """Keep which proposal is previewed."""
        self._replace(chosen=chosen)

    def reopen(self, aim: Aim) -> None:
        """Point at an accepted crystal, whatever was pointed at before."""
        self._forget()
        self.point(aim)
        self.moved.emit()

    def take_back(self) -> bool:
        """Go one step back; False where nothing is pointed at."""
        if not self._aims:
            return False
        self._taken_back.append(self._aims.pop())
        self._tell()
        return True

    def repeat(self) -> bool:
        """Go one step forth again; False where none was taken back."""
        if not self._taken_back:
            return False
        self._aims.append(self._taken_back.pop())
        self._tell()
        return True

    def commit(self, crystal: Crystal, before: Mask | None) -> None:
        """Remember how a crystal got its mask, instead of another or none; point at nothing."""
        aims = tuple(self._aims)
        self._commits.append(_Commit(crystal.crystal_id, crystal.mask, aims, before))
        self.clear()

    def clear(self) -> None:
        """Point at nothing."""
        self._forget()
        self.changed.emit()

    def forget_commits(self) -> None:
        """Begin anew, as on another micrograph."""
        self._commits.clear()
        self.clear()

    def follow(
        self, crystals: Mapping[str, Crystal], *, undone: bool, at_hand: bool = True
    ) -> None:
        """Fit in with an edit: a commit that was undone is open again, one redone is closed.

        Parameters
        ----------
        crystals
            What is accepted after the edit.
        undone
            Whether the edit took an earlier one back.
        at_hand
            Whether the user has a tool for pointing; else nothing is opened.
        """
        if self._uncommitted is not None and self._uncommitted.done_in(crystals):
            self._commits.append(self._uncommitted)
            self._put_away()
        elif self.aim is not None:
            if self.aim.crystal_id not in {None, *crystals}:
                self._put_away()
        elif undone and self._commits and self._commits[-1].undone_in(crystals):
            commit = self._commits.pop()
            if at_hand:
                self._forget()
                self._aims, self._uncommitted = list(commit.aims), commit
                self._tell()

    def _put_away(self) -> None:
        self._forget()
        self._tell()

    def _replace(self, **changes: object) -> None:
        if self._aims:
            self._aims[-1] = replace(self._aims[-1], **changes)  # type: ignore[arg-type]

    def _forget(self) -> None:
        self._aims, self._taken_back, self._uncommitted = [], [], None

    def _tell(self) -> None:
        self.moved.emit()
        self.changed.emit()


def _mask_of(crystal_id: str, crystals: Mapping[str, Crystal]) -> Mask | None:
    crystal = crystals.get(crystal_id)
    return None if crystal is None else crystal.mask


def prompt_of(crystal: Crystal) -> Prompt:
    """Give what a crystal was outlined by; for one that nobody pointed at, its deepest point."""
    if crystal.prompt is not None and not crystal.prompt.empty:
        return crystal.prompt
    row, col = deepest_point(crystal.mask)
    return Prompt((Click(float(row), float(col)),))


def closest(mask: Mask, crystals: Iterable[Crystal]) -> Crystal | None:
    """Give the crystal that a mask outlines once more, or None where it is a new one."""
    shares = [(mask.iou(each.mask), each) for each in crystals]
    share, crystal = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return crystal if share > SAME else None
