import numpy as np
import pytest

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.errors import SegmentationError, WeightsError
from microcrystalnet.segmentation.dense_network import DenseNetwork
from microcrystalnet.segmentation.neural.segmenter import TrainedSegmenter
from microcrystalnet.segmentation.segmenter import EverythingSettings


def disc(row=120, col=130, radius=40, shape=(256, 300)):
    rows, cols = np.indices(shape)
    return np.hypot(rows - row, cols - col) <= radius


def micrograph(*discs):
    noise = np.random.default_rng(0).normal(0, 6, discs[0].shape)
    return np.clip(np.where(np.any(discs, 0), 170, 60) + noise, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def segmenter():
    return TrainedSegmenter(threads=1)


@pytest.fixture(scope="module")
def seen(segmenter):
    return segmenter.prepare(micrograph(disc()))


def iou(mask, truth):
    return mask.iou(Mask.from_pixels(truth))


def test_a_click_on_a_crystal_outlines_it(segmenter, seen):
    masks = segmenter.propose(seen, Prompt((Click(120, 130),))).masks
    assert iou(masks[0], disc()) > 0.85


def test_a_box_around_a_crystal_outlines_it(segmenter, seen):
    masks = segmenter.propose(seen, Prompt(box=Box(80, 90, 161, 171))).masks
    assert iou(masks[0], disc()) > 0.9


def test_a_box_drawn_backwards_is_the_same_box(segmenter, seen):
    one, two = Box(80, 90, 161, 171), Box(161, 171, 80, 90)
    masks = segmenter.propose_many(seen, [Prompt(box=one), Prompt(box=two)])
    assert masks[0].masks == masks[1].masks


def test_everything_finds_crystals_that_lie_apart(segmenter):
    discs = disc(70, 80, 35), disc(170, 210, 45)
    masks = segmenter.everything(segmenter.prepare(micrograph(*discs)), EverythingSettings())
    assert len(masks) == 2
    assert min(iou(mask, each) for mask, each in zip(masks, discs, strict=True)) > 0.8


def test_other_settings_are_answered_without_the_network(segmenter):
    embedding = segmenter.prepare(micrograph(disc()))
    segmenter.everything(embedding, EverythingSettings())
    found = embedding.found
    assert segmenter.everything(embedding, EverythingSettings(smallest_px=200)) == []
    assert embedding.found is found


def test_crystals_outside_the_analysed_region_are_left_out(segmenter, seen):
    settings = EverythingSettings(region=Region(0, 0, 60, 300))
    assert segmenter.everything(seen, settings) == []


def test_an_image_of_one_grey_value_holds_no_crystal(segmenter):
    embedding = segmenter.prepare(np.full((128, 128), 90, np.uint8))
    assert segmenter.everything(embedding, EverythingSettings()) == []


def test_a_tiny_image_is_looked_at_too(segmenter):
    embedding = segmenter.prepare(micrograph(disc(15, 15, 9, (30, 30))))
    assert segmenter.propose(embedding, Prompt(box=Box(6, 6, 25, 25))).masks


def test_a_click_outside_is_refused_in_one_sentence(segmenter, seen):
    with pytest.raises(SegmentationError, match="lies outside the micrograph"):
        segmenter.propose(seen, Prompt((Click(500, 10),)))


def test_tiles_leave_no_seam():
    network = DenseNetwork(threads=1)
    grey = np.random.default_rng(1).normal(0, 1, (96, 1300)).astype(np.float32)
    whole = network.maps(grey[:, 300:1000]).foreground
    tiled = network.maps(grey).foreground
    assert np.abs(np.diff(tiled, axis=1)).max() < 2 * np.abs(np.diff(whole, axis=1)).max()


def test_missing_weights_are_said_so(tmp_path):
    with pytest.raises(WeightsError, match=r"nothing\.onnx is missing"):
        TrainedSegmenter(tmp_path / "nothing.onnx")


def test_a_damaged_network_is_said_so(tmp_path):
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no network")
    with pytest.raises(WeightsError, match="cannot be read"):
        TrainedSegmenter(broken)
