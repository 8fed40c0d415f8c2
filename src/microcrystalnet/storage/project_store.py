"""A project: the persistent truth that the plugin, the command line and scripts share."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from ulid import ULID

from microcrystalnet.domain.crystal import Crystal, MaskSource
from microcrystalnet.domain.label import Answer, Label
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.outlining import Outlining
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.domain.scheme import FOUR_CLASSES, Scheme
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage import edits, header, predictions
from microcrystalnet.storage.header import checked_name
from microcrystalnet.storage.history import Change, Edit
from microcrystalnet.storage.layout import CONTROL
from microcrystalnet.storage.micrograph_project import MicrographProject
from microcrystalnet.storage.mirror import default_mirror_root
from microcrystalnet.storage.scheme_records import scheme_to_json


class ProjectStore(MicrographProject):
    """One project, open for one expert. Use it from one thread; writing happens on others.

    Every edit is in `state` when the call returns and on the disk soon after; `pending` and
    `on_saved` tell how far that is. Edits raise `ReadOnlyProjectError` where `read_only`.
    """

    @classmethod
    def create(cls, folder: Path, actor: str, *, mirror_root: Path | None = None) -> Self:
        """Make a new project in a new or empty folder; its creator is its owner.

        Raises
        ------
        ProjectError
            If the folder holds something else or cannot be written, or the name is empty.
        """
        named = checked_name(actor)
        store = cls(folder, header.create(folder), named, mirror_root or default_mirror_root())
        store._desk.note(CONTROL, "scheme.set", scheme_to_json(FOUR_CLASSES))
        store._desk.note(CONTROL, "role.grant", {"actor": named, "role": "owner"})
        return store

    def become(self, actor: str) -> None:
        """Let another expert take the keyboard; there is nothing to undo then.

        Raises
        ------
        ProjectError
            If the name is empty.
        """
        self._desk.become(checked_name(actor))
        self._tell(Change("project", None, (), f"{self.actor} is at the keyboard"))

    def set_scheme(self, scheme: Scheme) -> Scheme:
        """Offer other classes from now on, as the next version; gives what was kept.

        Classes that are left out are retired: labels that name them stay.

        Raises
        ------
        SchemeError
            If the scheme contradicts itself, or uses the code of a retired class for another.
        """
        self._do(edits.offering(self.state, scheme))
        return self.state.scheme

    def show_example(self, crystal_id: str, cls: str | None) -> None:
        """Show a crystal in the atlas as an example of a class; None takes it back.

        Everyone sees it from now on, so that labels others give to this crystal are not blind.

        Raises
        ------
        ProjectError
            If there is no such crystal, or the scheme has no such class.
        """
        crystal = self.state.crystal(crystal_id)
        edits.check_answer(self.state.scheme, Answer(cls))
        self._do(edits.showing(self.state, crystal, cls, self.actor))

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
        made: Outlining | None = None,
    ) -> Crystal:
        """Outline a new crystal, or give one another mask; ``made`` says with what.

        Raises
        ------
        MaskError
            If the mask lies outside the micrograph.
        ProjectError
            If there is no such micrograph or crystal.
        """
        inside = edits.inside(self.state.micrograph(image_id), mask)
        if crystal_id is not None and self.state.crystal(crystal_id).image_id != image_id:
            raise ProjectError(f"The crystal {crystal_id} lies on another micrograph.")
        crystal = Crystal(crystal_id or str(ULID()), image_id, inside, source, z, prompt, made)
        self._do(edits.drawing(self.state, [crystal], model_id))
        return crystal

    def put_masks(
        self,
        image_id: str,
        masks: Sequence[Mask],
        source: MaskSource,
        *,
        model_id: str | None = None,
        made: Outlining | None = None,
    ) -> tuple[Crystal, ...]:
        """Outline many new crystals in one undoable step; ``made`` says with what.

        Raises
        ------
        MaskError
            If a mask lies outside the micrograph; none is kept then.
        ProjectError
            If there is no such micrograph.
        """
        micrograph = self.state.micrograph(image_id)
        inside = [edits.inside(micrograph, mask) for mask in masks]
        crystals = tuple(Crystal(str(ULID()), image_id, mask, source, made=made) for mask in inside)
        if crystals:
            self._do(edits.drawing(self.state, crystals, model_id))
        return crystals

    def correct(
        self, crystals: Sequence[Crystal], *, delete: Sequence[str] = (), text: str
    ) -> tuple[Crystal, ...]:
        """Put crystals of one micrograph and delete others, in one undoable step.

        Crystals with a known id get another mask and keep their labels, those with an empty id
        get a new one. ``text`` says what was done, such as "Merged 3 crystals".

        Raises
        ------
        MaskError
            If a mask lies outside the micrograph; nothing is changed then.
        ProjectError
            If there is no such micrograph, or no such crystal to delete.
        """
        gone = [self.state.crystal(each) for each in dict.fromkeys(delete)]
        drawn = tuple(self._settled(each) for each in crystals)
        if len({each.image_id for each in (*drawn, *gone)}) > 1:
            raise ProjectError("One step can correct the crystals of one micrograph only.")
        if drawn or gone:
            self._do(edits.correction(self.state, drawn, gone, text))
        return drawn

    def _settled(self, crystal: Crystal) -> Crystal:
        micrograph = self.state.micrograph(crystal.image_id)
        mask = edits.inside(micrograph, crystal.mask)
        made = None if crystal.source is MaskSource.MANUAL else crystal.made
        return replace(crystal, crystal_id=crystal.crystal_id or str(ULID()), mask=mask, made=made)

    def delete_crystals(self, crystal_ids: Sequence[str]) -> None:
        """Take crystals away in one undoable step; undone, their labels are there again.

        Raises
        ------
        ProjectError
            If one of them does not exist; none is deleted then.
        """
        if crystals := [self.state.crystal(each) for each in dict.fromkeys(crystal_ids)]:
            self._do(edits.deletion(self.state, crystals))

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
        label, edit = self._labelling(crystal_id, answer, assist)
        self._do(edit, milliseconds)
        return self.state.label(crystal_id) or label

    def label_many(
        self,
        answers: Mapping[str, Answer],
        *,
        assist: str = "none",
        milliseconds: int | None = None,
    ) -> None:
        """Record the current expert's answers for several crystals, as one undoable step.

        Every crystal gets a label of its own; ``milliseconds`` is the time spent on each.

        Raises
        ------
        ProjectError
            If a crystal is gone, or the scheme lacks a class; nothing is recorded then.
        """
        parts = [self._labelling(each, said, assist)[1] for each, said in answers.items()]
        if parts:
            crystals = "1 crystal" if len(parts) == 1 else f"{len(parts)} crystals"
            self._do(edits.joined(parts, f"Labelled {crystals}"), milliseconds)

    def _labelling(self, crystal_id: str, answer: Answer, assist: str) -> tuple[Label, Edit]:
        crystal = self.state.crystal(crystal_id)
        edits.check_answer(self.state.scheme, answer)
        label = Label("", crystal_id, self.actor, answer, crystal.mask.digest, assist=assist)
        return label, edits.labelling(self.state, crystal, label)

    def clear_label(self, crystal_id: str) -> None:
        """Take the current expert's label of a crystal away.

        Raises
        ------
        ProjectError
            If there is no such crystal.
        """
        crystal = self.state.crystal(crystal_id)
        if self.state.label(crystal_id) is not None:
            self._do(edits.labelling(self.state, crystal, None))

    def clear_labels(self, crystal_ids: Sequence[str]) -> None:
        """Take the current expert's labels of several crystals away, as one undoable step.

        Raises
        ------
        ProjectError
            If there is no such crystal.
        """
        crystals = [self.state.crystal(each) for each in crystal_ids]
        there = [each for each in crystals if self.state.label(each.crystal_id) is not None]
        if there:
            parts = [edits.labelling(self.state, each, None) for each in there]
            self._do(edits.joined(parts, f"Cleared {len(parts)} labels"))

    def write_predictions(self, model_id: str, image_id: str, said: Sequence[Prediction]) -> None:
        """Keep what a model says about the crystals of a micrograph.

        Raises
        ------
        ProjectError
            If the project cannot be written.
        """
        self._desk.require_writable()
        predictions.write(self.folder, model_id, image_id, said)
