"""Classes filled into the crystals of a real window."""

import pytest

from microcrystalnet.domain.scheme import FOUR_CLASSES
from napari_mcn.layers.class_map import DISCARDED, UNCLEAR, ClassMapLayer
from napari_mcn.layers.crystals import CrystalsLayer
from napari_mcn.layers.roles import Role, find


@pytest.fixture
def viewer(windowless):
    return windowless


@pytest.fixture
def crystals(viewer, shown, square):
    layer = CrystalsLayer(viewer, shown)
    layer.set_crystals([square("a", 10, 10, 20), square("b", 20, 20, 20)])
    yield layer
    layer.close()


@pytest.fixture
def classes(viewer, shown, crystals):
    layer = ClassMapLayer(viewer, shown, FOUR_CLASSES, crystals)
    yield layer
    layer.close()


@pytest.fixture
def codes(classes):
    return classes._raster.codes


def test_a_class_fills_its_crystal_with_its_number_in_the_scheme(classes, codes):
    classes.set_class("a", "PES")
    assert codes[12, 12] == FOUR_CLASSES.index("PES") + 1


def test_a_class_shows_in_the_colour_of_the_scheme(classes, viewer):
    classes.set_class("a", "PES")
    number = FOUR_CLASSES.index("PES") + 1
    red, green, blue, _ = find(viewer, Role.CLASS_MAP).colormap.map(number)
    assert [round(255 * each) for each in (red, green, blue)] == [0xE6, 0x9F, 0x00]


def test_a_class_leaves_the_crystal_on_top_alone(classes, codes):
    classes.set_class("a", "PES")
    assert codes[25, 25] == 0


def test_clearing_a_class_bares_the_crystal(classes, codes):
    classes.set_class("a", "PES")
    classes.set_class("a", None)
    assert not codes.any()


def test_unclear_and_not_a_crystal_are_told_apart(classes, codes):
    classes.set_classes({"a": UNCLEAR, "b": DISCARDED})
    unclear, discarded = codes[10:20, 10:20].max(), codes[30:40, 30:40].max()
    assert 0 < unclear < discarded


def test_an_unclear_crystal_is_striped(classes, codes):
    classes.set_class("a", UNCLEAR)
    assert set(codes[12, 10:20]) == {0, len(FOUR_CLASSES.classes) + 1}


def test_many_crystals_are_coloured_anew_at_once_and_others_stay(classes, crystals, codes, square):
    classes.set_class("a", "PES")
    crystals.put(square("c", 60, 60))
    classes.update_classes({"b": "SA", "c": "SA"} | {f"gone {n}": "RES" for n in range(9)})
    shown = codes[12, 12], codes[35, 35], codes[65, 65]
    assert shown == tuple(FOUR_CLASSES.index(each) + 1 for each in ("PES", "SA", "SA"))


def test_setting_all_classes_forgets_the_others(classes, codes):
    classes.set_class("a", "PES")
    classes.set_classes({"b": "SA"})
    assert codes[12, 12] == 0
    assert codes[35, 35] == FOUR_CLASSES.index("SA") + 1


def test_a_mended_crystal_is_filled_to_its_new_edge(classes, crystals, codes, square):
    classes.set_class("b", "SA")
    crystals.put(square("b", 20, 20, 30))
    assert codes[48, 48] == FOUR_CLASSES.index("SA") + 1


def test_a_removed_crystal_takes_its_colour_away(classes, crystals, codes):
    classes.set_class("b", "SA")
    crystals.remove(["b"])
    assert codes[35, 35] == 0


def test_a_class_waits_for_a_crystal_that_is_still_to_come(classes, crystals, codes, square):
    classes.set_class("c", "AA")
    crystals.put(square("c", 60, 60))
    assert codes[65, 65] == FOUR_CLASSES.index("AA") + 1


def test_predictions_have_a_map_of_their_own(viewer, shown, crystals, classes):
    predicted = ClassMapLayer(viewer, shown, FOUR_CLASSES, crystals, Role.PREDICTED_MAP)
    predicted.set_class("a", "RES")
    assert find(viewer, Role.CLASS_MAP) is None
    assert find(viewer, Role.PREDICTED_MAP).data[12, 12] == 1
    predicted.close()


def test_a_closed_map_hears_no_more_of_the_crystals(viewer, shown, crystals, square):
    classes = ClassMapLayer(viewer, shown, FOUR_CLASSES, crystals)
    classes.set_class("a", "RES")
    classes.close()
    crystals.put(square("a", 40, 40))
    assert find(viewer, Role.CLASS_MAP) is None
