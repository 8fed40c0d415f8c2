"""One project has one set of numbers: command line, tables, workbook and report agree."""

import csv
import json
import re

import numpy as np
import pytest
from report_project import add, empty, square, vote
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.statistics.tables import WORDS, three_digits

SHARES = ("number_percent", "area_percent")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twelve micrographs: RES on all, one at the edge; SA on three; a disputed one on the last."""
    home = tmp_path_factory.mktemp("same")
    store = empty(home)
    for at in range(12):
        places = [square(30, 30, 12 + 2 * at), square(0, 100, 20)]
        _, (res, *rest) = add(store, home, f"m{at}.tif", places, offset=at)
        vote(store, res, "RES", "RES")
        vote(store, rest[0], *(["SA", "SA"] if at < 3 else ["RES", "RES" if at < 11 else "AA"]))
    store.close()
    return store.folder


@pytest.fixture(scope="module")
def run(folder, tmp_path_factory):
    """Call the command line in a data folder of its own; gives what it wrote and its answer."""
    home = tmp_path_factory.mktemp("out")

    def call(*words):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("platformdirs.user_data_path", lambda *_, **__: home / "computer")
            done = CliRunner().invoke(app, [str(word) for word in words])
        return json.loads(done.stdout)

    return home, call


@pytest.fixture(scope="module")
def told(run, folder):
    home, call = run
    return call("statistics", folder, "--out", home / "s.csv")["classes"]


def written(path):
    with path.open(newline="") as file:
        return {cells["class"]: cells for cells in csv.DictReader(file)}


def test_the_statistics_are_those_of_the_exported_crystals(run, folder, told):
    home, call = run
    call("export", folder, "--out", home / "tables")
    with (home / "tables" / "crystals.csv").open(newline="") as file:
        res = [cells for cells in csv.DictReader(file) if cells["class"] == "RES"]
    whole = [float(c["equivalent_diameter_um"]) for c in res if c["touches_edge"] == "no"]
    assert (told["RES"]["n"], told["RES"]["n_whole"]) == (len(res), len(whole))
    assert told["RES"]["sd"]["value"] == pytest.approx(np.std(whole, ddof=1))
    assert told["RES"]["d90"]["value"] == pytest.approx(np.percentile(whole, 90))
    area = sum(float(cells["area_um2"]) for cells in res)
    assert told["RES"]["area_percent"]["value"] == pytest.approx(100 * area / (area + 3 * 4))


def test_the_csv_of_the_statistics_holds_the_same_numbers(run, told):
    cells = written(run[0] / "s.csv")["RES"]
    mean = [float(cells[f"mean_um{end}"]) for end in ("", "_low", "_high")]
    assert mean == [told["RES"]["mean"][key] for key in ("value", "low", "high")]


def test_the_workbook_holds_the_same_numbers(run, folder):
    from openpyxl import load_workbook

    home, call = run
    call("export", folder, "--format", "xlsx", "--out", home / "book")
    sheet = load_workbook(home / "book" / "crystals.xlsx")["statistics"]
    columns, *rows = sheet.iter_rows(values_only=True)
    first = dict(zip(columns, rows[0], strict=True))
    cells = written(run[0] / "s.csv")["RES"]
    assert [row[0] for row in rows] == ["RES", "SA", "all"]
    assert list(columns) == list(cells)
    bounds = ("sd_um", "sd_um_low", "area_percent_high")
    assert [first[key] for key in bounds] == pytest.approx([float(cells[key]) for key in bounds])


@pytest.fixture(scope="module")
def page(run, folder):
    home, call = run
    call("report", folder, "--out", home / "report.html")
    text = (home / "report.html").read_text()
    return " ".join(re.sub(r"<[^>]*>|data:[^\"]*", " ", text).split())


@pytest.mark.parametrize("name", [name for name in WORDS if name != "d50"])
def test_the_report_shows_the_same_numbers_and_intervals(page, told, name):
    unit = "" if name in SHARES else ", D50 (µm)" if name == "median" else " (µm)"
    cells = " ".join(_cell(told[cls][name]) for cls in ("RES", "SA", "all"))
    assert f"{WORDS[name]}{unit} {cells}" in page


def _cell(figure):
    if figure["value"] is None:
        return "–"
    bounds = [figure["low"], figure["high"]]
    interval = "–" if None in bounds else " to ".join(map(three_digits, bounds))
    return f"{three_digits(figure['value'])} {interval}"


def test_the_report_says_why_a_rare_class_has_no_interval(page):
    sizes = "No micrograph holds such whole crystals; an interval needs 10."
    shares = "Only 3 micrographs hold such crystals; an interval needs 10."
    assert f"–: no interval. SA: {sizes} {shares}" in page


def test_the_longest_line_is_the_median_feret_maximum(run, folder, page):
    feret = run[1]("statistics", folder, "--length", "feret_max")["classes"]["RES"]["median"]
    assert f"longest line, median (µm) {_cell(feret)}" in page
