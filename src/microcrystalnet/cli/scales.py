"""`mcn project tilt` and `mcn project read-again`: scales of micrographs that are in a project."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import write_json
from microcrystalnet.cli.sitting import opened
from microcrystalnet.errors import ProjectError
from microcrystalnet.micrographs.page_path import at_page

if TYPE_CHECKING:
    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.storage.project_store import ProjectStore

Project = Annotated[Path, typer.Argument(help="The project folder.")]


def tilt(
    project: Project,
    degrees: Annotated[
        float, typer.Argument(help="Tilt of the stage, 0 to below 80; 0 takes it back.", min=0.0)
    ],
    images: Annotated[list[str], typer.Argument(help="File names of micrographs.")],
    expert: Expert,
) -> None:
    """Correct heights on micrographs for the tilt of the stage, in place of any other tilt.

    The axis of the tilt is taken to lie level in the picture, from left to right: widths stay.
    """
    from microcrystalnet.storage.edits import check_tilt
    from microcrystalnet.storage.project_store import ProjectStore

    with opened(ProjectStore.open(project, expert)) as store:
        found = [each for name in images for each in _named(store, name)]
        unknown = [each.file_name for each in found if not each.calibrated]
        if unknown:
            raise ProjectError(f"{', '.join(unknown)} has no scale; give it one first.")
        for each in found:  # before the first is changed
            check_tilt(each, degrees or None)
        for each in found:
            store.set_scale(each.image_id, each.scale.corrected(degrees))
        write_json([_described(store.state.micrograph(each.image_id)) for each in found])


def read_again(
    project: Project,
    images: Annotated[list[Path], typer.Argument(help="The very files that were added.")],
    expert: Expert,
) -> None:
    """Take what files, and the texts beside them, tell now; a scale that people gave stays."""
    from microcrystalnet.micrographs import reader
    from microcrystalnet.storage.project_store import ProjectStore

    with opened(ProjectStore.open(project, expert)) as store:
        changed = []
        for path in images:
            for each in _of_file(store, path):
                picture = at_page(path, each.page) if each.page else path
                changed.append(store.read_again(each.image_id, reader.examine(picture)))
        write_json([_described(each) for each in changed])


def _named(store: "ProjectStore", name: str) -> "list[Micrograph]":
    from microcrystalnet.spreadsheets.matching import find_micrograph

    found = find_micrograph([name], store.state.micrographs)
    if not found:
        raise ProjectError(f"The project has no micrograph {name}; give its file name.")
    return list(found)


def _of_file(store: "ProjectStore", path: Path) -> "list[Micrograph]":
    """Give the micrographs that are pictures of this very file, whatever it is called now."""
    from microcrystalnet.micrographs import reader

    known = store.state.micrographs.values()
    pages = {each.page for each in known}
    ids = {reader.image_id(at_page(path, page) if page else path) for page in pages}
    found = [each for each in known if each.image_id in ids]
    if not found:
        raise ProjectError(
            f"No micrograph of the project came from {path}, or the file was changed since; give "
            "the very file that was added."
        )
    return found


def _described(micrograph: "Micrograph") -> dict[str, object]:
    size = micrograph.pixel_size
    return {
        "file": micrograph.file_name,
        "image_id": micrograph.image_id,
        "pixel_height_nm": size.row_um * 1000 if size else None,
        "pixel_width_nm": size.col_um * 1000 if size else None,
        "scale_source": micrograph.scale_source.value,
        "scale_note": micrograph.scale_note,
        "tilt_corrected_deg": micrograph.tilt_corrected,
    }
