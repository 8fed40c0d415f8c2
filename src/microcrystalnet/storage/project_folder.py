"""The write-once half of a project: files of micrographs, classifiers and their predictions."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ulid import ULID

from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.micrographs.page_path import at_page
from microcrystalnet.storage import images, predictions
from microcrystalnet.storage.pulse import Pulse

_MODEL = "[!.]*/model.json"  # a killed training leaves a folder whose name begins with a dot


class ProjectFolder:
    """Give the whole files of a project; what experts do lies in its journals instead.

    A folder on a share that hangs is not asked; ``pulse`` tells when it answers again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pulse = Pulse(folder)
        self._models: tuple[str, ...] = ()
        self._image_files: dict[str, Path] = {}

    def image_path(self, image_id: str) -> Path:
        """Give where a micrograph lies: its file, with the page where that has several.

        Raises
        ------
        ProjectError
            If the project has no such micrograph.
        SilentFolderError
            If the folder does not answer.
        """
        self.pulse.require()
        if image_id not in self._image_files:
            record = images.load(self.folder, image_id)
            self._image_files[image_id] = at_page(Path(record.file), record.micrograph.page)
        return self.folder / self._image_files[image_id]

    def sha256(self, image_id: str) -> str:
        """Give the SHA-256 of a micrograph's file, 64 hexadecimal digits, as it was added.

        Raises
        ------
        ProjectError
            If the project has no such micrograph.
        SilentFolderError
            If the folder does not answer.
        """
        self.pulse.require()
        return images.load(self.folder, image_id).sha256

    def predictions(self, model_id: str, image_id: str) -> Mapping[str, Prediction]:
        """Give what a model says about the crystals of a micrograph, by crystal id.

        While the folder does not answer this is nothing.
        """
        if not self.pulse.answers():
            return {}
        return predictions.read(self.folder, model_id, image_id)

    def new_model_folder(self) -> tuple[str, Path]:
        """Give the id for a new model and the folder, not there yet, to write it into."""
        model_id = str(ULID())
        return model_id, self.model_folder(model_id)

    def models(self) -> tuple[str, ...]:
        """Give the ids of the models that are complete, oldest first, as far as is known."""
        if self.pulse.answers():
            with suppress(OSError):  # a share that went away just now
                found = (each.parent.name for each in (self.folder / "models").glob(_MODEL))
                self._models = tuple(sorted(found))
        return self._models

    def model_folder(self, model_id: str) -> Path:
        """Give the folder of a model."""
        return self.folder / "models" / model_id
