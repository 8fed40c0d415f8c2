"""Published SAM weights: where they come from, how big they are, and whether a file is the one."""

from pathlib import Path

from microcrystalnet.published import (
    Published,
    find_download,
    require_download,
    weights_folder,
)

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


def downloaded(name: str, folder: Path | None = None) -> Path:
    """Give the file of published weights that were downloaded before.

    Raises
    ------
    WeightsError
        If they were not.
    """
    return require_download(PUBLISHED[name], "Segment", folder)


def is_there(name: str, folder: Path | None = None) -> bool:
    """Say whether published weights were downloaded before."""
    return find_download(PUBLISHED[name], folder) is not None


def fine_tuned(folder: Path | None = None) -> list[Path]:
    """Give the checkpoints that were fine-tuned on this computer, oldest first."""
    found = (folder or fine_tuned_folder()).glob("*.pth")
    return sorted(found, key=lambda path: path.stat().st_mtime)


def fine_tuned_folder() -> Path:
    """Say where fine-tuned checkpoints are kept."""
    return weights_folder() / "fine-tuned"
