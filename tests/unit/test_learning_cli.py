import csv
import json

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from microcrystalnet.cli import classify, crop_table
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import MicroCrystalError, UnreadableFileError

PREDICTIONS = """path,image,label,p_RES,p_PES
a.tif,i1,RES,0.9,0.1
b.tif,i1,rhombic,0.4,0.6
c.tif,i2,PES,0.2,0.8
d.tif,i2,,0.5,0.5
"""


@pytest.fixture
def evaluated(tmp_path):
    (tmp_path / "predictions.csv").write_text(PREDICTIONS)
    app = typer.Typer()
    app.command()(classify.evaluate)
    out = tmp_path / "out"
    done = CliRunner().invoke(app, [str(tmp_path / "predictions.csv"), "--out", str(out)])
    assert done.exit_code == 0, done.output
    return out


def test_evaluation_counts_the_crystals_whose_truth_is_known(evaluated):
    found = json.loads((evaluated / "metrics.json").read_text())
    assert found["n"] == 3
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert found["intervals"] is None
    assert found["notes"] == []


def test_crystals_that_were_learnt_from_make_an_evaluation_too_kind(tmp_path):
    header, *rows = PREDICTIONS.splitlines()
    marked = [f"{header},learnt_from", *(f"{row},yes" for row in rows)]
    (tmp_path / "predictions.csv").write_text("\n".join(marked))
    app = typer.Typer()
    app.command()(classify.evaluate)
    arguments = [str(tmp_path / "predictions.csv"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, arguments)
    (note,) = json.loads(done.stdout)["notes"]
    assert note.startswith("The model was trained or validated on 3 of the 3 crystals")
    assert note in done.stderr


@pytest.mark.parametrize("name", ["confusion_matrix", "precision_recall", "roc", "calibration"])
def test_every_figure_comes_with_the_table_behind_it(evaluated, name):
    assert (evaluated / f"{name}.svg").stat().st_size > 1000
    assert (evaluated / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    assert len((evaluated / f"{name}.csv").read_text().splitlines()) > 1


def test_predictions_without_probabilities_are_refused(tmp_path):
    (tmp_path / "p.csv").write_text("path,label\na.tif,RES\n")
    with pytest.raises(UnreadableFileError, match="p_<class>"):
        crop_table.read_predictions(tmp_path / "p.csv")


def test_a_probability_that_is_text_is_refused(tmp_path):
    (tmp_path / "p.csv").write_text("label,p_RES,p_PES\nRES,much,0\n")
    with pytest.raises(UnreadableFileError, match="no number"):
        crop_table.read_predictions(tmp_path / "p.csv")


def test_crops_lie_beside_their_table(tmp_path):
    (tmp_path / "crops.csv").write_text("path,image,label\ncut/a.tif,m1, RES \ncut/b.tif,,\n")
    rows = crop_table.read_crops(tmp_path / "crops.csv", labelled=True)
    assert rows[0] == crop_table.CropRow(tmp_path / "cut" / "a.tif", "m1", "RES")
    assert rows[1] == crop_table.CropRow(tmp_path / "cut" / "b.tif", "cut", "")


def test_a_missing_column_is_named(tmp_path):
    (tmp_path / "crops.csv").write_text("file,label\na.tif,RES\n")
    with pytest.raises(UnreadableFileError, match="“path”"):
        crop_table.read_crops(tmp_path / "crops.csv", labelled=True)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(MicroCrystalError, match=r"none\.csv"):
        crop_table.read_crops(tmp_path / "none.csv", labelled=True)


def test_the_four_classes_are_known_by_any_of_their_names():
    assert crop_table.scheme_of(["rhombic", "RES", "rounded"]) == FOUR_CLASSES


def test_other_labels_make_a_scheme_of_their_own():
    assert crop_table.scheme_of(["dolomite", "calcite"]).codes == ("calcite", "dolomite")


def test_predictions_keep_the_columns_they_came_with(tmp_path):
    rows = [{"path": "a.tif", "label": "RES", "depth": "-12.5", "note": "=HYPERLINK()"}]
    out = tmp_path / "out.csv"
    crop_table.write_predictions(out, rows, ("RES", "PES"), np.array([[0.25, 0.75]]), ["PES"])
    (row,) = csv.DictReader(out.open())
    assert row == {
        "path": "a.tif",
        "label": "RES",
        "depth": "-12.5",
        "note": "'=HYPERLINK()",
        "p_RES": "0.25",
        "p_PES": "0.75",
        "prediction": "PES",
    }


def refusal(table):
    with pytest.raises(UnreadableFileError) as refused:
        crop_table.read_rows(table)
    return str(refused.value)


def test_a_table_that_is_missing_is_refused_in_plain_words(tmp_path):
    said = refusal(tmp_path / "crops.csv")
    assert said.endswith(
        "cannot be read as a CSV table (No such file or directory); check the file."
    )


def test_a_picture_in_the_place_of_a_table_is_refused_in_plain_words(tmp_path):
    (tmp_path / "crops.csv").write_bytes(b"path\xb6,image\n")
    assert "as a CSV table (it is no text in UTF-8)" in refusal(tmp_path / "crops.csv")
