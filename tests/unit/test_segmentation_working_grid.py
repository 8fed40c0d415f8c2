import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcrystalnet.segmentation.working_grid import WorkingGrid

SIDE = st.integers(1, 20_000)


def test_a_small_micrograph_is_worked_on_as_it_is():
    grid = WorkingGrid.for_shape(700, 1024)
    image = np.arange(700 * 1024, dtype=np.uint32).reshape(700, 1024).astype(np.uint8)
    assert grid.shrink(image) is image


@given(SIDE, SIDE)
def test_the_working_copy_is_bounded_and_never_empty(height, width):
    grid = WorkingGrid.for_shape(height, width)
    assert 1 <= min(grid.working) <= max(grid.working) <= 2048


@given(SIDE, SIDE, st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_every_position_lies_in_the_working_copy(height, width, down, across):
    grid = WorkingGrid.for_shape(height, width)
    row, col = grid.to_working(down * height - 0.5, across * width - 0.5)
    assert 0 <= row < grid.working[0]
    assert 0 <= col < grid.working[1]


@pytest.mark.parametrize(("row", "col"), [(0, 0), (300, 500), (976, 976)])
def test_a_square_comes_back_where_it_was(row, col):
    grid = WorkingGrid.for_shape(2048, 2048)
    mask = grid.mask(np.ones((48, 48), bool), row, col)
    assert mask.centre == pytest.approx((2 * row + 47.5, 2 * col + 47.5), abs=0.6)
    assert mask.area == pytest.approx(96 * 96, rel=0.02)


def test_the_whole_working_copy_is_the_whole_micrograph():
    grid = WorkingGrid.for_shape(1500, 2048)
    assert grid.mask(np.ones(grid.working, bool), 0, 0).pixels.all()
    assert grid.mask(np.ones(grid.working, bool), 0, 0).pixels.shape == (1500, 2048)
