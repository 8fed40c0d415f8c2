"""The pictures of every class: rendered, or the lab's own."""

import errno
from dataclasses import replace

import numpy as np
import pytest
from lost_share import lost
from PIL import Image

from microcrystalnet.atlas.pictures import (
    Origin,
    cut,
    plan,
    read,
    rendered_of,
)
from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.scheme import (
    FOUR_CLASSES,
    CrystalClass,
    description_of,
    look_alikes_of,
)
from microcrystalnet.domain.scheme_rules import with_class, with_retired
from microcrystalnet.errors import ProjectError
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.synth.examples import SIDE, examples_of


@pytest.fixture
def store(tmp_path):
    """A project of AY with a bright square on a dark micrograph."""
    pixels = np.full((80, 90), 20, np.uint8)
    pixels[30:50, 30:50] = 220
    Image.fromarray(pixels).save(tmp_path / "chalk.png")
    made = ProjectStore.create(tmp_path / "project", "AY", mirror_root=tmp_path / "mirror")
    made.add_micrograph(tmp_path / "chalk.png", describe(tmp_path / "chalk.png"))
    yield made
    made.close()


@pytest.fixture
def crystal(store):
    mask = Mask.from_pixels(np.ones((20, 20)), 30, 30)
    return store.put_mask(next(iter(store.state.micrographs)), mask, MaskSource.MANUAL).crystal_id


def origins(store, code):
    return [each.origin for each in read(plan(store))[code]]


def lay(store, name):
    (store.folder / "atlas").mkdir(exist_ok=True)
    Image.fromarray(np.full((5, 7), 99, np.uint8)).save(store.folder / "atlas" / name)


@pytest.mark.parametrize("code", FOUR_CLASSES.codes)
def test_each_of_the_four_classes_has_rendered_pictures(code):
    assert [each.pixels.shape for each in rendered_of(code)] == [(SIDE, SIDE)] * 6


@pytest.mark.long
def test_an_example_is_a_rendered_crystal_of_its_class():
    first = next(examples_of("SA", 41))
    assert (first.cls, first.pixels.shape, first.pixels.std() > 10) == ("SA", (SIDE, SIDE), True)


def test_a_class_of_ones_own_has_no_rendered_picture(store):
    store.set_scheme(with_class(FOUR_CLASSES, CrystalClass("DOL", "Dolomite", "#56b4e9", "5")))
    assert read(plan(store))["DOL"] == ()


def test_a_file_of_the_lab_takes_the_place_of_the_rendered_ones(store):
    lay(store, "RES_our_best.png")
    assert (origins(store, "RES"), origins(store, "PES")[0]) == ([Origin.FILE], Origin.RENDERED)


def test_a_file_that_is_no_picture_is_passed_over(store):
    lay(store, "RES_1.png")
    (store.folder / "atlas" / "RES_2.png").write_text("hello")
    (store.folder / "atlas" / "notes.txt").write_text("hello")
    assert origins(store, "RES") == [Origin.FILE]


def test_pictures_on_a_share_that_went_away_give_way_to_the_rendered_ones(store):
    planned = plan(store)
    planned.folder.mkdir()
    with lost(planned.folder, errno.ENOTCONN):
        assert {each.origin for each in read(planned)["AA"]} == {Origin.RENDERED}


def test_a_crystal_becomes_an_example_of_its_class(store, crystal):
    store.show_example(crystal, "PES")
    (picture,) = read(plan(store))["PES"]
    assert (picture.origin, picture.name, picture.pixels.shape) == (
        Origin.CRYSTAL,
        crystal,
        (96, 96),
    )


def test_it_is_still_one_when_the_project_is_opened_again(store, crystal, tmp_path):
    store.show_example(crystal, "PES")
    store.close()
    again = ProjectStore.open(store.folder, "AY", mirror_root=tmp_path / "mirror")
    assert origins(again, "PES") == [Origin.CRYSTAL]
    again.close()


def test_an_example_is_taken_back(store, crystal):
    store.show_example(crystal, "PES")
    store.show_example(crystal, None)
    assert origins(store, "PES")[0] == Origin.RENDERED


def test_a_deleted_crystal_is_no_example(store, crystal):
    store.show_example(crystal, "PES")
    store.delete_crystals([crystal])
    assert origins(store, "PES")[0] == Origin.RENDERED


def test_an_example_of_a_class_that_is_not_offered_is_refused(store, crystal):
    with pytest.raises(ProjectError, match="no class XX"):
        store.show_example(crystal, "XX")


def test_whoever_sees_an_example_is_not_blind_any_more(store, crystal):
    store.show_example(crystal, "PES")
    mine = store.label(crystal, Answer("PES"))
    store.become("BK")
    assert (mine.blind, store.label(crystal, Answer("PES")).blind) == (True, False)


def test_an_example_is_hidden_from_an_expert_who_labels_blind(store, crystal):
    store.show_example(crystal, "PES")
    store.rounds.open(tuple(store.state.micrographs), ("AY", "BK"))
    store.become("BK")
    assert origins(store, "PES")[0] == Origin.RENDERED


def test_the_four_classes_are_described_in_a_project_made_earlier():
    bare = replace(FOUR_CLASSES["RES"], description="", look_alikes=())
    earlier = replace(FOUR_CLASSES, classes=(bare, *FOUR_CLASSES.classes[1:]))
    assert "six faces" in description_of(earlier, "RES")


def test_a_lab_describes_its_own_classes():
    dolomite = CrystalClass("DOL", "Dolomite", "#56b4e9", "5", (), "Cloudy rhombs.")
    assert description_of(with_class(FOUR_CLASSES, dolomite), "DOL") == "Cloudy rhombs."


def test_look_alikes_that_are_not_offered_are_left_out():
    assert look_alikes_of(with_retired(FOUR_CLASSES, "PES"), "SA") == ("AA",)


def test_a_crystal_at_the_edge_is_cut_with_black_around():
    pixels = np.full((50, 50), 200, np.uint8)
    window = cut(Mask.from_pixels(np.ones((10, 10)), 0, 0), pixels)
    assert (window.shape, window[0, 0], window[-1, -1]) == ((96, 96), 0, 0)
