"""The files of a comparison."""

import csv
import json
from dataclasses import asdict

import pytest

from microcrystalnet.labelling.agreement import compare_experts
from microcrystalnet.labelling.answer_table import arrange
from microcrystalnet.labelling.answers import GivenAnswer
from microcrystalnet.report.answer_file import write_agreement

ANSWERS = [
    GivenAnswer("i", "1", "A", "RES", 0, 1767323045000),
    GivenAnswer("i", "1", "B", "RES"),
    GivenAnswer("i", "2", "A", "RES"),
    GivenAnswer("i", "2", "B", "PES"),
    GivenAnswer("i", "1", "A", "PES", 1),
]


@pytest.fixture
def written(tmp_path):
    found = compare_experts(arrange(ANSWERS))
    write_agreement(tmp_path, found, ANSWERS)
    return tmp_path, found


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_json_holds_everything(written):
    folder, found = written
    assert json.loads((folder / "agreement.json").read_text()) == json.loads(
        json.dumps(asdict(found))
    )


def test_every_coefficient_is_a_row(written):
    folder, found = written
    table = {(row["quantity"], row["of"]): row for row in rows(folder / "agreement.csv")}
    assert float(table["Krippendorff alpha", "all"]["value"]) == found.krippendorff_alpha.value
    assert table["Cohen kappa", "A and B"]["crystals"] == "2"
    assert table["agreement with oneself", "A"]["value"] == "0.0"


def test_an_unknown_interval_is_an_empty_cell(written):
    folder, _ = written
    assert rows(folder / "agreement.csv")[0]["low_95"] == ""


def test_the_answers_stand_with_their_time_and_pass(written):
    folder, _ = written
    first, *_, last = rows(folder / "answers.csv")
    assert (first["time"], last["pass"]) == ("2026-01-02T03:04:05.000+00:00", "1")
