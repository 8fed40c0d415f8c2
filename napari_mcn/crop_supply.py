"""Cuts the small pictures of crystals out of many micrographs, off the GUI thread."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.imaging.contrast import to_uint8
from microcrystalnet.micrographs.page_path import name_of
from microcrystalnet.micrographs.reader import read_pixels
from napari_mcn.plate_picture import common_side, plate_picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.engines.client import Listener

PAUSE_S = 0.001  # between two pictures
LARGEST = 140  # pixels of a picture's side that are kept, twice what is drawn

log = logging.getLogger(__name__)


class CropSupply:
    """Reads each micrograph once, those first whose crystals are looked at now.

    The ``listener``'s ``done`` gets the ids of the crystals whose pictures have come, and its
    ``failed`` why a micrograph cannot be read; both on the supply's thread.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._lock = threading.Condition()
        self._waiting: dict[Path, list[Crystal]] = {}
        self._cut: dict[str, NDArray[np.uint8]] = {}
        self._homes: dict[str, Path] = {}
        self._side, self._closed = 0, False
        self._thread: threading.Thread | None = None

    def begin(self, crystals: Iterable[Crystal], paths: Mapping[str, Path]) -> None:
        """Forget what was cut, and cut these crystals; ``paths`` are the files of micrographs."""
        known = list(crystals)
        waiting: dict[Path, list[Crystal]] = defaultdict(list)
        for each in known:
            waiting[paths[each.image_id]].append(each)
        with self._lock:
            self._waiting, self._cut = dict(waiting), {}
            self._homes = {each.crystal_id: paths[each.image_id] for each in known}
            self._side = common_side(known)
            self._lock.notify()
        if known and self._thread is None:
            self._thread = threading.Thread(target=self._work, name="mcn-crops", daemon=True)
            self._thread.start()

    def picture(self, crystal_id: str) -> NDArray[np.uint8] | None:
        """Give a crystal's picture; None where it is not there yet, and its micrograph is next."""
        with self._lock:
            found = self._cut.get(crystal_id)
            home = self._homes.get(crystal_id)
            if found is None and home in self._waiting:
                self._waiting = {home: self._waiting.pop(home), **self._waiting}
            return found

    def close(self) -> None:
        """Cut nothing more."""
        with self._lock:
            self._closed, self._waiting = True, {}
            self._lock.notify()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _work(self) -> None:
        while (question := self._next()) is not None:
            path, crystals, side = question
            try:
                pixels = to_uint8(read_pixels(path))
            except MicroCrystalError as error:
                self._listener.failed(error)
                continue
            except Exception:  # the thread must outlive it, and its page must be told
                log.exception("cutting crops failed")
                self._listener.failed(MicroCrystalError(f"{name_of(path)} cannot be shown now."))
                continue
            self._keep(path, {each.crystal_id: _cut(each, pixels, side) for each in crystals})

    def _next(self) -> tuple[Path, list[Crystal], int] | None:
        with self._lock:
            while not self._waiting and not self._closed:
                self._lock.wait()
            if self._closed:
                return None
            path = next(iter(self._waiting))
            return path, self._waiting.pop(path), self._side

    def _keep(self, path: Path, cut: dict[str, NDArray[np.uint8]]) -> None:
        with self._lock:  # other crystals may have been asked for meanwhile
            wanted = {each: found for each, found in cut.items() if self._homes.get(each) == path}
            self._cut |= wanted
        if wanted and not self._closed:
            self._listener.done(list(wanted))


def _cut(crystal: Crystal, pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    time.sleep(PAUSE_S)  # Python's lock goes to the window, which needs it for every item it draws
    return shrunk(plate_picture(crystal.mask, pixels, side))


def shrunk(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Make a square (side, side, 3) picture at most `LARGEST` pixels wide, by whole means."""
    times = -(-len(picture) // LARGEST)
    if times == 1:
        return picture
    side = len(picture) // times
    blocks = picture[: side * times, : side * times].reshape(side, times, side, times, 3)
    small: NDArray[np.uint8] = blocks.mean(axis=(1, 3)).astype("uint8")
    return small
