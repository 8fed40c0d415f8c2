"""The union of two copies of one project: nothing is overwritten, whatever the order."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from microcrystalnet.errors import ProjectError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.storage import archive, files, header, images
from microcrystalnet.storage.layout import (
    PROJECT_FILE,
    belongs,
    copy_path,
    parse_journal,
    travels,
)
from microcrystalnet.storage.replica import carry_over, committed


@dataclass(frozen=True, slots=True)
class MergeSummary:
    """How many files of the other copy were new here, longer than here, kept beside ours, known.

    ``refused`` names files whose content is not what their name promises; they were left out.
    """

    new: int = 0
    grown: int = 0
    beside: int = 0
    known: int = 0
    refused: tuple[str, ...] = ()


def merge(folder: Path, other: Path, report: Report = ignore_progress) -> MergeSummary:
    """Bring everything of another copy, a folder or a zip, into a project.

    Raises
    ------
    ProjectError
        If the two are not copies of one project, the zip is unsafe, or the disk refuses; what was
        brought over by then stays, and merging again finishes it.
    """
    header.read(folder)
    if not other.exists():
        raise ProjectError(f"{other} does not exist; choose a project folder or a zip of one.")
    if other.is_dir():
        return _unite(folder, other, report)
    try:
        with tempfile.TemporaryDirectory(dir=folder.resolve().parent, prefix=".merge-") as beside:
            return _unite(folder, archive.extract(other, Path(beside)), report)
    except OSError as error:
        raise _refusal(folder, error) from error


def project_files(folder: Path) -> list[str]:
    """List the files of a project that are part of its layout, as sorted relative paths.

    Links are left out: they may lead out of the folder.

    Raises
    ------
    ProjectError
        If the folder cannot be read.
    """
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    names = (path.relative_to(folder).as_posix() for path in paths)
    try:
        return sorted(name for name in names if travels(folder, name))
    except OSError as error:
        raise ProjectError(
            f"The project {folder} cannot be read ({error.strerror or error}); "
            "check that the drive is connected and try again."
        ) from error


def _unite(folder: Path, other: Path, report: Report) -> MergeSummary:
    header.require_same(folder, other)
    outcomes: dict[str, str] = {}
    names = [name for name in project_files(other) if name != PROJECT_FILE]
    for done, name in enumerate(names, 1):
        try:
            outcomes[name] = _bring(folder, other / name, name)
        except OSError as error:
            raise _refusal(folder, error) from error
        report(Progress(done, len(names), name))
    counts = [*outcomes.values()]
    return MergeSummary(
        counts.count("new"),
        counts.count("grown"),
        counts.count("beside"),
        counts.count("known"),
        tuple(name for name, outcome in outcomes.items() if outcome == "refused"),
    )


def _refusal(folder: Path, error: OSError) -> ProjectError:
    return ProjectError(
        f"Merging into {folder} stopped ({error.strerror or error}); nothing is lost. "
        "Make room or check the folders, then merge again."
    )


def _bring(folder: Path, source: Path, name: str) -> str:
    if (journal := parse_journal(name)) is not None:
        return _bring_journal(folder / journal.path, committed(source.read_bytes()))
    if name.startswith("images/files/") and not name.endswith((".txt", ".hdr")):
        return _bring_image(folder / name, source)
    target, copy, content = folder / name, 0, source.read_bytes()
    while target.exists():
        if target.read_bytes() == content:
            return "known"
        copy += 1
        target = copy_path(folder / name, copy)
        if not belongs(target.relative_to(folder).as_posix()):
            return "refused"
    files.create_whole(target, content)
    return "beside" if copy else "new"


def _bring_journal(target: Path, content: bytes) -> str:
    before = target.stat().st_size if target.exists() else None
    path = carry_over(content, target)
    if path != target:
        return "beside"
    if before is None:
        return "new"
    return "grown" if path.stat().st_size > before else "known"


def _bring_image(target: Path, source: Path) -> str:
    """Copy a micrograph's file, also over one whose bytes are not what its name promises."""
    there = target.exists()
    if there and images.is_sound(target):
        return "known"
    try:
        images.copy(source, target, target.stem)
    except ProjectError:
        return "known" if there else "refused"
    return "new"
