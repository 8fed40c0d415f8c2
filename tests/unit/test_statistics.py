"""Sizes and abundance by class: the numbers, their intervals, and what a filter lets through."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured_rows import micrograph, row

from microcrystalnet.domain.sample import Sample, Texture
from microcrystalnet.statistics.bootstrap import Draws, weighted_percentiles
from microcrystalnet.statistics.filter_words import filter_of
from microcrystalnet.statistics.filters import Filter, FilterError, kept
from microcrystalnet.statistics.population import population
from microcrystalnet.statistics.summary import ALL, summarise

SIDES = (20, 30, 40, 60)


def summary(rows, classes=("RES", "SA"), length="feret_min"):
    found = summarise(population(rows, length), classes)
    return {each.cls: each for each in found.classes}, found


def value(found, name):
    return found.figures[name].value


@pytest.fixture(scope="module")
def many():
    """Twelve micrographs with a growing square each, and a large one of another class."""
    places = [micrograph(number) for number in range(12)]
    small = [row(f"r{n}", 20 + 3 * n, "RES", on=on) for n, on in enumerate(places)]
    return [*small, *(row(f"s{n}", 80, "SA", on=on) for n, on in enumerate(places))]


def test_mean_deviation_and_percentiles_are_those_of_numpy():
    found, _ = summary([row(f"c{side}", side) for side in SIDES])
    lengths = np.array(SIDES) / 10
    told = [value(found["RES"], name) for name in ("mean", "sd", "d10", "median", "d90")]
    expected = [lengths.mean(), lengths.std(ddof=1), *np.percentile(lengths, [10, 50, 90])]
    assert told == pytest.approx(expected)


def test_the_geometric_mean_is_the_mean_of_the_logarithms():
    found, _ = summary([row("a", 20), row("b", 80)])
    assert value(found["RES"], "geometric_mean") == pytest.approx(4)


def test_shares_are_of_the_crystals_that_have_a_class():
    rows = [row("a", 20), row("b", 20), row("c", 40, "SA"), row("d", 40, None)]
    found, _ = summary(rows)
    assert value(found["SA"], "number_percent") == pytest.approx(100 / 3)
    assert value(found["SA"], "area_percent") == pytest.approx(100 * 1600 / 2400)
    assert (found[ALL].crystals, value(found[ALL], "number_percent")) == (4, 100)


def test_below_ten_micrographs_there_is_no_interval_and_a_reason():
    found, whole = summary([row("a", 20), row("b", 40)])
    assert found["RES"].figures["mean"].interval.low is None
    assert whole.reason == "Intervals need 10 micrographs; there is 1 micrograph."


def test_an_interval_holds_the_number_and_is_the_same_every_time(many):
    one, again = (summary(many)[0]["RES"].figures["median"] for _ in range(2))
    assert one == again
    assert one.interval.low < one.value < one.interval.high


def test_a_class_on_nine_micrographs_has_no_interval_and_says_why(many):
    rows = [each for each in many if each.crystal_id not in {"r0", "r1", "r2"}]
    found, whole = summary(rows)
    rare = found["RES"].figures
    assert (rare["mean"].interval.low, rare["number_percent"].interval.low) == (None, None)
    reasons = [
        f"Only 9 micrographs hold such {what}crystals; an interval needs 10."
        for what in ("whole ", "")
    ]
    assert whole.missing == {"RES": tuple(reasons)}
    assert found["SA"].figures["mean"].interval.low is not None


def test_a_class_without_a_whole_crystal_has_shares_with_an_interval_and_no_size():
    rows = [row(f"c{n}", 40 + n, at=0, on=micrograph(n)) for n in range(12)]
    found, _ = summary([*rows, *(row(f"s{n}", 30, "SA", on=micrograph(n)) for n in range(12))])
    sized, share = (found["RES"].figures[name] for name in ("mean", "area_percent"))
    assert (sized.value, sized.interval.low) == (None, None)
    assert sized.interval.reason.startswith("No micrograph holds such whole crystals")
    assert share.interval.low < share.value < share.interval.high


def test_where_all_micrographs_are_alike_the_interval_is_a_point(many):
    found, _ = summary(many)
    interval = found["SA"].figures["number_percent"].interval
    assert (interval.low, interval.high) == (50, 50)


def test_the_interval_of_the_mean_is_that_of_drawing_micrographs(many):
    lengths = np.array([2 + 0.3 * n for n in range(12)])
    counts = Draws.of(12).counts
    expected = np.percentile(counts @ lengths / counts.sum(axis=1), [2.5, 97.5])
    interval = summary(many)[0]["RES"].figures["mean"].interval
    assert (interval.low, interval.high) == pytest.approx(tuple(expected))


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(0.1, 50), st.integers(0, 4)), min_size=1, max_size=12),
    st.floats(0, 100),
)
def test_weighted_percentiles_are_those_of_the_repeated_values(pairs, share):
    values, weights = (np.array(each) for each in zip(*pairs, strict=True))
    repeated = np.repeat(values, weights)
    expected = np.percentile(repeated, share) if repeated.size else np.nan
    found = weighted_percentiles(values, weights[None].astype(float), [share])
    assert found[0, 0] == pytest.approx(expected, nan_ok=True)


def test_no_crystals_give_no_numbers_and_no_error():
    found, _ = summary([])
    assert (found[ALL].crystals, value(found[ALL], "mean")) == (0, None)


def test_micrographs_without_a_scale_are_left_out_and_named():
    rows = [row("a"), row("b", on=micrograph(1, nm=None))]
    found = population(rows)
    assert (found.unit, len(found.crystals), found.left_out) == ("um", 1, ("m1.tif",))


@pytest.mark.parametrize("state", ["excluded", "discarded"])
def test_what_people_took_for_no_crystal_is_in_no_number_and_told(state):
    found = population([row("a"), row("shadow", cls=None, state=state)])
    assert [each.crystal_id for each in found.rows] == ["a"]
    assert found.notes == ("Left out, as people took them for no crystals: 1.",)


def test_pixels_of_several_micrographs_are_said_to_be_hardly_comparable():
    found = population([row("a", on=micrograph(nm=None)), row("b", on=micrograph(1, nm=None))])
    assert "hardly comparable" in found.notes[0]


def test_crystals_of_one_size_have_no_deviation():
    found, _ = summary([row(f"c{n}", 37) for n in range(7)], length="equivalent_diameter")
    assert value(found["RES"], "sd") == pytest.approx(0, abs=1e-12)


def test_where_no_micrograph_has_a_scale_sizes_are_in_pixels():
    assert population([row("a", on=micrograph(nm=None))]).unit == "px"


CHALK = micrograph(1, sample=Sample("K-12"), texture=Texture.FITTED)
ROWS = (
    row("plain"),
    row("small", 30),
    row("edge", at=0),
    row("hidden", occluded=True),
    row("other", cls="SA", state="agreed", confidence=0.9),
    row("chalk", cls=None, on=CHALK),
)


def names(words):
    return [each.crystal_id for each in kept(ROWS, filter_of(words, {CHALK.image_id: CHALK}))]


@pytest.mark.parametrize(
    ("words", "there"),
    [
        (["class=SA"], ["other"]),
        (["class=no class"], ["chalk"]),
        (["size=..4"], ["small"]),
        (["edge=no", "occluded=no", "small=no"], ["plain", "other", "chalk"]),
        (["state=agreed"], ["other"]),
        (["confidence=0.8"], ["other"]),
        (["sample=K-12"], ["chalk"]),
        (["texture=fitted"], ["chalk"]),
        (["image=m1"], ["chalk"]),
    ],
)
def test_a_filter_lets_through_what_it_says(words, there):
    assert names(words) == there


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["class"], "“class” is no filter; write it like"),
        (["colour=red"], "There is no filter “colour”"),
        (["size=4"], "as a range, such as 0.5..4"),
        (["size=a..b"], "“a” is not a number"),
        (["edge=maybe"], "edge is yes or no, not “maybe”"),
        (["image=x.tif"], "no micrograph x.tif"),
        (["size=4..1"], "at least 4 and at most 1"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(words, reason):
    with pytest.raises(FilterError, match=reason):
        names(words)


def test_a_filter_says_in_words_what_it_leaves_out():
    wanted = Filter(classes=frozenset({"RES"}), smallest=1.5, edge=False)
    assert wanted.words == "classes RES; at least 1.5 across; without those at the edge"


def test_without_a_crystal_there_are_no_micrographs():
    found, whole = summary([])
    assert whole.reason == "Intervals need 10 micrographs; there are 0 micrographs."
    assert found[ALL].figures["mean"].interval.reason == whole.reason
