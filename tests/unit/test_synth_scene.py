"""A rendered micrograph and its exact truth."""

from dataclasses import replace

import numpy as np
import pytest

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.synth.hardship import harden
from microcrystalnet.synth.pile import PileSettings
from microcrystalnet.synth.scene import Scene, SceneSettings, render

SMALL = SceneSettings(pile=PileSettings(diameter=60), least_diameter=16, databar_rows=24)


@pytest.fixture(scope="module")
def scene() -> Scene:
    return render(7, (256, 320), SMALL)


def test_the_same_seed_gives_the_same_micrograph(scene):
    again = render(7, (256, 320), SMALL)
    assert np.array_equal(again.pixels, scene.pixels)
    assert again.masks == scene.masks
    assert again.classes == scene.classes


def test_another_seed_gives_another_micrograph(scene):
    assert not np.array_equal(render(8, (256, 320), SMALL).pixels, scene.pixels)


def test_without_settings_the_microscope_session_comes_from_the_seed():
    one, two = render(1, (128, 128)), render(2, (128, 128))
    assert one.pixel_size != two.pixel_size


def test_masks_of_two_crystals_share_no_pixel(scene):
    assert sum(mask.area for mask in scene.masks) == np.count_nonzero(scene.labels())


def test_the_label_image_numbers_the_crystals_in_order(scene):
    last = len(scene.masks)
    row, col = np.argwhere(scene.labels() == last)[0]
    assert scene.masks[last - 1].contains(row, col)


def test_no_crystal_reaches_into_the_databar(scene):
    assert not scene.labels()[scene.region.row1 :].any()


def test_every_class_is_one_of_the_scheme(scene):
    assert set(scene.classes) <= set(FOUR_CLASSES.codes)


def test_a_crystal_that_hardly_shows_is_not_listed(scene):
    assert min(crystal.share for crystal in scene.crystals) >= SMALL.least_share


def test_a_mix_of_one_class_renders_only_that_class():
    only = replace(SMALL, pile=replace(SMALL.pile, mix={"SA": 1.0}))
    assert set(render(3, (160, 160), only).classes) == {"SA"}


def test_pores_are_darker_than_crystals(scene):
    view, owned = scene.pixels[: scene.region.row1], scene.labels()[: scene.region.row1] > 0
    assert np.median(view[owned]) > 1.5 * np.median(view[~owned])


def test_a_crystals_edge_is_where_its_mask_ends(scene):
    view = scene.pixels[: scene.region.row1].astype(float)
    labels = scene.labels()[: scene.region.row1]
    across = labels[:, 1:] != labels[:, :-1]
    steps = np.abs(view[:, 1:] - view[:, :-1])
    assert steps[across].mean() > 1.3 * steps[~across].mean()


def test_a_scene_too_small_to_hold_a_crystal_is_refused():
    with pytest.raises(MicroCrystalError, match=r"64 x 512.*128"):
        render(0, (64, 512))


def test_a_hard_scene_shows_crystals_that_are_more_alike():
    clear, hard = render(3, (300, 300)), render(3, (300, 300), difficulty=1.0)
    assert doubt(hard) > doubt(clear) + 0.1


def test_hardship_makes_crystals_smaller_and_the_session_worse():
    hard = harden(SMALL, 1.0, np.random.default_rng(0))
    assert hard.pile.diameter < SMALL.pile.diameter
    assert hard.camera.beam > SMALL.camera.beam
    assert hard.camera.charging > SMALL.camera.charging
    assert hard.camera.dose < SMALL.camera.dose
    assert hard.camera.contrast < 1


def test_no_hardship_changes_nothing_and_draws_nothing():
    random = np.random.default_rng(0)
    assert harden(SMALL, 0.0, random) is SMALL
    assert random.random() == np.random.default_rng(0).random()


def test_low_contrast_narrows_the_grey_range(scene):
    flat = replace(SMALL, camera=replace(SMALL.camera, contrast=0.3))
    assert render(7, (256, 320), flat).pixels[:256].std() < scene.pixels[:256].std()


@pytest.mark.parametrize("difficulty", [-0.1, 1.5, float("nan")])
def test_a_difficulty_that_is_no_share_is_refused(difficulty):
    with pytest.raises(MicroCrystalError, match=r"from 0 \(clear\) to 1 \(hard\)"):
        render(3, (128, 128), difficulty=difficulty)


def doubt(scene: Scene) -> float:
    return float(np.mean([crystal.doubt for crystal in scene.crystals]))
