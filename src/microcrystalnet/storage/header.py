"""The file project.json: what makes a folder a project."""

import errno
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ulid import ULID

from microcrystalnet.errors import ProjectError
from microcrystalnet.file_names import is_left_by_desktop
from microcrystalnet.storage import files
from microcrystalnet.storage.layout import PROJECT_FILE

FORMAT = "napari-mcn project"
MAJOR = 1  # a higher one is opened for looking only


@dataclass(frozen=True, slots=True)
class Header:
    """What project.json says."""

    project_id: str
    major: int


def create(folder: Path) -> Header:
    """Make a folder a project.

    Raises
    ------
    ProjectError
        If it is a project already, holds other files, or cannot be written.
    """
    header = Header(str(ULID()), MAJOR)
    content = {
        "format": FORMAT,
        "major": MAJOR,
        "project_id": header.project_id,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    try:
        _require_free(folder)
        files.create_whole(folder / PROJECT_FILE, json.dumps(content, indent=1).encode() + b"\n")
    except OSError as error:
        raise ProjectError(
            f"A project cannot be made in {folder} ({error.strerror or error}); "
            "choose a folder that you may write to."
        ) from error
    return header


def _require_free(folder: Path) -> None:
    if (folder / PROJECT_FILE).exists():
        raise ProjectError(f"{folder} is a project already; open it instead.")
    if folder.exists() and not (folder.is_dir() and _is_bare(folder)):
        raise ProjectError(
            f"{folder} holds other files; choose a new or an empty folder for the project."
        )


def _is_bare(folder: Path) -> bool:
    return all(is_left_by_desktop(each.name) for each in folder.iterdir())


def read(folder: Path) -> Header:
    """Read project.json.

    Raises
    ------
    ProjectError
        If the folder is not a project, or the file is damaged.
    """
    try:
        value = json.loads((folder / PROJECT_FILE).read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ProjectError(
            f"{folder} is not a project: it holds no {PROJECT_FILE}. "
            "Choose the folder in which that file lies, or create a new project."
        ) from error
    except OSError as error:
        raise ProjectError(
            f"The project {folder} cannot be read ({error.strerror or error}); "
            "check that the drive is connected and try again."
        ) from error
    except (ValueError, RecursionError) as error:
        raise _damaged(folder) from error
    match value:
        case {"format": str(kind), "major": int(major), "project_id": str(project_id)}:
            if kind != FORMAT:
                raise ProjectError(f"{folder} is a project of another program ({kind}).")
            return Header(str(_ulid(project_id, folder)), major)
    raise _damaged(folder)


def created_ms(folder: Path) -> int:
    """Give when a project was made, in milliseconds since 1970; 0 where it is not said."""
    try:
        said = json.loads((folder / PROJECT_FILE).read_bytes()).get("created")
        return int(datetime.fromisoformat(said).timestamp() * 1000)
    except (OSError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return 0


def check_there(folder: Path, project_id: str) -> None:
    """Make sure that this project is still in its folder, before something is written there.

    Raises
    ------
    OSError
        If the drive was pulled out, or another one is in its place.
    """
    try:
        there = json.loads((folder / PROJECT_FILE).read_bytes())["project_id"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise OSError(errno.EIO, f"{PROJECT_FILE} is damaged") from error
    if there != project_id:
        raise OSError(errno.ESTALE, "another project is in its place")


def _ulid(value: str, folder: Path) -> ULID:
    try:
        return ULID.from_str(value)
    except ValueError as error:
        raise _damaged(folder) from error


def _damaged(folder: Path) -> ProjectError:
    return ProjectError(
        f"{folder / PROJECT_FILE} is damaged or of another program. If this is your project, copy "
        "the file back from another copy of it; everything else in the folder is untouched."
    )


def require_same(folder: Path, other: Path) -> None:
    """Make sure that two folders are copies of one project that this program understands.

    Raises
    ------
    ProjectError
        If not.
    """
    one, two = read(folder), read(other)
    if one.project_id != two.project_id:
        raise ProjectError(
            f"{other} is another project than {folder}, so nothing was merged. "
            "Merge copies of one project; to bring micrographs over, add their files instead."
        )
    if max(one.major, two.major) > MAJOR:
        raise ProjectError(
            f"{folder} or {other} was written by a newer version of the program; nothing was "
            "merged. Install the newer version first."
        )


def checked_name(actor: str) -> str:
    """Give an expert's name without blanks around it.

    Raises
    ------
    ProjectError
        If nothing is left, or it is no name.
    """
    if not (name := actor.strip()) or len(name) > 100 or not name.isprintable():
        raise ProjectError("Give your name or initials, up to 100 characters, to sign your work.")
    return name
