"""`mcn pipeline`: each micrograph by itself, and what fails does not stop the others."""

import csv
import json
import os
import shutil
from concurrent.futures import Future
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from pickle import PicklingError
from unittest.mock import MagicMock

import numpy as np
import pytest
import tifffile
from typer.testing import CliRunner

from microcrystalnet import opened, pipeline, workers
from microcrystalnet.cli.app import app
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import EngineError, SegmentationError
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.model_folder import save
from microcrystalnet.learning.networks.released import released
from microcrystalnet.learning.networks.shapes import weight_shapes
from microcrystalnet.learning.records import FORMAT, ModelCard
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.pipeline import Order, Outcome, carry_out, refuse_same_names

SIDECAR = "$CM_FULL_SIZE 128 128\n$$SM_MICRON_BAR 100\n$$SM_MICRON_MARKER 10um\n"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "tiny"
    network, generator = released(16, 4), np.random.default_rng(0)
    weights = {
        name: generator.normal(0, 0.1, shape).astype(np.float32)
        for name, shape in weight_shapes(network).items()
    }
    recipe = CropRecipe(size=16)
    card = ModelCard(
        FORMAT, "2026-01-01", network, FOUR_CLASSES.codes, FOUR_CLASSES, recipe, 1.0, "imported"
    )
    save(folder, card, weights)
    return folder


@pytest.fixture
def micrograph(tmp_path):
    """Four bright squares on dark noise, with a scale."""
    pixels = np.random.default_rng(0).integers(20, 60, (128, 128), np.uint8)
    for row, col in ((10, 10), (10, 70), (70, 10), (70, 70)):
        pixels[row : row + 40, col : col + 40] += 140
    tifffile.imwrite(tmp_path / "chip.tif", pixels)
    (tmp_path / "chip.txt").write_text(SIDECAR)
    return tmp_path / "chip.tif"


@pytest.fixture
def order(micrograph, model, tmp_path):
    return Order(micrograph, model, tmp_path / "out")


