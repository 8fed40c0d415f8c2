"""The working state of one viewer: which project, micrograph, crystal, expert and model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from psygnal import Signal, SignalGroupDescriptor

from microcrystalnet.errors import ProjectError

if TYPE_CHECKING:
    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.storage.project_store import Change, ProjectStore


@dataclass(eq=False)
class Session:
    """What the user has open and selected; assign fields on the GUI thread only.

    Every field has a signal of its name in ``events``; ``edited`` tells of a `Change` of the
    project, ``saved`` of what is not yet safe.
    """

    store: ProjectStore | None = None
    image_id: str | None = None
    crystal_id: str | None = None
    expert: str | None = None
    model_id: str | None = None

    events: ClassVar[SignalGroupDescriptor] = SignalGroupDescriptor()
    edited = Signal(object)

    @property
    def project(self) -> ProjectStore:
        """The open project.

        Raises
        ------
        ProjectError
            If none is open.
        """
        if self.store is None:
            raise ProjectError(
                "No project is open; choose New, Open or Sample on the Project page."
            )
        return self.store

    @property
    def micrograph(self) -> Micrograph | None:
        """The shown micrograph."""
        if self.store is None or self.image_id is None:
            return None
        return self.store.state.micrographs[self.image_id]

    @property
    def crystal(self) -> Crystal | None:
        """The selected crystal, unless it was deleted meanwhile."""
        if self.crystal_id is None:
            return None
        return self.crystals.get(self.crystal_id)

    @property
    def crystals(self) -> dict[str, Crystal]:
        """The crystals of the shown micrograph by id, in order of creation."""
        if self.store is None or self.image_id is None:
            return {}
        return dict(self.store.state.crystals(self.image_id))

    def open(self, store: ProjectStore) -> None:
        """Work on another project, beginning with its first micrograph and newest model."""
        self.close()
        store.on_change = self.edited.emit
        self.store = store
        self.expert = store.actor
        self.model_id = next(reversed(store.models()), None)
        self.show(next(iter(store.state.micrographs), None))

    def show(self, image_id: str | None) -> None:
        """Show another micrograph with no crystal selected."""
        self.crystal_id = None
        self.image_id = image_id

    def become(self, expert: str) -> None:
        """Hand the keyboard to another expert."""
        if expert != self.project.actor:
            self.project.become(expert)
        self.expert = expert

    def apply(self, change: Change | None) -> Change | None:
        """Follow an undo or redo to the micrograph it happened on."""
        if change is not None and change.image_id not in (None, self.image_id):
            self.show(change.image_id)
        return change

    def close(self) -> None:
        """Close the project; everything said is already on its way to the disk."""
        if self.store is None:
            return
        store = self.store
        self.show(None)
        self.model_id = None
        self.store = None
        store.on_change = store.on_saved = None
        store.close()
