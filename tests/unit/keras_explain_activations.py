import numpy as np
import pytest
from explain_material import HALF, SIDE, bright_left, classifier_of, two_sided, without_convolutions

from microcrystalnet.errors import ModelError
from microcrystalnet.explain.activations import activations
from microcrystalnet.learning.networks.paper import paper


@pytest.fixture(scope="module")
def seen():
    return activations(two_sided(), bright_left(1)[0])[0]


def test_every_block_is_seen_on_the_grid_of_the_crop():
    deep = classifier_of(paper(SIDE, 2, components=5, sparsity=0.3, dropout=0.5))
    found = activations(deep, bright_left(1)[0])
    assert [each.block.number for each in found] == [1, 2, 3, 4]
    assert [each.channels.shape for each in found] == [
        (16, 16, 32),
        (8, 8, 64),
        (4, 4, 128),
        (2, 2, 128),
    ]
    assert {each.mean().shape for each in found} == {(SIDE, SIDE)}


def test_a_channel_shows_what_it_responds_to(seen):
    assert seen.channel(0)[:, :HALF] == pytest.approx(0.3, abs=1e-6)
    assert seen.channel(0)[:, HALF:] == pytest.approx(0)


def test_the_mean_is_that_of_the_channels(seen):
    assert seen.mean() == pytest.approx((seen.channel(0) + seen.channel(1)) / 2)


def test_the_strongest_channel_comes_first():
    crop = np.full((SIDE, SIDE, 1), 0.1, np.float32)
    assert activations(two_sided(), crop)[0].strongest(count=1) == (1,)


def test_what_answers_only_the_surround_is_not_the_strongest_in_the_crystal():
    crop = np.zeros((SIDE, SIDE, 1), np.float32)
    crop[:, :2] = 1
    inside = np.zeros((SIDE, SIDE), bool)
    inside[:, :2] = True
    (block,) = activations(two_sided(), crop)
    assert (block.strongest(count=1), block.strongest(inside, 1)) == ((1,), (0,))


def test_a_channel_that_does_not_exist_is_refused(seen):
    with pytest.raises(ModelError, match="no channel 2; choose one from 0 to 1"):
        seen.channel(2)


def test_a_model_without_convolutions_has_no_activation_maps():
    with pytest.raises(ModelError, match="no convolutions"):
        activations(without_convolutions(), bright_left(1)[0])
