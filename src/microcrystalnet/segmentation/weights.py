"""Published SAM weights: where they come from, how big they are, and whether a file is the one."""

from dataclasses import dataclass
from pathlib import Path

import platformdirs

from microcrystalnet.errors import WeightsError


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


_META = "https://dl.fbaipublicfiles.com/segment_anything/"
PUBLISHED = {
    each.name: each
    for each in (
        Published(
            "vit_b",
            f"{_META}sam_vit_b_01ec64.pth",
            375_042_383,
            "ec2df62732614e57411cdcf32a23ffdf28910380d03139ee0f4fcbe91eb8c912",
        ),
        Published(
            "vit_l",
            f"{_META}sam_vit_l_0b3195.pth",
            1_249_524_607,
            "3adcc4315b642a4d2101128f611684e8734c41232a17c648ed1693702a49a622",
        ),
        Published(
            "vit_h",
            f"{_META}sam_vit_h_4b8939.pth",
            2_564_550_879,
            "a7bf3b02f3ebf1267aba913ff637d9a2d5c33d3173bb679e46d9f338c26f262e",
        ),
    )
}


def weights_folder() -> Path:
    """Say where downloaded weights are kept."""
    return platformdirs.user_data_path("napari-mcn", appauthor=False) / "weights"


def downloaded(name: str, folder: Path | None = None) -> Path:
    """Give the file of published weights that were downloaded before.

    Raises
    ------
    WeightsError
        If they were not.
    """
    published = PUBLISHED[name]
    path = (folder or weights_folder()) / published.file_name
    if not path.is_file():
        raise WeightsError(
            f"The weights {name} are not on this computer; fetch them on the Segment page or by "
            f"`mcn weights {name}` ({published.size / 1e6:.0f} MB, {published.licence}, from "
            f"{published.url}), or pick the file."
        )
    return path


def is_there(name: str, folder: Path | None = None) -> bool:
    """Say whether published weights were downloaded before."""
    return ((folder or weights_folder()) / PUBLISHED[name].file_name).is_file()


def fetched_bytes(name: str, folder: Path | None = None) -> int:
    """Say how much of a paused download is there, in bytes."""
    try:
        return part_of(PUBLISHED[name], folder).stat().st_size
    except OSError:
        return 0


def part_of(published: Published, folder: Path | None = None) -> Path:
    """Say where a download grows until it is complete and checked."""
    return (folder or weights_folder()) / f"{published.file_name}.part"


def fine_tuned(folder: Path | None = None) -> list[Path]:
    """Give the checkpoints that were fine-tuned on this computer, oldest first."""
    found = (folder or fine_tuned_folder()).glob("*.pth")
    return sorted(found, key=lambda path: path.stat().st_mtime)


def fine_tuned_folder() -> Path:
    """Say where fine-tuned checkpoints are kept."""
    return weights_folder() / "fine-tuned"
