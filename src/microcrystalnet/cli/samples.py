"""`mcn project add-samples` and `mcn project texture`: where micrographs come from."""

from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import write_json
from microcrystalnet.cli.sitting import opened
from microcrystalnet.domain.sample import Texture
from microcrystalnet.errors import ProjectError

Project = Annotated[Path, typer.Argument(help="The project folder.")]


def add_samples(
    project: Project,
    table: Annotated[
        Path,
        typer.Argument(help="A CSV or Excel table with columns file, sample, depth, locality."),
    ],
    expert: Expert,
) -> None:
    """Say of which sample, depth and locality the micrographs are, by their file names."""
    from microcrystalnet.spreadsheets.sample_table import join_samples
    from microcrystalnet.storage.project_store import ProjectStore

    with opened(ProjectStore.open(project, expert)) as store:
        joined = join_samples(table, store.state.micrographs)
        changed = store.set_samples(joined.samples)
    write_json(
        {
            "micrographs": len(joined.samples),
            "changed": changed,
            "unknown_files": list(joined.unknown_files),
            "without_sample": list(joined.without_sample),
        }
    )


def texture(
    project: Project,
    image: Annotated[str, typer.Argument(help="The file name of a micrograph.")],
    is_: Annotated[
        Texture | None, typer.Option("--is", help="How its crystals lie; none takes it back.")
    ] = None,
    *,
    expert: Expert,
) -> None:
    """Say how the crystals of a field of view lie together."""
    from microcrystalnet.spreadsheets.matching import find_micrograph
    from microcrystalnet.storage.project_store import ProjectStore

    with opened(ProjectStore.open(project, expert)) as store:
        found = find_micrograph([image], store.state.micrographs)
        if not found:
            raise ProjectError(f"The project has no micrograph {image}; give its file name.")
        for each in found:
            store.set_texture(each.image_id, is_)
    write_json({"micrographs": [each.file_name for each in found], "texture": is_})
