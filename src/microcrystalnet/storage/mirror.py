"""Where this computer keeps its own copy of every journal."""

from pathlib import Path

from microcrystalnet.own_folders import data_folder


def default_mirror_root() -> Path:
    """Give the folder, of this user on this computer, with one folder for each project."""
    return data_folder() / "projects"
