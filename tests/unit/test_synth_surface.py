"""Rays cast down onto solids, and solids dropped onto a heap."""

import numpy as np
import pytest

from microcrystalnet.synth.blobs import blobs
from microcrystalnet.synth.facets import facets
from microcrystalnet.synth.grain import Grain
from microcrystalnet.synth.heap import Heap
from microcrystalnet.synth.patch import Patch, Relief
from microcrystalnet.synth.planes import Planes
from microcrystalnet.synth.solids import Ellipsoids, Skin

CUBE = Planes(np.vstack([np.eye(3), -np.eye(3)]), np.full(6, 20.0))
BALL = Ellipsoids(np.zeros((1, 3)), np.eye(3)[None] / 20)


def relief(**skin: float) -> Relief:
    grain = Grain.grow(np.random.default_rng(1))
    return Relief(Skin(**{"waves": 0.0, "grit": 0.0} | skin), grain, np.zeros(3, np.float32))


@pytest.fixture
def ball() -> Patch:
    return blobs(BALL, 25, relief())


@pytest.fixture
def heap() -> Heap:
    return Heap.on(np.zeros((100, 100), np.float32), margin=10)


def test_the_top_of_a_cube_is_flat_and_as_high_as_its_side():
    patch = facets(CUBE, 25, 0.5, relief())
    assert patch.top[25, 25] == pytest.approx(20, abs=0.1)
    assert patch.row_slope[25, 25] == pytest.approx(0, abs=0.01)


def test_rounded_edges_take_away_from_a_cubes_rim():
    sharp, soft = (facets(CUBE, 25, edge, relief()) for edge in (0.3, 4.0))
    assert soft.top[25, 42] < sharp.top[25, 42] - 0.5


def test_growth_steps_lower_some_faces_only_by_their_height():
    patch = facets(CUBE, 25, 0.5, relief(ledges=3.0))
    inner = patch.top[12:38, 12:38]
    assert 16.5 < inner.min() <= inner.max() < 20.5


def test_the_top_of_a_ball_is_its_radius_above_the_centre(ball):
    assert ball.top[25, 25] == pytest.approx(20, abs=0.01)
    assert ball.top[25, 37] == pytest.approx(16, abs=0.01)


def test_a_ball_covers_a_disc(ball):
    assert np.count_nonzero(ball.inside) == pytest.approx(np.pi * 20**2, rel=0.03)


def test_bumps_change_a_balls_outline(ball):
    bumpy = blobs(BALL, 40, relief(waves=2.0, wave_length=15.0))
    assert np.count_nonzero(bumpy.inside[15:66, 15:66] ^ ball.inside) > 50


def test_a_ball_that_may_not_sink_rests_on_the_ground(heap, ball):
    heap.drop(ball, (50, 50), sink=0.0, number=1)
    assert heap.height[50, 50] == pytest.approx(40, abs=0.1)


def test_what_falls_later_lies_on_top(heap, ball):
    heap.drop(ball, (50, 50), 0.0, 1)
    heap.drop(ball, (50, 60), 0.0, 2)
    assert heap.owner[50, 60] == 2


def test_a_crumb_belongs_to_what_it_fell_on(heap, ball):
    heap.drop(ball, (50, 50), 0.0, 1)
    heap.drop(
        blobs(Ellipsoids(np.zeros((1, 3)), np.eye(3)[None] / 4), 6, relief()), (50, 50), 0.5, None
    )
    assert heap.owner[50, 50] == 1
    assert heap.height[50, 50] > 41


def test_only_the_part_inside_the_view_counts_as_footprint(heap, ball):
    whole = heap.drop(ball, (50, 50), 0.0, 1)
    half = heap.drop(ball, (10, 50), 0.0, 2)
    assert half == pytest.approx(whole / 2, rel=0.05)


def test_a_crystal_falls_into_the_deepest_place(heap, ball):
    heap.drop(ball, (50, 30), 0.0, 1)
    places = np.array([(50, 30), (50, 70)])
    assert heap.lowest(places, 5, np.zeros((100, 100), np.float32)) == (50, 70)
