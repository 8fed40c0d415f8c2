"""Changes the classes of the project, one version a change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from microcrystalnet.domain import scheme_rules as rules
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.storage.scheme_records import read_scheme, write_scheme
from napari_mcn.notify import refusals_told, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from microcrystalnet.domain.scheme import CrystalClass, Scheme
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.scheme_page import SchemePage
    from napari_mcn.session import Session

FILE_NAME = "classes.json"


class SchemeController:
    """Every change is a new version in the journal; everything else follows the session."""

    def __init__(self, page: SchemePage, session: Session, dialogs: Dialogs) -> None:
        self._page, self._session, self._dialogs = page, session, dialogs
        self._current: str | None = None
        page.class_chosen.connect(self._on_chosen)
        page.add_requested.connect(self.add)
        page.change_requested.connect(self.change)
        page.move_requested.connect(self.move)
        page.retire_requested.connect(self.retire)
        page.restore_requested.connect(self.restore)
        page.forms_requested.connect(self.change_forms)
        page.import_requested.connect(self.take_file)
        page.export_requested.connect(self.write_file)
        session.events.store.connect(self._on_store)
        session.edited.connect(self._on_edited)
        self._on_store(session.store)

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.store.disconnect(self._on_store)
        self._session.edited.disconnect(self._on_edited)

    @refusals_told
    def add(self, cls: CrystalClass) -> None:
        """Offer another class."""
        self._use(rules.with_class(self._scheme, cls), cls.code)

    @refusals_told
    def change(self, cls: CrystalClass) -> None:
        """Give a class another name, colour, key or description."""
        self._use(rules.with_changed(self._scheme, cls), cls.code)

    @refusals_told
    def move(self, code: str, by: int) -> None:
        """Move a class in the order."""
        self._use(rules.with_moved(self._scheme, code, by), code)

    @refusals_told
    def retire(self, code: str) -> None:
        """Offer a class no longer."""
        self._use(rules.with_retired(self._scheme, code), None)

    @refusals_told
    def restore(self, code: str) -> None:
        """Offer a retired class again."""
        self._use(rules.with_restored(self._scheme, code), code)

    @refusals_told
    def change_forms(self, shapes: Sequence[str], definitions: Sequence[str]) -> None:
        """Offer other words for the form of a crystal."""
        self._use(rules.with_forms(self._scheme, shapes, definitions), self._current)

    @refusals_told
    def take_file(self) -> None:
        """Use the classes of a file; those it leaves out are retired."""
        path = self._dialogs.scheme_file()
        if path is not None:
            self._use(read_scheme(path), None)
            tell(f"The classes are now {', '.join(self._scheme.codes)}.")

    @refusals_told
    def write_file(self) -> None:
        """Write the classes for another project."""
        scheme = self._session.project.state.scheme
        path = self._dialogs.save_as(FILE_NAME, ".json")
        if path is not None:
            write_scheme(path, scheme)
            tell(f"The classes are in {path}.")

    @property
    def _scheme(self) -> Scheme:
        return self._session.project.state.scheme

    def _use(self, scheme: Scheme, current: str | None) -> None:
        if replace(scheme, version=0) != replace(self._scheme, version=0):
            self._current = current
            self._session.project.set_scheme(scheme)

    def _on_chosen(self, code: str) -> None:
        self._current = code
        self._show()

    def _on_store(self, _store: object) -> None:
        self._current = None
        self._show()

    def _on_edited(self, change: Change) -> None:
        if change.kind == "scheme":
            self._show()

    def _show(self) -> None:
        store = self._session.store
        scheme = FOUR_CLASSES if store is None else store.state.scheme
        self._page.setEnabled(store is not None)
        self._page.set_scheme(scheme, self._current if self._current in scheme.codes else None)
