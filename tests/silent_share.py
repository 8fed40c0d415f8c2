"""A share that hangs: whoever asks it waits, and the thread of the window must never ask."""

import builtins
import io
import os
import threading
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

ASKED = {os: ("stat", "lstat", "open", "listdir", "scandir", "mkdir"), io: ("open",)}


class SilentShare:
    """A folder that answers nobody until it is back; ``asked_by_window`` lists who did not wait."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.asked_by_window = []
        self.back = threading.Event()

    def _ask(self, real, path, *args, **kwargs):
        if str(path).startswith(self.folder) and not self.back.is_set():
            if threading.current_thread() is threading.main_thread():
                self.asked_by_window.append((real.__name__, str(path)))
            else:
                self.back.wait(60)
        return real(path, *args, **kwargs)

    @contextmanager
    def silent(self):
        """Keep the folder from answering; afterwards it does again."""
        places = [(place, name) for place, names in ASKED.items() for name in names]
        patches = [
            patch.object(place, name, partial(self._ask, getattr(place, name)))
            for place, name in [*places, (builtins, "open")]
        ]
        for each in patches:
            each.start()
        try:
            yield
        finally:
            self.back.set()
            for each in patches:
                each.stop()