def test_a_micrograph_is_outlined_classified_measured_and_drawn(order):
    outcome = carry_out(order)
    assert (outcome.error, outcome.crystals) == ("", 4)
    labels = tifffile.imread(order.out / "chip_labels.tif")
    with (order.out / "chip_crystals.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["label"]) for row in rows] == list(range(1, labels.max() + 1))
    assert {row["prediction"] for row in rows} == set(outcome.classes)
    assert float(rows[0]["p_RES"]) + float(rows[0]["p_PES"]) < 1
    assert float(rows[0]["equivalent_diameter_um"]) == pytest.approx(4.5, rel=0.1)


def test_the_outcome_says_with_what_crystals_were_outlined(order):
    made = {"engine": "embedded", "version": version("napari-mcn"), "preset": "none"}
    assert carry_out(order).made == made


def test_the_overlay_is_a_picture_as_wide_as_the_report_shows_it(order):
    from PIL import Image

    carry_out(order)
    assert Image.open(order.out / "chip_overlay.jpg").width == 900


def test_the_label_image_keeps_the_scale(order):
    carry_out(order)
    assert describe(order.out / "chip_labels.tif").pixel_size.nm == pytest.approx(100)


def test_a_micrograph_without_crystals_is_a_normal_outcome(order, tmp_path):
    tifffile.imwrite(tmp_path / "empty.tif", np.full((128, 128), 90, np.uint8))
    outcome = carry_out(replace(order, image=tmp_path / "empty.tif"))
    assert (outcome.error, outcome.crystals, len(outcome.files)) == ("", 0, 3)


def test_what_cannot_be_read_is_an_outcome_with_a_reason(order, tmp_path):
    assert "gone.tif" in carry_out(replace(order, image=tmp_path / "gone.tif")).error


def test_names_that_would_overwrite_each_other_are_refused(tmp_path):
    with pytest.raises(SegmentationError, match=r"a_labels\.tif"):
        refuse_same_names([tmp_path / "x" / "a.tif", tmp_path / "y" / "a.png"])


def test_names_that_differ_in_case_only_are_refused(tmp_path):
    with pytest.raises(SegmentationError, match="the same name"):
        refuse_same_names([tmp_path / "x" / "A.tif", tmp_path / "y" / "a.tif"])


def test_child_processes_do_the_work_and_one_failure_does_not_stop_it(order, tmp_path):
    arguments = ["pipeline", str(order.image), str(tmp_path / "gone.tif")]
    options = ["--model", str(order.model), "--out", str(order.out), "--processes", "1"]
    result = CliRunner().invoke(app, [*arguments, *options])
    assert "1 of 2 micrographs could not be analysed" in str(result.exception)
    said = json.loads((order.out / "pipeline.json").read_text())
    assert [each["crystals"] for each in said] == [4, 0]
    assert json.loads(result.stdout) == said


def test_memory_that_runs_out_is_an_outcome_with_a_reason(order, monkeypatch):
    monkeypatch.setattr(pipeline, "opened", MagicMock(side_effect=MemoryError))
    assert carry_out(order).error.startswith("There was not enough memory for it")


def test_a_fault_is_an_outcome_with_a_reason(order, monkeypatch):
    monkeypatch.setattr(pipeline, "opened", MagicMock(side_effect=ZeroDivisionError("by nought")))
    assert "(ZeroDivisionError: by nought)" in carry_out(order).error


@pytest.fixture
def three(order, monkeypatch):
    """Three micrographs, the second of which kills the process that works on it."""
    monkeypatch.setattr(workers, "carry_out", _die_of_the_second)
    return [replace(order, image=Path(name)) for name in ("first.tif", "second.tif", "third.tif")]


def test_a_process_that_dies_costs_only_its_micrograph(three):
    first, second, third = workers.on_this_computer(three, 1)
    assert (first.crystals, third.crystals) == (7, 7)
    assert "ended" in second.error


@pytest.mark.long
def test_a_process_that_dies_costs_nothing_of_the_one_beside_it(three):
    said = workers.on_this_computer(three, 2)
    assert [each.crystals for each in said] == [7, 0, 7]


def _die_of_the_second(order):
    if order.image.stem == "second":
        os._exit(9)
    return Outcome(str(order.image), 7)


def test_an_outcome_that_cannot_be_sent_back_is_one_with_a_reason(order):
    future = Future()
    future.set_exception(PicklingError("too large"))
    assert "(PicklingError: too large)" in workers._outcome(order, future).error


@pytest.fixture
def opening(monkeypatch):
    """Tell how often a classifier was opened."""
    counted = MagicMock(side_effect=opened.open_classifier)
    monkeypatch.setattr(opened, "_KEPT", opened._Kept())
    monkeypatch.setattr(opened, "open_classifier", counted)
    return counted


def test_the_model_is_opened_once_for_many_micrographs(order, opening):
    assert [carry_out(order).error, carry_out(order).error] == ["", ""]
    assert opening.call_count == 1


def test_a_model_that_was_written_anew_is_opened_anew(order, opening, tmp_path):
    copy = shutil.copytree(order.model, tmp_path / "model")
    carry_out(replace(order, model=copy))
    (copy / "model.json").write_text((copy / "model.json").read_text() + "\n")
    carry_out(replace(order, model=copy))
    assert opening.call_count == 2


def test_weights_that_are_missing_are_an_outcome_with_a_reason(order, tmp_path):
    assert "gone.pth" in carry_out(replace(order, engine=str(tmp_path / "gone.pth"))).error


def test_a_dask_cluster_does_the_same(order):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        (outcome,) = workers.on_cluster([order], cluster.scheduler_address)
    assert (outcome.error, outcome.crystals) == ("", 4)


def test_a_scheduler_that_does_not_answer_is_named(order, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(workers, "CONNECT_S", 0.5)
    with pytest.raises(EngineError, match=r"tcp://127\.0\.0\.1:9 does not answer"):
        workers.on_cluster([order], "tcp://127.0.0.1:9")
