"""Files of predictions as they are found: what makes no sense is left out, the rest counts."""

import json

import pytest

from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage import predictions

MODEL, IMAGE = "01ARZ3NDEKTSV4RRFFQ69G5FAV", "0" * 20


def read(tmp_path, *lines):
    path = tmp_path / "predictions" / MODEL / f"{IMAGE}.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return predictions.read(tmp_path, MODEL, IMAGE)


def line(shares, classes=("RES", "PES"), crystal="c1"):
    return {"crystal": crystal, "classes": list(classes), "p": list(shares)}


@pytest.mark.parametrize(
    "damaged",
    [line((0.1, 0.2, 0.7)), line((1.0,)), line((), ()), line((-0.5, 1.5)), line(("a", "b")), 7],
)
def test_a_line_that_is_no_prediction_is_left_out(tmp_path, damaged):
    found = read(tmp_path, damaged, line((0.2, 0.8), crystal="c2"))
    assert found == {"c2": Prediction("c2", MODEL, ("RES", "PES"), (0.2, 0.8))}


def test_the_latest_run_counts(tmp_path):
    read(tmp_path, line((0.2, 0.8)))
    predictions.write(tmp_path, MODEL, IMAGE, [Prediction("c1", MODEL, ("RES",), (1.0,))])
    assert predictions.read(tmp_path, MODEL, IMAGE)["c1"].cls == "RES"


def test_predictions_that_cannot_be_read_are_told_in_a_sentence(tmp_path):
    (tmp_path / "predictions" / MODEL / f"{IMAGE}.jsonl").mkdir(parents=True)
    with pytest.raises(ProjectError, match="cannot be read"):
        predictions.read(tmp_path, MODEL, IMAGE)
