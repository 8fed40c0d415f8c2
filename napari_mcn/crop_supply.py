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
MOST_BYTES = 256 << 20  # of pictures that are kept, some thousands

log = logging.getLogger(__name__)


class CropSupply:
    """Reads each micrograph once, those first whose crystals are looked at now.

    The oldest pictures go when there are too many; one that is looked at again is cut again.

    The ``listener``'s ``done`` gets the ids of the crystals whose pictures have come, and its
    ``failed`` why a micrograph cannot be read; both on the supply's thread.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._lock = threading.Condition()
        self._waiting: dict[Path, list[Crystal]] = {}
        self._cut: dict[str, NDArray[np.uint8]] = {}
        self._known: dict[str, tuple[Path, Crystal]] = {}
        self._gone: set[str] = set()  # crystals whose pictures were let go
        self._bytes = 0
        self._side, self._closed = 0, False
        self._thread: threading.Thread | None = None

    def begin(self, crystals: Iterable[Crystal], paths: Mapping[str, Path]) -> None:
        """Forget what was cut, and cut these crystals; ``paths`` are the files of micrographs."""
        known = list(crystals)
        waiting: dict[Path, list[Crystal]] = defaultdict(list)
        for each in known:
            waiting[paths[each.image_id]].append(each)
        with self._lock:
            self._waiting, self._cut, self._gone, self._bytes = dict(waiting), {}, set(), 0
            self._known = {each.crystal_id: (paths[each.image_id], each) for each in known}
            self._side = common_side(known)
            self._lock.notify()
        if known and self._thread is None:
            self._thread = threading.Thread(target=self._work, name="mcn-crops", daemon=True)
            self._thread.start()

    def picture(self, crystal_id: str) -> NDArray[np.uint8] | None:
        """Give a crystal's picture; None where it is not there yet, and its micrograph is next."""
        with self._lock:
            found = self._cut.get(crystal_id)
            if found is None and crystal_id in self._known:
                self._look_first(crystal_id)
            return found

    def close(self) -> None:
        """Cut nothing more."""
        with self._lock:
            self._closed, self._waiting = True, {}
            self._lock.notify()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _look_first(self, crystal_id: str) -> None:
        """Let the crystals of a micrograph be cut next, also one whose picture was let go."""
        home, crystal = self._known[crystal_id]
        again = [crystal] if crystal_id in self._gone else []
        self._gone.discard(crystal_id)
        waiting = [*self._waiting.pop(home, ()), *again]
        if waiting:
            self._waiting = {home: waiting, **self._waiting}
            self._lock.notify()

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
            homes = {each: self._known[each][0] for each in cut if each in self._known}
            wanted = {each: found for each, found in cut.items() if homes.get(each) == path}
            self._cut |= wanted
            self._bytes += sum(each.nbytes for each in wanted.values())
            while self._bytes > MOST_BYTES:
                oldest = next(iter(self._cut))
                self._bytes -= self._cut.pop(oldest).nbytes
                self._gone.add(oldest)
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
