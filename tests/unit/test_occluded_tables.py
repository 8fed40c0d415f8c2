"""Whether a crystal lies under others is told by one rule in every table, or left empty."""

import csv

import numpy as np
import pytest
import tifffile
from report_project import add, empty, square, vote
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.imaging.occlusion import occluded
from microcrystalnet.report.export import export_csv
from microcrystalnet.statistics.collect import ClassFrom, collect

FAR, UNDER, OVER = square(0, 130), square(30, 30), square(30, 48)
TOUCHING = square(50, 30)


def cells(path, column):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [row[column] for row in csv.DictReader(file)]


@pytest.fixture
def store(tmp_path):
    """A crystal an expert calls occluded, one under another, and one that only touches them."""
    made = empty(tmp_path)
    _, ids = add(made, tmp_path, masks=[FAR, UNDER, OVER, TOUCHING])
    vote(made, ids[0], None)
    yield made
    made.close()


def test_the_crystal_outlined_later_lies_in_front():
    assert occluded([UNDER, OVER, TOUCHING]) == [True, False, False]


def test_the_exported_table_and_the_one_that_figures_are_drawn_from_agree(store, tmp_path):
    (path,) = export_csv(store, tmp_path / "out")
    shown = [row.occluded for rows in collect(store, ClassFrom.SETTLED) for row in rows]
    assert cells(path, "occluded") == ["yes", "yes", "no", "no"]
    assert shown == [True, True, False, False]


def test_measuring_a_label_image_leaves_it_empty(tmp_path):
    labels = np.zeros((100, 120), np.uint8)
    labels[10:40, 20:50], labels[10:40, 50:80] = 1, 2
    tifffile.imwrite(tmp_path / "labels.tif", labels)
    words = ["measure", str(tmp_path / "labels.tif"), "--out", str(tmp_path / "m.csv")]
    CliRunner().invoke(app, words)
    assert cells(tmp_path / "m.csv", "occluded") == ["", ""]
