"""`mcn project import-masks`: outlines that other programs drew."""

from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import write_json
from microcrystalnet.cli.sitting import opened


def import_masks(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="The project folder.")],
    outlines: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A label image, COCO, GeoJSON, RoiSet.zip or .roi file."
        ),
    ],
    image: Annotated[str, typer.Option(help="File name of the micrograph they belong to.")],
    expert: Expert,
) -> None:
    """Add outlines from another program to a micrograph, but those outside, or there already."""
    from microcrystalnet.domain.crystal import MaskSource
    from microcrystalnet.errors import ProjectError
    from microcrystalnet.imaging.doubles import without_repeats
    from microcrystalnet.interchange.read_file import inside, read_outlines
    from microcrystalnet.storage.project_store import ProjectStore

    with opened(ProjectStore.open(project, expert)) as store:
        known = {each.file_name: each for each in store.state.micrographs.values()}
        if image not in known:
            raise ProjectError(
                f"The project has no micrograph {image}; it has {', '.join(known) or 'none yet'}."
            )
        found = read_outlines(outlines, known[image])
        masks = inside(found, known[image])
        there = [each.mask for each in store.state.crystals(known[image].image_id).values()]
        fresh = without_repeats(masks, there)
        store.put_masks(known[image].image_id, fresh, MaskSource.IMPORT)
    write_json(
        {
            "imported": len(fresh),
            "outside": len(found) - len(masks),
            "there_already": len(masks) - len(fresh),
        }
    )
