"""One plain sentence to the user, as a napari notification."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ParamSpec

from napari.utils.notifications import show_info, show_warning

from microcrystalnet.errors import MicroCrystalError

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")


def tell(sentence: str) -> None:
    """Say that something is done."""
    show_info(sentence)


def refuse(error: MicroCrystalError) -> None:
    """Say why something cannot be done, and what to do."""
    show_warning(str(error))


def refusals_told(action: Callable[P, None]) -> Callable[P, None]:
    """Turn a `MicroCrystalError` of a user's action into a notification."""

    @functools.wraps(action)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            action(*args, **kwargs)
        except MicroCrystalError as error:
            refuse(error)

    return guarded
