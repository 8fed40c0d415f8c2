"""The few questions that need a system dialog; tests answer them without one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qtpy.QtCore import QUrl
from qtpy.QtGui import QDesktopServices
from qtpy.QtWidgets import QFileDialog, QInputDialog, QMessageBox

from microcrystalnet.micrographs.reader import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qtpy.QtWidgets import QWidget


class Dialogs(Protocol):
    """What the controllers ask; None or an empty list: the user changed their mind."""

    def new_project(self) -> Path | None:
        """Ask where a new project folder shall be."""

    def existing_project(self) -> Path | None:
        """Ask for a project folder."""

    def micrographs(self) -> list[Path]:
        """Ask for image files."""

    def same_file(self, name: str) -> Path | None:
        """Ask for the image file that a micrograph of this name came from."""

    def page(self, name: str, titles: Sequence[str]) -> int | None:
        """Ask which picture of a file is meant; gives its place among the titles, 0 first."""

    def checkpoint(self) -> Path | None:
        """Ask for a file of SAM weights."""

    def keras_file(self) -> Path | None:
        """Ask for a classifier saved by Keras."""

    def label_image(self) -> Path | None:
        """Ask for an image of labels."""

    def outlines(self) -> Path | None:
        """Ask for a file of outlines."""

    def label_table(self) -> Path | None:
        """Ask for a spreadsheet of labels."""

    def sample_table(self) -> Path | None:
        """Ask for a spreadsheet of samples."""

    def label_folder(self) -> Path | None:
        """Ask for a folder of label files."""

    def exchange_folder(self) -> Path | None:
        """Ask for a folder that labels go into or come from."""

    def exchange_zip(self) -> Path | None:
        """Ask for a zip of labels."""

    def scheme_file(self) -> Path | None:
        """Ask for a file of classes."""

    def export_folder(self) -> Path | None:
        """Ask for a folder to write into."""

    def show_written(self, path: Path) -> None:
        """Show a file or a folder in the program that the system has for it."""

    def save_as(self, name: str, *endings: str, beside: Sequence[str] = ()) -> Path | None:
        """Ask where to write a file, and once whether all that is there may be replaced.

        One of ``endings`` is added where none was typed; ``beside`` are the endings of files of the
        same name that are written with it.
        """


class SystemDialogs:
    """The dialogs of the operating system."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def new_project(self) -> Path | None:
        """Ask where a new project folder shall be."""
        return self.save_as("my-project")

    def existing_project(self) -> Path | None:
        """Ask for a project folder."""
        folder = QFileDialog.getExistingDirectory(self._parent, "Open a project folder")
        return Path(folder) if folder else None

    def micrographs(self) -> list[Path]:
        """Ask for image files."""
        kinds = " ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
        names, _ = QFileDialog.getOpenFileNames(
            self._parent, "Add micrographs", "", f"Micrographs ({kinds})"
        )
        return [Path(name) for name in names]

    def same_file(self, name: str) -> Path | None:
        """Ask for the image file that a micrograph of this name came from."""
        kinds = " ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
        chosen, _ = QFileDialog.getOpenFileName(
            self._parent, f"Where {name} lies, with its text file", "", f"Micrographs ({kinds})"
        )
        return Path(chosen) if chosen else None

    def page(self, name: str, titles: Sequence[str]) -> int | None:
        """Ask which picture of a file is meant; gives its place among the titles, 0 first."""
        question = (
            f"{name} holds {len(titles)} pictures. Which one shall be analysed?\n"
            "To have another one too, add the file again."
        )
        chosen, sure = QInputDialog.getItem(
            self._parent, "Which picture?", question, titles, 0, False
        )
        return titles.index(chosen) if sure else None

    def checkpoint(self) -> Path | None:
        """Ask for a file of SAM weights."""
        name, _ = QFileDialog.getOpenFileName(
            self._parent, "SAM weights", "", "SAM checkpoints (*.pth *.pt)"
        )
        return Path(name) if name else None

    def keras_file(self) -> Path | None:
        """Ask for a classifier saved by Keras."""
        name, _ = QFileDialog.getOpenFileName(
            self._parent, "A classifier saved by Keras", "", "Keras files (*.h5 *.hdf5)"
        )
        return Path(name) if name else None

    def label_image(self) -> Path | None:
        """Ask for an image of labels."""
        name, _ = QFileDialog.getOpenFileName(
            self._parent, "Reference masks", "", "Label images (*.tif *.tiff *.png)"
        )
        return Path(name) if name else None

    def outlines(self) -> Path | None:
        """Ask for a file of outlines."""
        kinds = "Outlines (*.tif *.tiff *.png *.json *.geojson *.zip *.roi)"
        name, _ = QFileDialog.getOpenFileName(self._parent, "Outlines", "", kinds)
        return Path(name) if name else None

    def label_table(self) -> Path | None:
        """Ask for a spreadsheet of labels."""
        name, _ = QFileDialog.getOpenFileName(
            self._parent, "Labels to import", "", "Tables (*.csv *.tsv *.txt *.xlsx)"
        )
        return Path(name) if name else None

    def sample_table(self) -> Path | None:
        """Ask for a spreadsheet of samples."""
        name, _ = QFileDialog.getOpenFileName(
            self._parent, "Samples of the micrographs", "", "Tables (*.csv *.tsv *.txt *.xlsx)"
        )
        return Path(name) if name else None

    def label_folder(self) -> Path | None:
        """Ask for a folder of label files."""
        folder = QFileDialog.getExistingDirectory(self._parent, "Folder with label files")
        return Path(folder) if folder else None

    def exchange_folder(self) -> Path | None:
        """Ask for a folder that labels go into or come from."""
        folder = QFileDialog.getExistingDirectory(self._parent, "A folder for labels")
        return Path(folder) if folder else None

    def exchange_zip(self) -> Path | None:
        """Ask for a zip of labels."""
        name, _ = QFileDialog.getOpenFileName(
            self._parent, "Labels another expert sent", "", "Labels (*.zip)"
        )
        return Path(name) if name else None

    def scheme_file(self) -> Path | None:
        """Ask for a file of classes."""
        name, _ = QFileDialog.getOpenFileName(self._parent, "Classes", "", "Classes (*.json)")
        return Path(name) if name else None

    def export_folder(self) -> Path | None:
        """Ask for a folder to write into."""
        folder = QFileDialog.getExistingDirectory(self._parent, "A folder for the files")
        return Path(folder) if folder else None

    def show_written(self, path: Path) -> None:
        """Show a file or a folder in the program that the system has for it."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def save_as(self, name: str, *endings: str, beside: Sequence[str] = ()) -> Path | None:
        """Ask where to write a file, and once whether all that is there may be replaced."""
        unasked = QFileDialog.Option.DontConfirmOverwrite  # it knows of one file, as it was typed
        while True:
            chosen, _ = QFileDialog.getSaveFileName(self._parent, "Save as", name, options=unasked)
            if not chosen:
                return None
            path = with_ending(Path(chosen), *endings)
            if self._may_replace(_taken(path, beside)):
                return path
            name = chosen

    def _may_replace(self, files: Sequence[Path]) -> bool:
        if not files:
            return True
        names = ", ".join(each.name for each in files)
        text = (
            f"{names} is there already. Replace it?"
            if len(files) == 1
            else f"These files are there already: {names}. Replace them all?"
        )
        answers = QMessageBox.StandardButton
        return answers.Yes == QMessageBox.question(
            self._parent, "Replace?", text, answers.Yes | answers.No, answers.No
        )


def with_ending(path: Path, *endings: str) -> Path:
    """Add the first ending where none of these was typed; full stops in a name stay."""
    if not endings or path.suffix.lower() in endings:
        return path
    return path.with_name(path.name + endings[0])


def _taken(path: Path, beside: Sequence[str]) -> list[Path]:
    wanted = dict.fromkeys((path, *(path.with_suffix(ending) for ending in beside)))
    return [each for each in wanted if each.is_file()]
