"""Where this computer keeps its own copy of every journal."""

from pathlib import Path

import platformdirs


def default_mirror_root() -> Path:
    """Give the folder, of this user on this computer, with one folder for each project."""
    return platformdirs.user_data_path("napari-mcn", appauthor=False) / "projects"
