"""Files that others publish: where they come from, how big they are, where they are kept."""

from dataclasses import dataclass
from pathlib import Path

from microcrystalnet.errors import WeightsError
from microcrystalnet.own_folders import data_folder


@dataclass(frozen=True, slots=True)
class Published:
    """One weights file of a publisher."""

    name: str
    url: str
    size: int
    sha256: str
    licence: str = "Apache-2.0"

    @property
    def file_name(self) -> str:
        """Last part of the address."""
        return self.url.rpartition("/")[2]


def weights_folder() -> Path:
    """Say where downloaded weights are kept."""
    return data_folder() / "weights"


def part_of(published: Published, folder: Path | None = None) -> Path:
    """Say where a download grows until it is complete and checked."""
    return (folder or weights_folder()) / f"{published.file_name}.part"


def find_download(published: Published, folder: Path | None = None) -> Path | None:
    """Give the file that was downloaded before, if it was."""
    path = (folder or weights_folder()) / published.file_name
    return path if path.is_file() else None


def bytes_here(published: Published, folder: Path | None = None) -> int:
    """Say how much of a file is there, or of its paused download, in bytes."""
    if find_download(published, folder):
        return published.size
    try:
        return part_of(published, folder).stat().st_size
    except OSError:
        return 0


def require_download(published: Published, page: str, folder: Path | None = None) -> Path:
    """Give the file that was downloaded before; ``page`` is where one fetches it in the window.

    Raises
    ------
    WeightsError
        If it was not.
    """
    path = find_download(published, folder)
    if path is None:
        raise WeightsError(
            f"The weights {published.name} are not on this computer; fetch them on the {page} page "
            f"or by `mcn weights {published.name}` ({published.size / 1e6:.0f} MB, "
            f"{published.licence}, from {published.url}), or pick the file."
        )
    return path
