"""A share that went away: whoever asks it is told so at once, with the error of the system."""

import builtins
import os
from contextlib import ExitStack, contextmanager
from functools import partial
from unittest.mock import patch

from silent_share import ASKED


def _ask(real, folder, number, path, *args, **kwargs):
    if str(path).startswith(str(folder)):
        raise OSError(number, os.strerror(number), str(path))
    return real(path, *args, **kwargs)


@contextmanager
def lost(folder, number):
    """Let everything below a folder fail with an error of this number (ENOTCONN, ESTALE, EIO)."""
    places = [(place, name) for place, names in ASKED.items() for name in names]
    with ExitStack() as stack:
        for place, name in [*places, (builtins, "open")]:
            asking = partial(_ask, getattr(place, name), folder, number)
            stack.enter_context(patch.object(place, name, asking))
        yield
