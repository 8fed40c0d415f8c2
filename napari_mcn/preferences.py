"""What the program remembers between sessions, in a small file of the user's settings folder."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from microcrystalnet.account import account
from microcrystalnet.own_folders import found_in, settings_folder

logger = logging.getLogger(__name__)


class Preferences:
    """Settings that survive; a damaged or unwritable file costs only the memory.

    Parameters
    ----------
    path : Path, optional
        The file; by default in the user's settings folder.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or found_in(settings_folder(), "preferences.json")
        self._values = _read(self._path)

    @property
    def expert(self) -> str:
        """Who labels on this computer; the account's name until somebody picks another."""
        return self._values.get("expert") or account()

    @expert.setter
    def expert(self, name: str) -> None:
        if name == self._values.get("expert"):
            return
        self._values["expert"] = name
        _write(self._path, self._values)

    @property
    def chosen(self) -> bool:
        """Whether somebody chose that name; otherwise it is only the account's."""
        return bool(self._values.get("expert"))


def _read(path: Path) -> dict[str, str]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(each) for key, each in values.items()} if isinstance(values, dict) else {}


def _write(path: Path, values: dict[str, str]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(json.dumps(values), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        logger.warning("The settings could not be kept: %s", error)
