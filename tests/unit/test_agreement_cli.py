import json
import sys

import pytest
from typer.testing import CliRunner

from microcrystalnet.cli import app as command_line

HEADER = "image,crystal,expert,label\n"
TABLE = HEADER + "i,1,AY,RES\ni,1,IK,RES\n,,,\n\ni,2,AY,PES\ni,2,IK,AA\ni,3,AY,AA\ni,3,IK,\n"


@pytest.fixture
def labels(tmp_path):
    return tmp_path / "labels.csv"


def answer_to(labels, text):
    labels.write_text(text, encoding="utf-8")
    return CliRunner().invoke(command_line.app, ["agreement", str(labels)])


def test_the_report_has_the_agreed_keys(labels):
    report = json.loads(answer_to(labels, TABLE).stdout)
    assert set(report) == {
        "n_crystals", "n_images", "experts", "krippendorff_alpha", "percent_agreement", "gwet_ac1",
        "fleiss_kappa", "cohen_kappa", "per_class_alpha", "confusion", "classes",
    }  # fmt: skip
    assert set(report["krippendorff_alpha"]) == {"value", "low", "high"}


def test_empty_rows_and_missing_answers_are_passed_over(labels):
    report = json.loads(answer_to(labels, TABLE).stdout)
    assert (report["n_crystals"], report["n_images"], report["experts"]) == (3, 1, ["AY", "IK"])
    assert (report["percent_agreement"], report["fleiss_kappa"]) == (0.5, None)
    assert report["confusion"] == {"AY|IK": [[1, 0, 0], [0, 0, 1], [0, 0, 0]]}


def test_a_missing_column_is_named(labels):
    refusal = answer_to(labels, "image,crystal,label\ni,1,RES\n").exception
    assert "no rows with a column “expert”" in str(refusal)


def test_a_table_without_rows_is_refused(labels):
    assert "has no rows" in str(answer_to(labels, HEADER).exception)


def test_a_refusal_is_one_sentence_on_stderr_and_exit_code_one(labels, monkeypatch, capsys):
    labels.write_text(HEADER + "i,1,AY,RES\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["mcn", "agreement", str(labels)])
    with pytest.raises(SystemExit, match="1"):
        command_line.run()
    assert capsys.readouterr().err.strip() == (
        "Only one expert, AY, has answered; agreement needs at least two."
    )
