"""What the Disputes page says of votes."""

from dataclasses import replace

from microcrystalnet.domain.scheme import FOUR_CLASSES
from napari_mcn.dispute_view import colour_of


def test_a_vote_for_a_retired_class_keeps_its_colour():
    *offered, gone = FOUR_CLASSES.classes
    scheme = replace(FOUR_CLASSES, classes=tuple(offered), retired=(gone,))
    assert colour_of(gone.code, scheme) == gone.colour


def test_what_no_scheme_ever_held_has_no_colour():
    assert (colour_of("XYZ", FOUR_CLASSES), colour_of(None, FOUR_CLASSES)) == (None, None)
