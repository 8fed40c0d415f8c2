"""An open project as one looks at it: who sits there, what is in it, how safe it is."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Self

from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.storage import header
from microcrystalnet.storage.desk import Desk
from microcrystalnet.storage.header import checked_name
from microcrystalnet.storage.history import Change
from microcrystalnet.storage.journal import Problem
from microcrystalnet.storage.mirror import default_mirror_root
from microcrystalnet.storage.project_folder import ProjectFolder
from microcrystalnet.storage.pulse import Pulse
from microcrystalnet.storage.recorder import Pending
from microcrystalnet.storage.round_counts import RoundCounts
from microcrystalnet.storage.state import ProjectState

WAKING_S = 2.0  # a disk that sleeps may take longer; then opening again finds it awake


class OpenProject(ProjectFolder):
    """The part of a project that changes nothing; `ProjectStore` adds the edits.

    Attributes
    ----------
    on_change
        Called with the `Change` after an edit, an undo or a redo, on the caller's thread.
    mirror
        Where this computer keeps its own copy of the journals.
    """

    def __init__(self, folder: Path, head: header.Header, actor: str, mirror_root: Path) -> None:
        super().__init__(folder)
        self.project_id = head.project_id
        self.on_change: Callable[[Change], None] | None = None
        self.mirror = mirror_root / head.project_id
        self._desk = Desk(folder, head, actor, self.mirror, self.pulse)
        self._counts = RoundCounts(self._desk)

    @classmethod
    def open(cls, folder: Path, actor: str, *, mirror_root: Path | None = None) -> Self:
        """Open a project; what this computer holds and the folder lacks is carried over.

        Raises
        ------
        ProjectError
            If the folder is not a project or cannot be read, or the name is empty.
        """
        named = checked_name(actor)
        Pulse(folder, WAKING_S).require()
        return cls(folder, header.read(folder), named, mirror_root or default_mirror_root())

    @property
    def actor(self) -> str:
        """The expert at the keyboard."""
        return self._desk.session.actor

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed."""
        return bool(self._desk.read_only_reason)

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be changed, in one sentence; empty if all can."""
        return self._desk.read_only_reason

    @property
    def state(self) -> ProjectState:
        """Micrographs, crystals and own labels, with all edits made here."""
        return self._desk.state

    @property
    def on_saved(self) -> Callable[[Pending], None] | None:
        """Called on a writing thread when edits reached a disk, or when that failed."""
        return self._desk.on_saved

    @on_saved.setter
    def on_saved(self, listener: Callable[[Pending], None] | None) -> None:
        self._desk.on_saved = listener

    @property
    def withheld(self) -> frozenset[str]:
        """Ids of the micrographs whose other answers are closed to the expert at the keyboard."""
        return self._desk.visibility.withheld(self.actor)

    def experts(self) -> tuple[str, ...]:
        """Give everyone who has worked on the project, in the order of first appearance."""
        return self._desk.experts()

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit of this sitting to take back."""
        return self._desk.history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone edit to do again."""
        return self._desk.history.can_redo

    def pending(self) -> Pending:
        """Count the edits that are not yet on a disk, or not yet in the project folder."""
        return self._desk.pending()

    def flush(self, timeout: float | None = 10) -> bool:
        """Wait until this sitting's edits are on both disks; False if that takes longer."""
        return self._desk.flush(timeout)

    def predictions(self, model_id: str, image_id: str) -> Mapping[str, Prediction]:
        """Give what a model says; nothing, unopened, on a micrograph that is labelled blind.

        Crystals are left out of which the expert may still be asked for the deciding label.
        """
        if image_id in self._desk.visibility.withheld(self.actor):
            return {}
        closed = self._counts.reserve(image_id)
        said = super().predictions(model_id, image_id)
        return {each: found for each, found in said.items() if each not in closed}

    def problems(self) -> tuple[Problem, ...]:
        """Give what was found damaged or not understood in the journals read so far."""
        return self._desk.problems()

    def refresh(self) -> None:
        """Read what other sessions added since."""
        for _ in self.refreshing():
            pass

    def refreshing(self) -> Iterator[int]:
        """Read what other sessions added since, with a pause after every few lines."""
        return self._desk.refreshing()

    def close(self, timeout: float = 5) -> None:
        """Wait for the disks and stop; what a lost share lacks is carried over next time."""
        self._desk.close(timeout)
