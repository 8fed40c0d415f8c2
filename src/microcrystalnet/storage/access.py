"""Whether a project can be changed, and if not, why."""

from pathlib import Path

from microcrystalnet.storage import files
from microcrystalnet.storage.header import MAJOR, Header

NEWER = (
    "This project was written by a newer version of the program; it is open for looking only. "
    "Install the newer version to change it."
)


def why_read_only(folder: Path, head: Header) -> str:
    """Give the reason in a sentence; empty if the project can be changed."""
    if head.major > MAJOR:
        return NEWER
    if not files.writable(folder):
        return (
            f"The folder {folder} cannot be written; the project is open for looking only. "
            "Copy it to a folder of your own to change it."
        )
    return ""
