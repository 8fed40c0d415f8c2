"""The commands that make the documents' numbers work, and say what the program would say."""

import importlib
import sys
from dataclasses import replace

import numpy as np
import pytest
from measured_rows import micrograph, row

from benchmarks import coverage, figures
from benchmarks.__main__ import PARTS, main
from benchmarks.completeness import last_of, table
from benchmarks.figures import replace_between
from microcrystalnet.explain.integrated import Attempt
from microcrystalnet.statistics.bootstrap import Draws
from microcrystalnet.statistics.population import Measured, Population
from microcrystalnet.statistics.summary import summarise

NAMES = (*coverage.SIZES, *coverage.SHARES)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_the_benchmarks_can_be_measured(part):
    assert callable(importlib.import_module(f"benchmarks.{part}").measure)


def test_where_a_part_fails_the_table_stays_and_the_part_is_named(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["benchmarks"])
    monkeypatch.setattr(sys, "executable", "false")
    before = figures.DOCUMENT.read_bytes()
    with pytest.raises(SystemExit, match="these parts failed: agreement, classifier, explain,"):
        main()
    assert figures.DOCUMENT.read_bytes() == before


def test_what_stands_between_the_marks_is_replaced_and_nothing_else(tmp_path):
    document = tmp_path / "d.md"
    document.write_text("before\n<a>\nold\n<b>\nafter\n")
    replace_between("<a>", "<b>", ["new"], document)
    assert document.read_text() == "before\n<a>\n\nnew\n\n<b>\nafter\n"


def crystals_of(project):
    """Give a simulated project as the measured crystals that statistics are about."""
    places = [row("", on=micrograph(number)) for number in range(project.others.shape[1])]
    others = [
        Measured(replace(place, cls="AA"), 1.0, area / number)
        for place, number, area in zip(places, *project.others, strict=True)
        for _ in range(int(number))
    ]
    own = zip(project.image, project.diameters, strict=True)
    rare = [Measured(places[image], diameter, diameter**2) for image, diameter in own]
    return Population("um", "equivalent_diameter", (*others, *rare))


def test_simulated_intervals_are_those_of_the_statistics():
    project = coverage.draw(np.random.default_rng(0), np.arange(12) < 10)
    draws = Draws.of(12)
    ours = coverage.sizes(project, draws) | coverage.shares(project, draws)
    told = summarise(crystals_of(project), ("RES", "AA")).classes[0].figures
    bounds = [(told[name].interval.low, told[name].interval.high) for name in NAMES]
    assert np.array([ours[name] for name in NAMES]) == pytest.approx(np.array(bounds))


def test_the_truth_of_the_simulation_is_that_of_many_micrographs():
    held = np.arange(40_000) % 48 < 10
    project, truth = coverage.draw(np.random.default_rng(0), held), coverage.truth(10)
    share = 100 * len(project.image) / (len(project.image) + project.others[0].sum())
    d90 = np.percentile(project.diameters, 90)
    found = (project.diameters.mean(), d90, share)
    assert found == pytest.approx([truth[name] for name in ("mean", "d90", "number_percent")], 0.02)


def attempt(steps, total):
    return Attempt(steps, np.array([[total]]), 1.0)


def test_of_several_attempts_the_first_complete_one_counts():
    assert last_of(iter([attempt(32, 0.9), attempt(128, 0.995), attempt(512, 1.0)])).steps == 128


def test_an_attempt_that_is_never_complete_is_the_last():
    assert last_of(iter([attempt(32, 0.9), attempt(128, 0.95)])).steps == 128


def test_errors_are_told_by_the_steps_that_were_taken():
    found = [attempt(32, 0.995), attempt(128, 1.0), attempt(128, 0.98)]
    assert table(found)[2:] == [
        "| 32 | 1 | 0.50 % | 0.50 % | 0.50 % | 0 |",
        "| 128 | 2 | 1.00 % | 1.90 % | 2.00 % | 1 |",
        "| all | 3 | 0.50 % | 1.85 % | 2.00 % | 1 |",
    ]
