"""Names of files and folders that Windows allows as well, wherever they are made."""

import re

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]|[. ]+$')  # ":" would hide a stream beside the file
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\..*)?", re.IGNORECASE)
_LEFT_BY_DESKTOPS = frozenset({".ds_store", "desktop.ini", "thumbs.db", ".localized", "icon\r"})


def is_left_by_desktop(name: str) -> bool:
    """Say whether Finder or Explorer made a file unasked, of which its user knows nothing."""
    return name.casefold() in _LEFT_BY_DESKTOPS or name.startswith("._")


def is_device(name: str) -> bool:
    """Say whether Windows takes a name, with or without an ending, for that of a device."""
    return _DEVICES.fullmatch(name) is not None


def usable(stem: str) -> str:
    """Give a name with ``_`` for what Windows refuses: ``CON`` becomes ``CON_``.

    Different names may become the same.
    """
    cleaned = _FORBIDDEN.sub("_", stem)
    return f"{cleaned}_" if is_device(cleaned) else cleaned
