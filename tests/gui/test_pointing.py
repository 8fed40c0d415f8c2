"""What is pointed at, step by step: back, forth, accepted and open again."""

import numpy as np
import pytest

from microcrystalnet.domain.crystal import Crystal, MaskSource
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.segmentation.segmenter import MaskProposals
from napari_mcn.pointing import Aim, Pointing, prompt_of

ONE = Prompt((Click(5.0, 5.0),))
TWO = ONE.with_click(Click(9.0, 9.0))
SQUARE = Mask.from_pixels(np.ones((10, 10)))
LARGER = Mask.from_pixels(np.ones((12, 12)))


def crystal(mask=SQUARE, prompt=ONE, crystal_id="a"):
    return Crystal(crystal_id, "image", mask, MaskSource.AUTO, 0, prompt)


@pytest.fixture
def pointing():
    """Two clicks, both answered."""
    made = Pointing()
    made.point(Aim(ONE))
    made.answer(MaskProposals((SQUARE,), (0.9,)))
    made.point(Aim(TWO))
    made.answer(MaskProposals((LARGER, SQUARE), (0.8, 0.7)))
    return made


def test_one_step_back_shows_what_was_proposed_then(pointing):
    pointing.take_back()
    assert (pointing.aim.prompt, pointing.aim.mask) == (ONE, SQUARE)


def test_before_the_first_step_nothing_is_pointed_at(pointing):
    pointing.take_back()
    pointing.take_back()
    assert pointing.aim is None


def test_nothing_more_can_be_taken_back_than_was_pointed_at():
    assert not Pointing().take_back()


def test_a_step_back_can_be_repeated(pointing):
    pointing.take_back()
    pointing.repeat()
    assert pointing.aim.prompt == TWO


def test_pointing_anew_ends_what_could_be_repeated(pointing):
    pointing.take_back()
    pointing.point(Aim(TWO))
    assert (pointing.can_repeat, pointing.repeat()) == (False, False)


def test_the_chosen_size_is_kept(pointing):
    pointing.choose(1)
    assert pointing.aim.mask == SQUARE


def test_after_a_commit_nothing_is_pointed_at(pointing):
    pointing.commit(crystal(LARGER, TWO), None)
    assert pointing.aim is None


def test_an_undone_commit_is_open_again(pointing):
    pointing.commit(crystal(LARGER, TWO), None)
    pointing.follow({}, undone=True)
    assert (pointing.aim.prompt, pointing.aim.mask) == (TWO, LARGER)


def test_a_redone_commit_is_closed_again(pointing):
    made = crystal(LARGER, TWO)
    pointing.commit(made, None)
    pointing.follow({}, undone=True)
    pointing.follow({"a": made}, undone=False)
    assert pointing.aim is None


def test_a_commit_can_be_undone_redone_and_undone(pointing):
    made = crystal(LARGER, TWO)
    pointing.commit(made, None)
    pointing.follow({}, undone=True)
    pointing.follow({"a": made}, undone=False)
    pointing.follow({}, undone=True)
    assert pointing.aim.prompt == TWO


def test_a_crystal_that_is_deleted_is_not_open_again(pointing):
    pointing.commit(crystal(LARGER, TWO), None)
    pointing.follow({}, undone=False)
    assert pointing.aim is None


def test_undoing_a_later_correction_opens_nothing(pointing):
    made = crystal(LARGER, TWO)
    pointing.commit(made, None)
    pointing.follow({"a": made}, undone=True)
    assert pointing.aim is None


def test_without_a_tool_at_hand_an_undone_commit_stays_closed(pointing):
    pointing.commit(crystal(LARGER, TWO), None)
    pointing.follow({}, undone=True, at_hand=False)
    assert pointing.aim is None


def test_undoing_a_reopened_crystals_commit_opens_it_again(pointing):
    before = crystal()
    pointing.reopen(Aim(ONE, "a", MaskProposals((SQUARE,), ())))
    pointing.commit(crystal(LARGER), SQUARE)
    pointing.follow({"a": before}, undone=True)
    assert pointing.aim.crystal_id == "a"


def test_a_reopened_crystal_that_is_gone_is_put_away(pointing):
    pointing.reopen(Aim(ONE, "a", MaskProposals((SQUARE,), ())))
    pointing.follow({}, undone=False)
    assert pointing.aim is None


def test_a_crystal_is_reopened_with_its_prompt():
    assert prompt_of(crystal(prompt=TWO)) == TWO


def test_a_box_is_a_prompt_too():
    boxed = Prompt((), Box(0.0, 0.0, 9.0, 9.0))
    assert prompt_of(crystal(prompt=boxed)) == boxed


def test_a_crystal_nobody_pointed_at_is_reopened_with_its_deepest_point():
    (click,) = prompt_of(crystal(prompt=None)).clicks
    assert SQUARE.contains(round(click.row), round(click.col))
    assert min(click.row, click.col) >= 4
