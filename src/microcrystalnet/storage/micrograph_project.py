"""The micrographs of a project: bringing them in, their scale, and the part that is analysed."""

from collections.abc import Mapping
from pathlib import Path

from microcrystalnet.domain.micrograph import Micrograph, PixelSize, Region, Scale, ScaleSource
from microcrystalnet.domain.sample import Sample, Texture
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage import edits, images
from microcrystalnet.storage.history import Change
from microcrystalnet.storage.layout import CONTROL
from microcrystalnet.storage.reading_records import reading_of
from microcrystalnet.storage.shared_project import SharedProject


class MicrographProject(SharedProject):
    """What can be done with the micrographs of a project."""

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
        self._tell(
            Change("images", micrograph.image_id, (), f"Added {record.micrograph.file_name}")
        )
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
        return self.set_scale(image_id, Scale(pixel_size, source))

    def set_scale(self, image_id: str, scale: Scale) -> Micrograph:
        """Say how large the pixels of a micrograph are, and how well that is known.

        Raises
        ------
        ProjectError
            If there is no such micrograph, or the size is not a positive number.
        """
        self._do(edits.scaling(self.state.micrograph(image_id), scale))
        return self.state.micrograph(image_id)

    def read_again(self, image_id: str, told: Micrograph) -> Micrograph:
        """Take what the file of a micrograph, and the text beside it, tell now.

        A scale that somebody measured, typed or corrected for a tilt stays, and so does the part
        that is analysed.

        Raises
        ------
        ProjectError
            If there is no such micrograph, or ``told`` is of another one.
        """
        micrograph = self.state.micrograph(image_id)
        if told.image_id != image_id:
            raise ProjectError(
                f"{told.file_name} is another picture than {micrograph.file_name} in the project, "
                "or was changed since; choose the very file that was added."
            )
        reading = reading_of(told)
        if reading != micrograph.reading:
            self._do(edits.reading_again(micrograph, reading))
        return self.state.micrograph(image_id)

    def set_region(self, image_id: str, region: Region) -> Micrograph:
        """Choose the part of a micrograph that is analysed; the rest stays in the file.

        Raises
        ------
        ProjectError
            If there is no such micrograph, or nothing of the region lies on it.
        """
        self._do(edits.confining(self.state.micrograph(image_id), region))
        return self.state.micrograph(image_id)

    def set_samples(self, samples: Mapping[str, Sample]) -> int:
        """Say of which samples micrographs are, by image id, as one undoable step.

        Gives how many micrographs that changed.

        Raises
        ------
        ProjectError
            If there is no such micrograph; nothing is changed then.
        """
        known = {each: self.state.micrograph(each) for each in samples}
        edit = edits.placing(samples, known)
        if edit.assignments:
            self._do(edit)
        return len(edit.assignments)

    def set_texture(self, image_id: str, texture: Texture | None) -> None:
        """Say how the crystals of a micrograph lie together; None takes that back.

        Raises
        ------
        ProjectError
            If there is no such micrograph.
        """
        micrograph = self.state.micrograph(image_id)
        if micrograph.texture != texture:
            self._do(edits.tagging(micrograph, texture))
