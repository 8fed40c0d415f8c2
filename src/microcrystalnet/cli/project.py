"""`mcn project`: make, fill, check, merge and copy projects."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.account import account
from microcrystalnet.cli import labels, outlines, samples, scales
from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.cli.page_option import Page, at
from microcrystalnet.cli.sitting import opened
from microcrystalnet.errors import ProjectError, UnreadableFileError
from microcrystalnet.progress import Progress
from microcrystalnet.storage.project_store import ProjectStore

app = typer.Typer(no_args_is_help=True, help="Make, fill, check, merge and copy projects.")
app.command("import-labels")(labels.import_labels)
app.command("import-masks")(outlines.import_masks)
app.command("add-samples")(samples.add_samples)
app.command("texture")(samples.texture)
app.command("tilt")(scales.tilt)
app.command("read-again")(scales.read_again)

Project = Annotated[Path, typer.Argument(help="The project folder.")]


@app.command()
def create(project: Project, expert: Expert) -> None:
    """Make a new, empty project."""
    with opened(ProjectStore.create(project, expert)) as store:
        write_json({"project": str(project), "project_id": store.project_id})


@app.command()
def add(
    project: Project,
    images: Annotated[list[Path], typer.Argument(help="Image files, or folders of them.")],
    expert: Expert,
    page: Page = None,
) -> None:
    """Copy micrographs into a project; those it has already stay as they are."""
    added, refusals = [], []
    with opened(ProjectStore.open(project, expert)) as store, report_to_stderr() as report:
        files = _image_files(images)
        for done, path in enumerate(files):
            report(Progress(done, len(files), path.name))
            try:
                added.append(_add(store, at(path, page)))
            except UnreadableFileError as refusal:
                refusals.append(str(refusal))
    write_json({"added": added, "refused": refusals})
    if refusals:
        raise UnreadableFileError("\n".join(refusals))


def _add(store: ProjectStore, path: Path) -> dict[str, object]:
    from microcrystalnet.micrographs import reader

    micrograph = store.add_micrograph(path, reader.examine(path))
    size = micrograph.pixel_size
    return {
        "path": str(path),
        "image_id": micrograph.image_id,
        "pixel_size_nm": size.nm if size else None,
        "scale_source": micrograph.scale_source.value,
        "scale_note": micrograph.scale_note,
    }


def _image_files(images: list[Path]) -> list[Path]:
    from microcrystalnet.micrographs import reader

    files: list[Path] = []
    for image in images:
        inside = sorted(image.iterdir()) if image.is_dir() else [image]
        found = [each for each in inside if each == image or each.suffix.lower() in reader.SUFFIXES]
        if not found:
            raise UnreadableFileError(
                f"{image} holds no image; {', '.join(sorted(reader.SUFFIXES))} are read."
            )
        files.extend(found)
    return files


@app.command()
def check(project: Project, expert: Expert) -> None:
    """Read everything in a project and list what is damaged or missing; changes nothing.

    Answers that you must not see yet, because you label blind, are not opened.
    """
    from microcrystalnet.storage import header, health
    from microcrystalnet.storage.mirror import default_mirror_root

    mirror = default_mirror_root() / header.read(project).project_id
    with report_to_stderr() as report:
        found = health.check(project, mirror, report, expert=expert)
    write_json({"damaged": found.damaged, **asdict(found)})
    if found.damaged:
        raise ProjectError(
            f"{project} has {len(found.problems)} problems, listed above; the rest is whole. "
            "Merge another copy of the project to fill what is missing."
        )


@app.command()
def scheme(
    project: Project,
    expert: Expert,
    use: Annotated[
        Path | None, typer.Option("--set", help="A JSON file of classes to use from now on.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write the classes as JSON.")] = None,
) -> None:
    """Show the classes experts choose from, replace them, or write them for another project."""
    from microcrystalnet.storage import scheme_records

    with opened(ProjectStore.open(project, expert)) as store:
        if use is not None:
            store.set_scheme(scheme_records.read_scheme(use))
        found = store.state.scheme
    if out is not None:
        scheme_records.write_scheme(out, found)
    write_json(scheme_records.scheme_to_json(found))


@app.command()
def merge(
    project: Project,
    other: Annotated[Path, typer.Argument(help="Another copy: a folder or a zip.")],
) -> None:
    """Bring everything of another copy of the project in; nothing is overwritten."""
    from microcrystalnet.storage import merge as merging

    with report_to_stderr() as report:
        write_json(asdict(merging.merge(project, other, report)))


@app.command()
def snapshot(
    project: Project,
    target: Annotated[Path, typer.Argument(help="The zip to write.")],
) -> None:
    """Write a zip of a project as it is now; `merge` reads it."""
    from microcrystalnet.storage import snapshot as snapshots

    with report_to_stderr() as report:
        _carry_over(project)
        count = snapshots.snapshot(project, target, report)
    write_json({"snapshot": str(target), "files": count})


def _carry_over(project: Path) -> None:
    """Bring to the project folder what only this computer has, so that the snapshot has it too."""
    with opened(ProjectStore.open(project, account())):
        pass
