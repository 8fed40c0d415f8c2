"""Large micrographs in parts: every crystal once and whole, wherever the seams lie."""

from itertools import pairwise

import numpy as np
import pytest
from segmentation_material import disc, discs

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.errors import SegmentationError
from microcrystalnet.progress import CancelledError
from microcrystalnet.segmentation.embedded import EmbeddedSegmenter
from microcrystalnet.segmentation.seams import Grid, without_doubles
from microcrystalnet.segmentation.segmenter import EverythingSettings
from microcrystalnet.segmentation.tiling import TiledSegmenter

SHAPE = (500, 640)
SIDE = 240
SMALL = [(row, col) for row in range(35, 500, 62) for col in range(32, 640, 64)]
LARGE = ((130, 130), (330, 250), (180, 440))
RADII = {"small": 22, "large": 70}


def truth(centres, radius):
    return [disc(centre, radius, SHAPE) for centre in centres]


def assert_same(found, expected):
    """Every crystal is found once, and nearly pixel by pixel."""
    assert len(found) == len(expected)
    assert min(max(one.iou(other) for other in found) for one in expected) > 0.9


@pytest.fixture(scope="module")
def segmenter():
    return TiledSegmenter(EmbeddedSegmenter(), SIDE)


@pytest.fixture(scope="module")
def small(segmenter):
    return segmenter.prepare(discs(SMALL, RADII["small"], SHAPE))


@pytest.fixture(scope="module")
def large(segmenter):
    return segmenter.prepare(discs(LARGE, RADII["large"], SHAPE))


def test_small_crystals_are_found_once_across_all_seams(segmenter, small):
    found = segmenter.everything(small, EverythingSettings())
    assert_same(found, truth(SMALL, RADII["small"]))


def test_crystals_larger_than_the_overlap_are_found_whole(segmenter, large):
    found = segmenter.everything(large, EverythingSettings(smallest_px=40))
    assert_same(found, truth(LARGE, RADII["large"]))


def test_no_more_outlines_end_at_seams_than_elsewhere(segmenter, small):
    found = segmenter.everything(small, EverythingSettings())
    seams = {edge for part in small.grid.parts for edge in (part.row0, part.row1)}
    straight = [
        mask
        for mask in found
        if {mask.region.row0, mask.region.row1} & seams and mask.pixels[[0, -1]].mean() > 0.9
    ]
    assert straight == []


@pytest.mark.parametrize("centre", [SMALL[0], SMALL[37], SMALL[44], SMALL[-1]])
def test_a_click_gives_the_crystal_wherever_it_lies(segmenter, small, centre):
    found = segmenter.propose(small, Prompt((Click(*centre),)))
    assert found.masks[0].iou(disc(centre, RADII["small"], SHAPE)) > 0.9


@pytest.mark.parametrize("place", [(330, 250), (280, 230), (370, 290)])
def test_a_click_on_a_crystal_that_seams_cut_gives_all_of_it(segmenter, large, place):
    found = segmenter.propose(large, Prompt((Click(*place),)))
    assert found.masks[0].iou(disc((330, 250), 70, SHAPE)) > 0.85


def test_a_box_larger_than_any_part_is_answered(segmenter, large):
    found = segmenter.propose(large, Prompt(box=Box(5, 5, 495, 635)))
    assert 1 <= len(found.masks) <= 3


def test_many_prompts_are_answered_as_one_by_one(segmenter, small):
    prompts = [Prompt((Click(*centre),)) for centre in SMALL[::20]]
    alone = [segmenter.propose(small, each) for each in prompts]
    assert segmenter.propose_many(small, prompts) == alone


def test_a_click_outside_is_refused(segmenter, small):
    with pytest.raises(SegmentationError, match="outside"):
        segmenter.propose(small, Prompt((Click(900, 3),)))


def test_the_databar_is_left_out_of_the_whole_not_of_each_part(segmenter, small):
    region = Region(0, 0, 430, 640)
    found = segmenter.everything(small, EverythingSettings(region=region))
    assert_same(found, [mask for mask in truth(SMALL, 22) if mask.region.row1 <= 430])


def test_touching_an_edge_means_the_edge_of_the_micrograph(segmenter, small):
    settings = EverythingSettings(touching_edge=False)
    assert len(segmenter.everything(small, settings)) == len(SMALL)


def test_a_micrograph_that_is_not_large_is_seen_whole(segmenter):
    image = discs()
    inner = EmbeddedSegmenter()
    embedding = segmenter.prepare(image)
    assert embedding.parts == ()
    assert segmenter.everything(embedding, EverythingSettings()) == inner.everything(
        inner.prepare(image), EverythingSettings()
    )


def test_preparing_a_large_micrograph_can_be_cancelled(segmenter):
    def stop(progress):
        if progress.message.startswith("Part 2"):
            raise CancelledError

    with pytest.raises(CancelledError):
        segmenter.prepare(discs((), shape=SHAPE), stop)


def covered(grid, regions):
    counts = np.zeros(grid.shape, int)
    for box in regions:
        counts[box.row0 : box.row1, box.col0 : box.col1] += 1
    return counts


@pytest.mark.parametrize("shape", [(300, 241), (1000, 200), (961, 1499), (5000, 4000)])
def test_parts_cover_everything_and_shares_divide_it(shape):
    grid = Grid.over(shape, SIDE)
    assert covered(grid, grid.parts).min() == 1
    assert (covered(grid, grid.shares) == 1).all()


def test_neighbouring_parts_overlap_by_a_quarter_or_more():
    grid = Grid.over((200, 900), SIDE)
    gaps = [one.col1 - two.col0 for one, two in pairwise(grid.parts)]
    assert min(gaps) >= grid.overlap == SIDE // 4


def test_a_huge_micrograph_has_no_more_than_25_parts():
    grid = Grid.over((20_000, 20_000), 2048)
    assert (len(grid.parts), grid.parts[0].row1) == (25, 5000)


def test_one_crystal_seen_twice_is_one():
    assert without_doubles([disc((40, 40)), disc((41, 40)), disc((110, 75))]) == [
        disc((40, 40)),
        disc((110, 75)),
    ]


def test_a_small_crystal_on_a_large_one_stays():
    both = [disc((75, 75), 60), disc((75, 75), 12)]
    assert without_doubles(both) == both
