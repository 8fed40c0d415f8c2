import pickle

import numpy as np
import pytest
from segmentation_material import CENTRES, disc, discs, touching

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.errors import SegmentationError
from microcrystalnet.segmentation.choose import open_segmenter
from microcrystalnet.segmentation.segmenter import EverythingSettings

SEGMENTER = open_segmenter("learned-free")  # the trained engine: test_neural_segmenter.py
ALL = EverythingSettings()


@pytest.fixture(scope="module")
def three():
    return SEGMENTER.prepare(discs())


@pytest.fixture(scope="module")
def pair():
    return SEGMENTER.prepare(touching())


def best(embedding, *clicks, box=None):
    return SEGMENTER.propose(embedding, Prompt(clicks, box)).masks[0]


def test_a_click_outlines_the_crystal_under_it(three):
    assert best(three, Click(40, 110)).iou(disc((40, 110))) > 0.9


def test_a_box_outlines_the_crystal_in_it(three):
    assert best(three, box=Box(16, 16, 64, 64)).iou(disc((40, 40))) > 0.9


def test_a_box_drawn_backwards_is_the_same_box(three):
    drawn = best(three, box=Box(16, 16, 64, 64))
    assert best(three, box=Box(64, 64, 16, 16)) == drawn


def test_a_box_that_sticks_out_of_the_micrograph_is_cut(three):
    assert best(three, box=Box(-20, -30, 64, 64)).contains(40, 40)


def test_sizes_differ_and_the_best_comes_first(three):
    found = SEGMENTER.propose(three, Prompt((Click(40, 40),)))
    assert list(found.scores) == sorted(found.scores, reverse=True)
    assert len({mask.area for mask in found.masks}) == len(found.masks) <= 3


def test_two_positive_clicks_join_two_crystals(three):
    joined = best(three, Click(40, 40), Click(40, 110))
    assert joined.contains(40, 40)
    assert joined.contains(40, 110)
    assert not joined.contains(110, 75)


def test_a_negative_click_cuts_touching_crystals_apart(pair):
    cut = best(pair, Click(75, 50), Click(75, 96, positive=False))
    assert cut.iou(disc((75, 50), 25)) > 0.8


def test_a_mask_never_holds_a_negative_click(pair):
    found = SEGMENTER.propose(pair, Prompt((Click(75, 50), Click(75, 90, positive=False))))
    assert not any(mask.contains(75, 90) for mask in found.masks)


def test_many_prompts_are_answered_in_order(three):
    prompts = [Prompt((Click(*centre),)) for centre in CENTRES]
    found = SEGMENTER.propose_many(three, prompts)
    assert [each.masks[0] for each in found] == [best(three, Click(*c)) for c in CENTRES]


def test_everything_finds_each_crystal_once(three):
    masks = SEGMENTER.everything(three, ALL)
    same = np.array([[mask.iou(disc(centre)) > 0.9 for centre in CENTRES] for mask in masks])
    assert same.sum(0).tolist() == same.sum(1).tolist() == [1, 1, 1]


def test_everything_twice_is_the_same(three):
    assert SEGMENTER.everything(three, ALL) == SEGMENTER.everything(three, ALL)


def test_crystals_outside_the_analysis_region_are_left_out(three):
    settings = EverythingSettings(region=Region(0, 0, 80, 150))
    assert len(SEGMENTER.everything(three, settings)) == 2


def test_a_crystal_that_sticks_out_of_the_region_is_cut(three):
    settings = EverythingSettings(region=Region(0, 0, 120, 150))
    masks = SEGMENTER.everything(three, settings)
    assert max(mask.region.row1 for mask in masks) == 120


@pytest.mark.parametrize(
    ("smallest", "largest", "count"), [(50, None, 0), (12, 30, 0), (40, 50, 3)]
)
def test_only_crystals_of_the_wanted_size_are_kept(three, smallest, largest, count):
    settings = EverythingSettings(smallest_px=smallest, largest_px=largest)
    assert len(SEGMENTER.everything(three, settings)) == count


def test_full_confidence_finds_nothing(three):
    assert SEGMENTER.everything(three, EverythingSettings(confidence=1.8)) == []


def test_crystals_at_the_edge_can_be_left_out():
    embedding = SEGMENTER.prepare(discs(((0, 75), (80, 75))))
    assert len(SEGMENTER.everything(embedding, ALL)) == 2
    assert len(SEGMENTER.everything(embedding, EverythingSettings(touching_edge=False))) == 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (2, 3), (30, 30), (40, 1)])
def test_a_constant_micrograph_of_any_size_has_no_crystals(shape):
    embedding = SEGMENTER.prepare(np.full(shape, 90, np.uint8))
    assert SEGMENTER.everything(embedding, ALL) == []


def test_pure_noise_is_not_full_of_crystals():
    noise = np.random.default_rng(1).normal(100, 12, (256, 256)).clip(0, 255).astype(np.uint8)
    covered = sum(mask.area for mask in SEGMENTER.everything(SEGMENTER.prepare(noise), ALL))
    assert covered < 0.2 * noise.size


def test_a_click_on_a_constant_micrograph_is_a_sentence():
    embedding = SEGMENTER.prepare(np.zeros((50, 60), np.uint8))
    with pytest.raises(SegmentationError, match="No crystal was found there"):
        best(embedding, Click(3, 3))


@pytest.mark.parametrize("click", [(-1, 5), (5, 150), (150, 5), (1e9, 0)])
def test_a_click_outside_is_refused_with_the_place(three, click):
    with pytest.raises(SegmentationError, match=r"outside the micrograph of 150 x 150 pixels"):
        best(three, Click(*click))


@pytest.mark.parametrize(
    ("box", "reason"), [(Box(200, 0, 220, 9), "outside"), (Box(5, 5, 5.2, 40), "smaller")]
)
def test_a_useless_box_is_refused(three, box, reason):
    with pytest.raises(SegmentationError, match=reason):
        best(three, box=box)


def test_a_negative_click_alone_is_no_prompt(three):
    with pytest.raises(SegmentationError, match="Click on a crystal"):
        best(three, Click(40, 40, positive=False))


def test_a_colour_image_is_refused():
    with pytest.raises(SegmentationError, match=r"\(4, 4, 3\)"):
        SEGMENTER.prepare(np.zeros((4, 4, 3), np.uint8))


def test_a_big_micrograph_is_outlined_at_its_own_scale():
    image = discs(((400, 500), (900, 1300)), 120, (1200, 1700))
    embedding = SEGMENTER.prepare(image)
    truth = disc((400, 500), 120, image.shape)
    assert embedding.grid.working[1] == 1024
    assert best(embedding, Click(400, 500)).iou(truth) > 0.95


def test_preparing_reports_its_steps():
    steps = []
    SEGMENTER.prepare(discs(), steps.append)
    assert [step.done for step in steps] == [0, 1, 2]


def test_an_embedding_survives_pickling(three):
    again = pickle.loads(pickle.dumps(three))
    assert best(again, Click(40, 40)) == best(three, Click(40, 40))
