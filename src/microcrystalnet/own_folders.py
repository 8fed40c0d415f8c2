"""The folders in which the program keeps things for the user of this computer."""

from pathlib import Path

import platformdirs

_NAME = "napari-mcn"


def data_folder() -> Path:
    """Say where copies of journals, weights and the sample project lie."""
    return platformdirs.user_data_path(_NAME, appauthor=False)


def settings_folder() -> Path:
    """Say where the preferences lie."""
    return platformdirs.user_config_path(_NAME, appauthor=False)


def cache_folder() -> Path:
    """Say where lies what may be deleted at any time."""
    return platformdirs.user_cache_path(_NAME, appauthor=False)


def log_folder() -> Path:
    """Say where the messages of child processes lie."""
    return platformdirs.user_log_path(_NAME, appauthor=False)


def found_in(folder: Path, name: str) -> Path:
    """Give a file or folder in one of these, or where earlier versions put it on Windows."""
    former = folder / _NAME / name
    return former if former.exists() and not (folder / name).exists() else folder / name
