"""Error rates among crystals that the experts agreed and disagreed on."""

import csv

import pytest

from microcrystalnet.report.contested import Trial, contested_table, write_contested
from microcrystalnet.report.contested_section import errors_text, in_words, points


def trials(agreed, disagreed, images=1, truth="RES"):
    """Make crystals on every micrograph, from the classes that the network gives them."""
    said = [(cls, False) for cls in agreed] + [(cls, True) for cls in disagreed]
    return [
        Trial(f"{image}-{at}", f"i{image}", truth, cls, hard)
        for image in range(images)
        for at, (cls, hard) in enumerate(said)
    ]


def test_errors_are_counted_apart():
    row = contested_table(trials(["RES", "RES", "PES"], ["RES", "PES"]), ["RES"]).rows[0]
    assert (row.agreed.n, row.agreed.wrong, row.disagreed.n, row.disagreed.wrong) == (3, 1, 2, 1)


def test_the_difference_is_that_of_the_rates():
    row = contested_table(trials(["RES", "RES", "PES", "RES"], ["RES", "PES"]), ["RES"]).rows[0]
    assert row.difference.value == pytest.approx(0.5 - 0.25)


def test_below_ten_micrographs_there_is_no_interval():
    row = contested_table(trials(["RES"], ["PES"], images=9), ["RES"]).rows[0]
    assert (row.difference.low, row.agreed.rate.high) == (None, None)


def test_from_ten_micrographs_on_there_is_one():
    row = contested_table(trials(["RES"], ["PES", "RES"], images=10), ["RES"]).rows[0]
    assert (row.disagreed.rate.low, row.disagreed.rate.high) == (0.5, 0.5)


def test_a_class_has_a_row_of_its_own():
    found = contested_table([*trials(["RES"], []), *trials(["PES"], [], truth="AA")], ["RES", "AA"])
    assert [(row.cls, row.agreed.wrong) for row in found.rows] == [
        ("all", 1),
        ("RES", 0),
        ("AA", 1),
    ]


def test_a_rate_of_no_crystals_is_not_a_number_but_missing():
    row = contested_table(trials(["RES"], []), ["RES"]).rows[0]
    assert (row.disagreed.rate.value, row.difference.value) == (None, None)


def test_the_crystals_behind_the_errors_are_known():
    row = contested_table(trials(["PES"], ["RES", "AA"]), ["RES"]).rows[0]
    assert (row.agreed_wrong, row.disagreed_wrong) == (("0-0",), ("0-2",))


def test_without_crystals_the_table_is_empty():
    assert contested_table([], ["RES"]).rows[0].agreed.n == 0


def test_the_words_say_which_rate_is_higher():
    found = contested_table(trials(["RES"] * 4, ["PES", "RES"], images=12), ["RES"])
    assert in_words(found) == (
        "It is wrong on 50 % of the crystals that the experts first disagreed on, and on 0 % of "
        "the others; this is more than chance."
    )


def test_few_micrographs_are_said_to_be_too_few():
    found = contested_table(trials(["RES"] * 4, ["PES", "RES"]), ["RES"])
    assert "fewer than ten micrographs" in in_words(found)


def test_numbers_are_written_with_their_counts():
    row = contested_table(trials(["RES"] * 3 + ["PES"], ["PES"]), ["RES"]).rows[0]
    assert (errors_text(row.agreed), points(row.difference)) == ("1 of 4 (25 %)", "+75 points")


def test_the_table_is_written_as_csv(tmp_path):
    write_contested(tmp_path / "t.csv", contested_table(trials(["RES"], ["PES"]), ["RES"]))
    with (tmp_path / "t.csv").open() as file:
        first = next(csv.DictReader(file))
    assert (first["class"], first["disagreed_wrong"], first["agreed_low"]) == ("all", "1", "")
