"""A project that one command works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from microcrystalnet.errors import ProjectError

if TYPE_CHECKING:
    from microcrystalnet.storage.project_store import ProjectStore


@contextmanager
def opened(store: "ProjectStore") -> "Iterator[ProjectStore]":
    """Work with a project and wait for the disks; what they refuse is told.

    Raises
    ------
    ProjectError
        If what was done did not reach the project folder; it is kept on this computer.
    """
    try:
        yield store
        if not store.flush():
            raise ProjectError(str(store.pending().trouble or "The disk has not answered yet."))
    finally:
        store.close()
