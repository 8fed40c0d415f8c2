import numpy as np
import pytest

from microcrystalnet.errors import ModelError, NoConvolutionsError
from microcrystalnet.explain.blocks import block_of, blocks_of
from microcrystalnet.learning.networks.layers import Convolution, Dense, Flatten, Network, Pool
from microcrystalnet.learning.networks.paper import paper
from microcrystalnet.learning.networks.released import released

PAPER = paper(64, 4, components=8, sparsity=0.3, dropout=0.5)


def network(*layers):
    return Network("n", 16, (*layers, Flatten("flatten"), Dense("logits", 2)))


def test_a_block_ends_before_its_pooling():
    assert [block.layer for block in blocks_of(PAPER)] == [
        "block1_relu",
        "block2_relu",
        "block3_relu",
        "block4_relu",
    ]


def test_a_convolution_with_its_own_activation_is_a_block():
    layers = [block.layer for block in blocks_of(released(64, 4))]
    assert layers == ["block1_conv", "block2_conv", "block3_conv"]


def test_each_pooling_halves_the_map_and_moves_its_first_cell():
    blocks = blocks_of(PAPER)
    assert [block.cells for block in blocks] == [64, 32, 16, 8]
    assert [block.first for block in blocks] == [0, 0.5, 1.5, 3.5]
    assert [block.spacing for block in blocks] == [1, 2, 4, 8]


def test_a_convolution_without_padding_looks_past_the_edge():
    block = block_of(network(Convolution("c", 1, 5, "relu", "valid", 2)), 1)
    assert (block.cells, block.first, block.spacing) == (6, 2, 2)


def test_a_strided_convolution_pads_as_keras_does():
    block = block_of(network(Convolution("c", 1, 3, "relu", "same", 2)), 1)
    assert (block.cells, block.first, block.spacing) == (8, 1, 2)


def test_the_last_block_is_taken_where_none_is_named():
    assert block_of(PAPER, None).number == 4


def test_a_fine_map_is_laid_on_the_crop_as_it_is():
    assert np.array_equal(block_of(PAPER, 1).spread(64), np.eye(64, dtype=np.float32))


def test_a_coarse_map_is_laid_by_linear_interpolation():
    spread = block_of(PAPER, 2).spread(64)
    assert spread[:4, :2] == pytest.approx(
        np.asarray([[1, 0], [0.75, 0.25], [0.25, 0.75], [0, 0.75]])
    )
    assert spread.sum(1) == pytest.approx(1)


def test_a_block_that_does_not_exist_is_refused():
    with pytest.raises(ModelError, match="no convolution block 5; choose one from 1 to 4"):
        block_of(PAPER, 5)


def test_a_network_without_convolutions_has_no_blocks():
    with pytest.raises(NoConvolutionsError, match="no convolutions"):
        blocks_of(network(Pool("p")))
