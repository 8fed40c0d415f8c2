"""Micrographs read before they are asked for, as their files are now, and never too many."""

import gc
import threading
import weakref

import numpy as np
import pytest
import tifffile

from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.imaging.contrast import to_uint8
from napari_mcn import pictures as module
from napari_mcn.pictures import Pictures

PAGES = ["page-1", "page-2"]


@pytest.fixture
def pictures():
    return Pictures()


@pytest.fixture
def write(tmp_path):
    def one(name="a.tif", level=0, side=8):
        pixels = np.random.default_rng(level).integers(0, 200, (side, side), np.uint16)
        tifffile.imwrite(tmp_path / name, pixels)
        return tmp_path / name, pixels

    return one


@pytest.fixture
def read(monkeypatch):
    """Note each file that is read, and who reads it."""
    seen, plain = [], module.read_pixels

    def noted(path):
        seen.append((path.name, threading.current_thread() is threading.main_thread()))
        return plain(path)

    monkeypatch.setattr(module, "read_pixels", noted)
    return seen


def test_each_page_of_a_file_is_read_once(pictures, tmp_path, read):
    tifffile.imwrite(tmp_path / "a.tif", np.arange(128, dtype=np.uint8).reshape(2, 8, 8))
    levels = [pictures.take(tmp_path / "a.tif" / page).pixels.min() for page in PAGES * 2]
    assert (levels, [name for name, _ in read]) == ([0, 64] * 2, PAGES)


def test_a_micrograph_comes_with_its_pixels_as_recorded_and_stretched(pictures, write):
    path, pixels = write()
    picture = pictures.take(path)
    assert np.array_equal(picture.pixels, pixels)
    assert np.array_equal(picture.grey, to_uint8(pixels))


def test_a_micrograph_that_was_just_shown_is_not_read_again(pictures, write, read):
    path, _ = write()
    assert pictures.take(path) is pictures.take(path)
    assert len(read) == 1


def test_what_is_expected_is_read_on_another_thread(pictures, write, read, qtbot):
    path, _ = write()
    pictures.expect([path])
    qtbot.waitUntil(lambda: not pictures._reading)
    pictures.take(path)
    assert read == [("a.tif", False)]


def test_a_file_written_anew_is_read_anew(pictures, write):
    path, _ = write()
    pictures.take(path)
    _, pixels = write(level=1, side=9)
    assert np.array_equal(pictures.take(path).pixels, pixels)


def test_a_file_that_went_is_not_shown_from_memory(pictures, write):
    path, _ = write()
    pictures.take(path)
    path.unlink()
    with pytest.raises(UnreadableFileError):
        pictures.take(path)


def test_a_broken_file_that_is_expected_does_not_keep_the_next_from_being_read(
    pictures, write, tmp_path, qtbot, read
):
    path, _ = write()
    (tmp_path / "broken.tif").write_bytes(b"II*")
    pictures.expect([tmp_path / "broken.tif", tmp_path / "missing.tif", path])
    qtbot.waitUntil(lambda: not pictures._reading)
    pictures.take(path)
    assert read == [("broken.tif", False), ("a.tif", False)]


def test_only_the_last_few_are_kept(pictures, write, read, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    one, two, three = (write(name, level)[0] for level, name in enumerate(("a", "b", "c")))
    for path in (one, two, one, three, one, two):
        pictures.take(path)
    assert [name for name, _ in read] == ["a", "b", "c", "b"]


def test_no_more_bytes_are_kept_than_allowed(pictures, write, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 400)  # a picture takes 8 * 8 * 3 bytes
    for level, name in enumerate("abc"):
        pictures.take(write(name, level)[0])
    assert pictures._held == 384


def test_nothing_is_kept_of_a_project_that_was_closed(pictures, write):
    path, _ = write()
    gone = weakref.ref(pictures.take(path).pixels)
    pictures.forget()
    gc.collect()
    assert gone() is None


def test_what_is_read_for_a_closed_project_is_not_kept(pictures, write, qtbot, monkeypatch):
    path, _ = write()
    closed, plain = threading.Event(), module.read_pixels
    monkeypatch.setattr(module, "read_pixels", lambda path: closed.wait(5) and plain(path))
    pictures.expect([path])
    qtbot.waitUntil(lambda: not pictures._expected)
    pictures.forget()
    closed.set()
    qtbot.waitUntil(lambda: not pictures._reading)
    assert pictures._held == 0
