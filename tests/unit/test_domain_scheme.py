"""What a scheme may be, and how one follows another."""

from dataclasses import replace

import pytest

from microcrystalnet.domain import scheme_rules as rules
from microcrystalnet.domain.scheme import FOUR_CLASSES, CrystalClass
from microcrystalnet.errors import SchemeError

DOLOMITE = CrystalClass("DOL", "Dolomite", "#56b4e9", "5")
RES = FOUR_CLASSES["RES"]


def with_first(**changes):
    first = replace(RES, **changes)
    return replace(FOUR_CLASSES, classes=(first, *FOUR_CLASSES.classes[1:]))


def test_the_four_classes_keep_all_rules():
    assert rules.checked(FOUR_CLASSES) is FOUR_CLASSES


@pytest.mark.parametrize("text", ["SA", "ra", " Spherical ", "rounded", "spherical anhedral"])
def test_rounded_and_spherical_are_one_class(text):
    assert FOUR_CLASSES.resolve(text) == "SA"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code": "two words"}, "“two words” cannot be the code"),
        ({"code": "unclear"}, "“unclear” cannot be the code"),
        ({"name": " "}, "has no name"),
        ({"colour": "blue"}, "“blue”"),
        ({"key": "0"}, "“0”"),
        ({"key": "2"}, "names both RES and PES"),
        ({"aliases": ("rounded",)}, "stands for both RES and SA"),
        ({"aliases": ("Unclear",)}, "outside every scheme"),
    ],
)
def test_a_scheme_that_breaks_a_rule_is_refused(changes, reason):
    with pytest.raises(SchemeError, match=reason):
        rules.checked(with_first(**changes))


def test_a_scheme_of_one_class_is_refused():
    with pytest.raises(SchemeError, match="from 2 to 40 classes, not 1"):
        rules.checked(replace(FOUR_CLASSES, classes=FOUR_CLASSES.classes[:1]))


def test_an_added_class_comes_last_and_has_its_key():
    larger = rules.with_class(FOUR_CLASSES, DOLOMITE)
    assert (larger.codes[-1], larger.at_key("5")) == ("DOL", DOLOMITE)


def test_a_code_is_not_given_twice():
    with pytest.raises(SchemeError, match="has a class RES already"):
        rules.with_class(FOUR_CLASSES, replace(DOLOMITE, code="RES"))


def test_a_retired_class_is_known_but_not_offered():
    smaller = rules.with_retired(FOUR_CLASSES, "AA")
    assert (smaller.codes, smaller["AA"].colour, smaller.resolve("amorphous")) == (
        ("RES", "PES", "SA"),
        "#cc79a7",
        None,
    )


def test_the_code_of_a_retired_class_is_not_used_again():
    smaller = rules.with_retired(FOUR_CLASSES, "AA")
    with pytest.raises(SchemeError, match="belongs to the retired class “Amorphous anhedral”"):
        rules.with_class(smaller, replace(DOLOMITE, code="AA"))


def test_nor_when_a_whole_scheme_brings_it():
    smaller = rules.with_retired(FOUR_CLASSES, "AA")
    other = replace(FOUR_CLASSES, classes=(RES, replace(DOLOMITE, code="AA")))
    with pytest.raises(SchemeError, match="belongs to the retired class"):
        rules.successor(smaller, other)


def test_a_restored_class_takes_a_free_key_when_its_own_was_given_away():
    smaller = rules.with_class(rules.with_retired(FOUR_CLASSES, "AA"), replace(DOLOMITE, key="3"))
    assert rules.with_restored(smaller, "AA").at_key("5").code == "AA"


def test_the_next_scheme_retires_what_it_leaves_out_and_counts_on():
    other = replace(FOUR_CLASSES, classes=(RES, DOLOMITE))
    following = rules.successor(FOUR_CLASSES, other)
    assert (following.version, [each.code for each in following.retired]) == (
        2,
        ["PES", "AA", "SA"],
    )


def test_moving_stops_at_the_ends():
    assert rules.with_moved(FOUR_CLASSES, "PES", -5).codes == ("PES", "RES", "AA", "SA")


def test_another_name_keeps_the_code():
    renamed = rules.with_changed(FOUR_CLASSES, replace(RES, name="Rhombs"))
    assert renamed["RES"].name == "Rhombs"


def test_the_words_for_the_form_are_the_labs_own():
    changed = rules.with_forms(FOUR_CLASSES, ("cubic", "platy"), ("fresh", "worn"))
    assert (changed.shapes, changed.definitions) == (("cubic", "platy"), ("fresh", "worn"))


@pytest.mark.parametrize(
    ("words", "told"),
    [(("cubic", "Cubic"), "twice"), (("x" * 41,), "up to 40"), ((" ",), "cannot")],
)
def test_words_that_cannot_be_told_apart_are_refused(words, told):
    with pytest.raises(SchemeError, match=told):
        rules.with_forms(FOUR_CLASSES, words, ())
