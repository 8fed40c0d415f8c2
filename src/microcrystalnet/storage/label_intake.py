"""Takes labels that were given elsewhere into a project, as those of the expert who gave them."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import PurePath

from ulid import ULID

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.label import Answer, Label
from microcrystalnet.domain.round import Blindness
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage import files
from microcrystalnet.storage.drafts import Draft
from microcrystalnet.storage.edits import check_answer
from microcrystalnet.storage.header import checked_name
from microcrystalnet.storage.history import Slot
from microcrystalnet.storage.import_records import IMPORT, ImportedFile, Imports, Origin
from microcrystalnet.storage.label_records import label_to_json
from microcrystalnet.storage.layout import LABEL, Stream, actor_slug
from microcrystalnet.storage.open_project import OpenProject


@dataclass(frozen=True, slots=True)
class GivenLabel:
    """One row's answer for one crystal; ``blind``: it was given without seeing another's."""

    row: int
    crystal_id: str
    answer: Answer
    blind: bool


@dataclass(frozen=True, slots=True)
class LabelFile:
    """The bytes of a file of labels, its name, that of its folder, and its layout."""

    name: str
    folder: str
    layout: str
    content: bytes

    @property
    def digest(self) -> str:
        """The first 20 hexadecimal digits of the SHA-256 of the bytes."""
        return hashlib.sha256(self.content).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Taken:
    """How many labels were added and known before.

    ``kept`` are the crystals whose label was given in this program and stays.
    """

    added: int
    known: int
    kept: tuple[str, ...]


class LabelIntake(OpenProject):
    """A project, open for bringing one expert's labels in; the expert is its ``actor``."""

    def become(self, actor: str) -> None:
        """Go on with the labels of another expert.

        Raises
        ------
        ProjectError
            If the name is empty.
        """
        if actor != self.actor:
            self._desk.become(checked_name(actor))

    def take(self, file: LabelFile, given: Sequence[GivenLabel]) -> Taken:
        """Add labels of a file, and keep a copy of it; repeating it changes nothing.

        A crystal that the expert labelled in this program keeps that label. A label from another
        file of the same expert, such as a corrected one, is replaced.

        Raises
        ------
        ProjectError
            If the project cannot be written, the scheme lacks a class, or a strict round holds
            such labels back.
        """
        self._desk.require_writable()
        for each in given:
            check_answer(self.state.scheme, each.answer)
        self.require_not_held(self.actor, [each.crystal_id for each in given])
        record = self._store(file)
        new = [each for each in given if not self._is_known(file.digest, each)]
        here = {each.row for each in new if self._was_given_here(each.crystal_id)}
        drafts = [self._draft(file.digest, each, kept=each.row in here) for each in new]
        if (self.actor, file.digest) not in self._desk.imports.files:
            event_id = self._event_id(file.digest, "file", self.actor)
            said = Draft(Stream(LABEL), "label.import", record.to_json(), event_id=event_id)
            drafts.insert(0, said)
        if drafts:
            self._desk.note_all(drafts)
        kept = (e.crystal_id for e in new if e.row in here and self._differs(e))
        return Taken(len(new) - len(here), len(given) - len(new), tuple(kept))

    def require_not_held(self, expert: str, crystal_ids: Iterable[str]) -> None:
        """Refuse labels that a strict round keeps on one computer until their micrograph is sealed.

        The file itself would lie in the project folder, where everybody can read it.

        Raises
        ------
        ProjectError
            If the expert has not sealed the micrograph of one of the crystals in a strict round.
        """
        book = self._desk.visibility.book
        asked = {name for each in book.ordered() for name in each.experts} | {expert}
        names = [each for each in asked if each.casefold() == expert.casefold()]
        homes = dict.fromkeys(self.state.image_of(each) for each in crystal_ids)
        for image_id, name in product(filter(None, homes), names):
            round_ = book.unsealed(image_id, name)
            if round_ is not None and round_.blind is Blindness.STRICT:
                raise ProjectError(
                    f"{name} labels {self.state.micrograph(image_id).file_name} in a strict round "
                    "and has not sealed it, so no labels of it may reach the project folder yet. "
                    f"Import the file when {name} has sealed it on Consensus > Rounds; nothing was "
                    "imported."
                )

    def take_back(self, digest: str) -> int:
        """Take the labels of an imported file back; those given or replaced since stay.

        Gives how many; importing the file again brings them back.

        Raises
        ------
        ProjectError
            If the project cannot be written.
        """
        rows = self._desk.imports.rows.get((self.actor, digest), {})
        drafts = []
        for row, origin in rows.items():
            label = self.latest(origin.crystal_id, self.actor)
            event_id = self._event_id(digest, f"label.set {row}", origin.crystal_id)
            if label is not None and label.label_id == event_id:
                drafts.append(_undoing(label, origin))
        if drafts:
            self._desk.note_all(drafts)
        return len(drafts)

    def imports(self) -> Imports:
        """Give what is known of all imported files; this opens every expert's labels."""
        self._desk.read_labels()
        return self._desk.imports

    def latest(self, crystal_id: str, expert: str) -> Label | None:
        """Give an expert's label of a crystal; after `imports`, of any expert."""
        return self._desk.latest(crystal_id, expert)

    def see(self, crystal_ids: Iterable[str]) -> None:
        """Note that who opened the project is shown the labels of crystals that were read."""
        self._desk.see(crystal_ids)

    def given_by(self, expert: str, crystal_id: str, image_id: str) -> Label | None:
        """Give an expert's label as `latest`, unless it waits for the seal of its round."""
        waits = self._desk.visibility.book.unsealed(image_id, expert) is not None
        return None if waits else self.latest(crystal_id, expert)

    def opened(self, crystal_id: str) -> bool:
        """Say whether who opened the project may see what others say of a crystal."""
        image_id = self.state.image_of(crystal_id) or ""
        return self._desk.visibility.opened(crystal_id, image_id, self.actor)

    @property
    def blind(self) -> bool:
        """Whether who opened the project labels blind, so that no other's file was opened."""
        return self._desk.visibility.blind_session(self.actor)

    def closed(self, expert: str, digest: str) -> bool:
        """Say whether a file tells of micrographs that one labels blind; after `imports`."""
        rows = self._desk.imports.rows.get((expert, digest), {}).values()
        withheld = self._desk.visibility.withheld(self.actor)
        read = bool(rows) and not any(each.image_id in withheld for each in rows)
        return expert != self.actor and bool(withheld) and not read

    def _store(self, file: LabelFile) -> ImportedFile:
        suffix = re.sub("[^a-z0-9]", "", PurePath(file.name).suffix.lower())[:8] or "csv"
        stored = f"imports/{actor_slug(self.actor)}/{file.digest}.{suffix}"
        try:
            if not (self.folder / stored).exists():
                files.replace(self.folder / stored, file.content)
        except OSError as problem:
            raise ProjectError(
                f"{file.name} could not be copied into the project "
                f"({problem.strerror or problem}); nothing was imported. Make room or check the "
                "folder, then import it again."
            ) from problem
        return ImportedFile(file.digest, file.name, file.folder, file.layout, stored)

    def _is_known(self, digest: str, given: GivenLabel) -> bool:
        return self._desk.imports.has(self.actor, digest, given.row, given.crystal_id)

    def _was_given_here(self, crystal_id: str) -> bool:
        label = self.latest(crystal_id, self.actor)
        return label is not None and label.label_id not in self._desk.imports.label_ids

    def _differs(self, given: GivenLabel) -> bool:
        label = self.latest(given.crystal_id, self.actor)
        return label is not None and label.answer != given.answer

    def _draft(self, digest: str, given: GivenLabel, *, kept: bool) -> Draft:
        """Give the event of a row: a label or, where one given here is kept, a mere remark."""
        crystal = self.state.crystal(given.crystal_id)
        label, before = self._label(crystal, given), self._before(given)
        said = label_to_json(label, crystal.image_id, before, None)
        kind = "label.row" if kept else "label.set"
        event_id = self._event_id(digest, f"{kind} {given.row}", given.crystal_id)
        details = {**said, "src": IMPORT, "origin": {"file": digest, "row": given.row}}
        return Draft(Stream(LABEL), kind, details, event_id=event_id)

    def _label(self, crystal: Crystal, given: GivenLabel) -> Label:
        slot = Slot("label", crystal.image_id, crystal.crystal_id)
        here = self._desk.visibility.conditions(slot, self.actor)
        return Label(
            "",
            crystal.crystal_id,
            self.actor,
            given.answer,
            crystal.mask.digest,
            given.blind and here.blind,
            here.assist,
            scheme_version=self.state.scheme.version,
        )

    def _before(self, given: GivenLabel) -> str | None:
        label = self.latest(given.crystal_id, self.actor)
        return label.label_id if label else None

    def _event_id(self, digest: str, row: str, crystal_id: str) -> str:
        """Name an event by what it says, so that two computers that import a file agree on it."""
        said = "\n".join((self.project_id, self.actor, digest, row, crystal_id))
        return str(ULID(bytes(6) + hashlib.sha256(said.encode()).digest()[:10]))


def _undoing(label: Label, origin: Origin) -> Draft:
    details = {
        "image": origin.image_id,
        "crystal": origin.crystal_id,
        "prev": label.label_id,
        "round": label.round_id,
        "pass": label.turn,
        "blind": label.blind,
        "assist": label.assist,
        "src": IMPORT,
    }
    return Draft(Stream(LABEL), "label.undo", details)
