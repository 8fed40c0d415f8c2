"""Micrographs read before they are asked for, off the GUI thread; the last few are kept."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.imaging.contrast import to_uint8
from microcrystalnet.micrographs.page_path import file_and_page
from microcrystalnet.micrographs.reader import read_pixels

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from microcrystalnet.micrographs.grey import Pixels

MOST, MOST_BYTES = 6, 256 << 20  # kept at a time; the shown one is among them
PAUSE_S = 0.1  # first the window draws what it shows now

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A micrograph's (height, width) pixels as recorded, and stretched to 0..255."""

    pixels: Pixels
    grey: NDArray[np.uint8]

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return self.pixels.nbytes + self.grey.nbytes


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it is now: once it is written anew it is another one."""

    path: Path
    written: int
    size: int
    number: int

    @classmethod
    def at(cls, path: Path) -> _File:
        found = file_and_page(path)[0].stat()
        return cls(path, found.st_mtime_ns, found.st_size, found.st_ino)


class Pictures:
    """Gives micrographs, and reads those that are expected on a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[_File, Picture] = {}  # the one that was not used for longest first
        self._expected: list[Path] = []
        self._reading = False
        self._era = 0  # of the project: what is read for an earlier one is not kept

    def take(self, path: Path) -> Picture:
        """Give a micrograph as its file is now.

        Raises
        ------
        UnreadableFileError
            If the file is missing, of another kind, incomplete, damaged or too large.
        """
        file = _known(path)
        if file is None:
            return _read(path)  # which says what is wrong
        picture = self._kept.get(file) or _read(path)
        self._keep(file, picture, self._era)
        return picture

    def expect(self, paths: Iterable[Path]) -> None:
        """Have these read, the likeliest first, in place of what was expected before."""
        with self._lock:
            self._expected = list(paths)
            if self._reading or not self._expected:
                return
            self._reading = True
        # A thread at a time, and nobody waits for it: a share may hold it for as long as it likes.
        threading.Thread(target=self._read_ahead, name="mcn-read-ahead", daemon=True).start()

    def forget(self) -> None:
        """Keep nothing, and expect nothing."""
        with self._lock:
            self._era += 1
            self._kept, self._expected = {}, []

    def _read_ahead(self) -> None:
        time.sleep(PAUSE_S)
        while (expected := self._next()) is not None:
            path, era = expected
            file = _known(path)
            if file is None or file in self._kept:
                continue
            try:
                self._keep(file, _read(path), era)
            except MicroCrystalError as error:  # it is told when the micrograph is asked for
                log.info("reading ahead ended: %s", error)
            except Exception:  # the thread must outlive it
                log.exception("reading ahead failed")

    def _next(self) -> tuple[Path, int] | None:
        with self._lock:
            if self._expected:
                return self._expected.pop(0), self._era
            self._reading = False
            return None

    def _keep(self, file: _File, picture: Picture, era: int) -> None:
        with self._lock:
            if era != self._era:
                return
            self._kept.pop(file, None)
            self._kept[file] = picture
            while len(self._kept) > MOST or self._held > MOST_BYTES:
                del self._kept[next(iter(self._kept))]

    @property
    def _held(self) -> int:
        return sum(each.size for each in self._kept.values())


def _known(path: Path) -> _File | None:
    try:
        return _File.at(path)
    except OSError:
        return None


def _read(path: Path) -> Picture:
    pixels = read_pixels(path)
    return Picture(pixels, to_uint8(pixels))
