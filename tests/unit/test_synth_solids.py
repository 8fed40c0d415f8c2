"""The shapes of the four classes."""

import numpy as np
import pytest

from microcrystalnet.synth.planes import Planes, calcite_rhombohedron
from microcrystalnet.synth.solids import Ellipsoids, amorphous, polyhedron, rhombohedron, rounded


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(5)


def faces(planes: Planes) -> int:
    touching = np.isclose(planes.corners() @ planes.normals.T, planes.offsets, atol=1e-6)
    return int(np.count_nonzero(touching.sum(0) >= 3))


def test_a_cube_has_eight_corners():
    sides = np.vstack([np.eye(3), -np.eye(3)])
    assert len(Planes(sides, np.ones(6)).corners()) == 8


def test_cutting_a_corner_off_a_cube_adds_a_face(random):
    cube = Planes(np.vstack([np.eye(3), -np.eye(3)]), np.ones(6))
    cut = cube.cut(np.full((1, 3), 3**-0.5), np.array([0.8]))
    assert faces(cut) == 7


def test_faces_of_a_rhombohedron_meet_at_calcites_angle(random):
    normals = calcite_rhombohedron(random, stretch=0).normals
    assert np.degrees(np.arccos(normals[0] @ normals[1])) == pytest.approx(74.9, abs=4)


def test_a_rhombic_crystal_has_six_faces_and_at_most_one_lost_corner(random):
    counts = {faces(rhombohedron(random, 100).form) for _ in range(20)}
    assert counts <= {6, 7}


def test_a_polyhedral_crystal_has_more_than_seven_faces(random):
    assert min(faces(polyhedron(random, 100).form) for _ in range(20)) > 7


def test_a_spherical_crystal_is_one_ellipsoid(random):
    form = rounded(random, 100).form
    assert isinstance(form, Ellipsoids)
    assert len(form.shapes) == 1


def test_an_amorphous_crystal_is_rougher_than_a_spherical_one(random):
    rough = np.mean([amorphous(random, 100).skin.waves for _ in range(30)])
    smooth = np.mean([rounded(random, 100).skin.waves for _ in range(30)])
    assert rough > 1.5 * smooth
