import base64
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from storage_scene import disc

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import MaskError
from microcrystalnet.storage import rle


def box(mask):
    return mask.row, mask.col, mask.row + mask.pixels.shape[0], mask.col + mask.pixels.shape[1]


@given(
    arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=40)).filter(np.any),
    st.integers(0, 60_000),
)
def test_any_mask_reads_back_as_it_was(pixels, row):
    mask = Mask.from_pixels(pixels, row, 7)
    assert rle.decode(rle.encode(mask), box(mask)) == mask


def test_runs_longer_than_a_byte_read_back():
    pixels = np.ones((300, 70_000 // 2), bool)
    pixels[150, 17] = False
    mask = Mask.from_pixels(pixels)
    assert rle.decode(rle.encode(mask), box(mask)) == mask


def test_a_crystal_of_64_pixels_takes_about_150_bytes():
    assert len(rle.encode(disc(radius=32))) < 200


def test_a_crystal_of_220_pixels_takes_less_than_700_bytes():
    assert len(rle.encode(disc(radius=110))) < 700


def packed(runs):
    return base64.b64encode(zlib.compress(bytes(runs))).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not base64 !",
        base64.b64encode(b"not zlib").decode(),
        packed([]),
        packed([0, 99]),
        packed([200]),
        packed([255] * 9 + [1]),
        packed([9, 0]),
    ],
)
def test_damaged_text_is_refused(text):
    with pytest.raises(MaskError):
        rle.decode(text, (0, 0, 3, 3))


@pytest.mark.parametrize("corners", [(0, 0, 0, 3), (5, 5, 3, 3), (0, 0, 65_000, 65_000)])
def test_an_impossible_box_is_refused(corners):
    with pytest.raises(MaskError, match="impossible box"):
        rle.decode(packed([0, 9]), corners)


def test_a_bomb_is_not_unpacked():
    bomb = base64.b64encode(zlib.compress(bytes(50_000_000))).decode()
    with pytest.raises(MaskError):
        rle.decode(bomb, (0, 0, 3, 3))


def test_a_box_beyond_the_micrograph_is_refused_before_it_takes_memory():
    tracemalloc.start()
    with pytest.raises(MaskError, match="outside its micrograph of 64 x 64 pixels"):
        rle.decode(all_set(40_000 * 40_000), (0, 0, 40_000, 40_000), (64, 64))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_crystal_as_large_as_its_micrograph_is_read():
    assert rle.decode(all_set(64 * 64), (0, 0, 64, 64), (64, 64)).area == 64 * 64


def all_set(pixels):
    groups = [pixels >> 7 * k & 127 for k in range((pixels.bit_length() + 6) // 7)]
    return packed([0, *(each | 128 for each in groups[:-1]), groups[-1]])
