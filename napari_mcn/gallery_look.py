"""Looks at the crystals of the gallery a few at a time, whatever is edited meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from microcrystalnet.errors import BlindError, ProjectError
from microcrystalnet.review import Reviewer, judged_by_folds

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from microcrystalnet.progress import Progress
    from microcrystalnet.review import Review
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.session import Session

EVERYTHING = frozenset({"scheme", "rounds"})  # after which all of them may be seen otherwise


class GalleryLook:
    """One look; tell it what is edited before it is over."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._edited: set[str] = set()
        self._anew = False

    def note(self, change: Change) -> None:
        """Look again at what was edited in a pause; at everything, where that is needed."""
        self._edited.update(change.crystal_ids)
        self._anew = self._anew or change.kind in EVERYTHING

    def begin_anew(self) -> None:
        """Look at everything again: a network says something else."""
        self._anew = True

    def looking(
        self, crystal_ids: Sequence[str]
    ) -> Generator[Progress, None, tuple[Reviewer, Review]]:
        """Look at crystals, with a pause after every few; they count as seen from now on.

        Raises
        ------
        BlindError
            If the expert labels blind and there is none that may be shown.
        ProjectError
            If there is no project, or none of the crystals is in it.
        """
        while True:
            self._edited, self._anew = set(), False
            reviewer, found = yield from self._once(crystal_ids)
            if not self._anew:
                break
        edited = self._edited
        seen = (
            reviewer.look(each.crystal_id) if each.crystal_id in edited else each
            for each in found.entries
        )
        return reviewer, replace(found, entries=tuple(seen))

    def _once(
        self, crystal_ids: Sequence[str]
    ) -> Generator[Progress, None, tuple[Reviewer, Review]]:
        store, model_id = self._session.project, self._session.model_id
        store.rounds.require_open()
        reviewer = Reviewer(store, model_id, judged_by_folds(store, model_id))
        found = yield from reviewer.showing(crystal_ids)
        if not found.entries and not self._anew:
            raise (
                BlindError(
                    "You label these crystals blind: seal their micrographs on Consensus > Rounds, "
                    "or give the deciding label you may be asked for, to see them here."
                )
                if found.withheld
                else ProjectError("There is no crystal behind this any more.")
            )
        return reviewer, found
