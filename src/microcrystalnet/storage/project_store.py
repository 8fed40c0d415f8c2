"""A project: the persistent truth that the plugin, the command line and scripts share."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import platformdirs
from ulid import ULID

from microcrystalnet.domain.crystal import Crystal, MaskSource
from microcrystalnet.domain.label import Answer, Label
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, PixelSize, Region, ScaleSource
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage import header, images, predictions
from microcrystalnet.storage.desk import Desk
from microcrystalnet.storage.history import Assignment, Change, Drawn, Edit, Scale, Slot
from microcrystalnet.storage.journal import Problem
from microcrystalnet.storage.layout import CONTROL
from microcrystalnet.storage.recorder import Pending
from microcrystalnet.storage.records import crystal_to_json, scheme_to_json
from microcrystalnet.storage.state import ProjectState


class ProjectStore:
    """One project, open for one expert. Use it from one thread; writing happens on others.

    Every edit is in `state` when the call returns and on the disk soon after; `pending` and
    ``on_saved`` tell how far that is.

    Attributes
    ----------
    on_change
        Called with the `Change` after an edit, an undo or a redo, on the caller's thread.
    """

    def __init__(self, folder: Path, head: header.Header, actor: str, mirror_root: Path) -> None:
        self.folder, self.project_id = folder, head.project_id
        self.on_change: Callable[[Change], None] | None = None
        self._desk = Desk(folder, head, actor, mirror_root / head.project_id)

    @classmethod
    def create(cls, folder: Path, actor: str, *, mirror_root: Path | None = None) -> Self:
        """Make a new project in a new or empty folder; its creator is its owner.

        Raises
        ------
        ProjectError
            If the folder holds something else or cannot be written, or the name is empty.
        """
        named = _checked_name(actor)
        store = cls(folder, header.create(folder), named, mirror_root or default_mirror_root())
        store._desk.note(CONTROL, "scheme.set", scheme_to_json(FOUR_CLASSES))
        store._desk.note(CONTROL, "role.grant", {"actor": named, "role": "owner"})
        return store

    @classmethod
    def open(cls, folder: Path, actor: str, *, mirror_root: Path | None = None) -> Self:
        """Open a project; what this computer holds and the folder lacks is carried over.

        Raises
        ------
        ProjectError
            If the folder is not a project or cannot be read, or the name is empty.
        """
        named = _checked_name(actor)
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

    def become(self, actor: str) -> None:
        """Let another expert take the keyboard; there is nothing to undo then.

        Raises
        ------
        ProjectError
            If the name is empty.
        """
        self._desk.become(_checked_name(actor))
        self._tell(Change("project", None, (), f"{actor} is at the keyboard"))

    def experts(self) -> tuple[str, ...]:
        """Give everyone who has worked on the project, in the order of first appearance."""
        return self._desk.experts()

    def add_micrograph(self, path: Path, micrograph: Micrograph) -> Micrograph:
        """Copy an image file, and its sidecar, into the project; repeating it changes nothing.

        Raises
        ------
        ProjectError
            If it cannot be copied.
        """
        if (known := self.state.micrographs.get(micrograph.image_id)) is not None:
            return known
        self._desk.require_writable()
        record = images.store(self.folder, path, micrograph)
        details = {"image": micrograph.image_id, "name": record.micrograph.file_name}
        self._desk.note(CONTROL, "image.add", details)
        self._tell(Change("images", micrograph.image_id, (), f"Added {path.name}"))
        return self.state.micrograph(micrograph.image_id)

    def set_pixel_size(
        self, image_id: str, pixel_size: PixelSize, source: ScaleSource
    ) -> Micrograph:
        """Say how large the pixels of a micrograph are, over what its file says.

        Raises
        ------
        ProjectError
            If there is no such micrograph, or the size is not a positive number.
        """
        known = self.state.micrograph(image_id)
        if not all(0 < side < float("inf") for side in (pixel_size.row_um, pixel_size.col_um)):
            raise ProjectError(
                f"A pixel cannot be {pixel_size.nm:g} nm wide; give a positive number."
            )
        before = Scale(known.pixel_size, known.scale_source)
        change = Change("images", image_id, (), f"Set the scale of {known.file_name}")
        slot = Slot("scale", image_id)
        self._do(Edit(change, (Assignment(slot, before, Scale(pixel_size, source)),)))
        return self.state.micrograph(image_id)

    def image_path(self, image_id: str) -> Path:
        """Give where the bytes of a micrograph lie.

        Raises
        ------
        ProjectError
            If the project has no such micrograph.
        """
        return self.folder / images.load(self.folder, image_id).file

    def put_mask(
        self,
        image_id: str,
        mask: Mask,
        source: MaskSource,
        *,
        crystal_id: str | None = None,
        prompt: Prompt | None = None,
        z: int = 0,
        model_id: str | None = None,
    ) -> Crystal:
        """Outline a new crystal, or give one another mask.

        Raises
        ------
        MaskError
            If the mask lies outside the micrograph.
        ProjectError
            If there is no such micrograph or crystal.
        """
        inside = mask.within(self._bounds(image_id))
        known = crystal_id and self.state.crystal(crystal_id)
        crystal = Crystal(crystal_id or str(ULID()), image_id, inside, source, z, prompt)
        text = "Changed a mask" if known else "Outlined a crystal"
        self._do(self._drawing([crystal], text, model_id))
        return crystal

    def put_masks(
        self,
        image_id: str,
        masks: Sequence[Mask],
        source: MaskSource,
        *,
        model_id: str | None = None,
    ) -> tuple[Crystal, ...]:
        """Outline many new crystals in one undoable step.

        Raises
        ------
        MaskError
            If a mask lies outside the micrograph; none is kept then.
        ProjectError
            If there is no such micrograph.
        """
        bounds = self._bounds(image_id)
        crystals = [Crystal(str(ULID()), image_id, mask.within(bounds), source) for mask in masks]
        if crystals:
            self._do(self._drawing(crystals, f"Outlined {_count(len(crystals))}", model_id))
        return tuple(crystals)

    def _bounds(self, image_id: str) -> Region:
        micrograph = self.state.micrograph(image_id)
        return Region(0, 0, micrograph.height, micrograph.width)

    def _drawing(self, crystals: Sequence[Crystal], text: str, model_id: str | None) -> Edit:
        assignments = []
        for crystal in crystals:
            slot = Slot("mask", crystal.image_id, crystal.crystal_id)
            before = self.state.drawn(slot)
            parent = before.crystal.mask.digest if before else None
            drawn = Drawn(crystal, crystal_to_json(crystal, model_id, parent))
            assignments.append(Assignment(slot, before, drawn))
        ids = tuple(each.crystal_id for each in crystals)
        return Edit(Change("masks", crystals[0].image_id, ids, text), tuple(assignments))

    def delete_crystals(self, crystal_ids: Sequence[str]) -> None:
        """Take crystals away in one undoable step; their labels come back with them.

        Raises
        ------
        ProjectError
            If one of them does not exist; none is deleted then.
        """
        crystals = [self.state.crystal(each) for each in dict.fromkeys(crystal_ids)]
        if not crystals:
            return
        slots = [Slot("mask", each.image_id, each.crystal_id) for each in crystals]
        assignments = tuple(Assignment(slot, self.state.drawn(slot), None) for slot in slots)
        ids = tuple(each.crystal_id for each in crystals)
        text = f"Deleted {_count(len(ids))}"
        self._do(Edit(Change("masks", crystals[0].image_id, ids, text), assignments))

    def label(
        self,
        crystal_id: str,
        answer: Answer,
        *,
        assist: str = "none",
        milliseconds: int | None = None,
    ) -> Label:
        """Record the current expert's answer for a crystal.

        Raises
        ------
        ProjectError
            If there is no such crystal, or the scheme has no such class.
        """
        crystal = self.state.crystal(crystal_id)
        codes = self.state.scheme.codes
        if answer.cls is not None and answer.cls not in codes:
            raise ProjectError(
                f"The scheme has no class {answer.cls}; choose one of {', '.join(codes)}."
            )
        blind = not self._desk.has_seen(crystal_id)
        label = Label("", crystal_id, self.actor, answer, crystal.mask.digest, blind, assist)
        self._do(self._labelling(crystal, label, f"Labelled {_spoken(answer)}"), milliseconds)
        return self._own(crystal_id) or label

    def clear_label(self, crystal_id: str) -> None:
        """Take the current expert's label of a crystal away.

        Raises
        ------
        ProjectError
            If there is no such crystal.
        """
        crystal = self.state.crystal(crystal_id)
        if self._own(crystal_id) is not None:
            self._do(self._labelling(crystal, None, "Cleared a label"))

    def _own(self, crystal_id: str) -> Label | None:
        return self.state.label(crystal_id)

    def _labelling(self, crystal: Crystal, label: Label | None, text: str) -> Edit:
        slot = Slot("label", crystal.image_id, crystal.crystal_id)
        change = Change("label", crystal.image_id, (crystal.crystal_id,), text)
        return Edit(change, (Assignment(slot, self._own(crystal.crystal_id), label),))

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit of this sitting to take back."""
        return self._desk.history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone edit to do again."""
        return self._desk.history.can_redo

    def undo(self) -> Change | None:
        """Take the latest edit of this sitting back; None if there is none."""
        return self._repeat(self._desk.history.undo)

    def redo(self) -> Change | None:
        """Do again what was undone last; None if there is nothing."""
        return self._repeat(self._desk.history.redo)

    def _repeat(self, step: Callable[[], Edit | None]) -> Change | None:
        self._desk.require_writable()
        if (edit := step()) is None:
            return None
        possible = edit.still_possible(self._desk.current)
        self._desk.commit(possible)
        self._tell(edit.change)
        return edit.change

    def _do(self, edit: Edit, milliseconds: int | None = None) -> None:
        self._desk.commit(edit, milliseconds)
        self._desk.history.add(edit)
        self._tell(edit.change)

    def _tell(self, change: Change) -> None:
        if self.on_change is not None:
            self.on_change(change)

    def votes(self, *, reveal: bool = True) -> Mapping[str, Mapping[str, Label]]:
        """Give everyone's labels by crystal and expert: this opens the other experts' files.

        Labels the current expert gives from now on to a crystal that others have labelled are
        not blind; ``reveal=False`` is for callers that show nothing of it, such as training.
        """
        return self._desk.votes(reveal)

    def write_predictions(self, model_id: str, image_id: str, said: Sequence[Prediction]) -> None:
        """Keep what a model says about the crystals of a micrograph.

        Raises
        ------
        ProjectError
            If the project cannot be written.
        """
        self._desk.require_writable()
        predictions.write(self.folder, model_id, image_id, said)

    def predictions(self, model_id: str, image_id: str) -> Mapping[str, Prediction]:
        """Give what a model says about the crystals of a micrograph, by crystal id."""
        return predictions.read(self.folder, model_id, image_id)

    def new_model_folder(self) -> tuple[str, Path]:
        """Give the id for a new model and the folder, not there yet, to write it into."""
        model_id = str(ULID())
        return model_id, self.model_folder(model_id)

    def models(self) -> tuple[str, ...]:
        """Give the ids of the models that are complete, oldest first."""
        found = (self.folder / "models").glob("*/model.json")
        return tuple(sorted(each.parent.name for each in found))

    def model_folder(self, model_id: str) -> Path:
        """Give the folder of a model."""
        return self.folder / "models" / model_id

    def pending(self) -> Pending:
        """Count the edits that are not yet on a disk, or not yet in the project folder."""
        return self._desk.pending()

    def flush(self, timeout: float | None = 10) -> bool:
        """Wait until this sitting's edits are on both disks; False if that takes longer."""
        return self._desk.flush(timeout)

    def problems(self) -> tuple[Problem, ...]:
        """Give what was found damaged or not understood in the journals read so far."""
        return self._desk.problems()

    def refresh(self) -> None:
        """Read what other sessions added since."""
        self._desk.refresh()

    def close(self, timeout: float = 10) -> None:
        """Wait for the disks and stop; what a lost share lacks is carried over next time."""
        self._desk.close(timeout)


def default_mirror_root() -> Path:
    """Give the folder of this user on this computer that holds a copy of every journal."""
    return platformdirs.user_data_path("napari-mcn", appauthor=False) / "projects"


def _checked_name(actor: str) -> str:
    if not (name := actor.strip()) or len(name) > 100 or not name.isprintable():
        raise ProjectError("Give your name or initials, up to 100 characters, to sign your work.")
    return name


def _count(crystals: int) -> str:
    return "1 crystal" if crystals == 1 else f"{crystals} crystals"


def _spoken(answer: Answer) -> str:
    if answer.discards:
        return "not a crystal"
    return answer.cls or "unclear"
