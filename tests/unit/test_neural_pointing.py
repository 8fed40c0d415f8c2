import numpy as np

from microcrystalnet.domain.prompt import Box
from microcrystalnet.segmentation.neural.grey_pyramid import Window
from microcrystalnet.segmentation.neural.pointing import (
    Answer,
    agreement,
    mask_of,
    window_around,
)
from microcrystalnet.segmentation.neural.prompt_channels import box_channel, click_channel


def answer(step, row=80.0, col=80.0, half_side=20.0):
    """A square of fixed size and place on the micrograph, seen in a window."""
    window = Window(row, col, step, 160)
    places = np.arange(160) * step
    inside = [abs(places + origin - 80) <= half_side for origin in (window.row0, window.col0)]
    return Answer(window, np.outer(*inside).astype(np.float32))


def test_an_answer_is_drawn_where_it_lies_on_the_micrograph():
    region = mask_of(answer(1.0, row=79.5, col=79.5), (200, 200)).region
    assert (region.row0, region.col0, region.row1, region.col1) == (60, 60, 101, 101)


def test_an_answer_of_a_narrow_window_has_the_same_size():
    mask = mask_of(answer(0.5), (200, 200))
    assert abs(mask.area - 41**2) < 100


def test_an_answer_is_cut_at_the_micrographs_border():
    assert mask_of(answer(1.0), (80, 200)).region.row1 == 80


def test_an_unsure_answer_gives_no_mask():
    assert mask_of(Answer(Window(80, 80, 1.0, 160), np.full((160, 160), 0.2)), (200, 200)) is None


def test_the_same_square_in_two_windows_agrees():
    assert agreement(answer(1.0), answer(2.0)) > 0.9


def test_squares_of_different_size_disagree():
    assert agreement(answer(1.0, half_side=10), answer(2.0, half_side=40)) < 0.1


def test_an_answers_box_is_the_squares_box():
    box = answer(1.0, row=79.5, col=79.5).box()
    assert (box.row0, box.col1) == (60, 101)


def test_the_window_of_a_box_is_centred_and_half_as_long_again():
    window = window_around(Box(10, 20, 110, 60))
    assert (window.row, window.col, window.step * window.size) == (59.5, 39.5, 150)


def test_clicks_of_both_signs_stay_apart():
    channel = click_channel((160, 160), [(20, 20, True), (90, 90, False)])
    assert (channel[20, 20], channel[90, 90]) == (1, -1)


def test_a_box_outside_its_window_is_cut():
    assert box_channel((160, 160), (-20, -20, 10, 10)).sum() == 100
