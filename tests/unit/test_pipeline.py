"""`mcn pipeline`: each micrograph by itself, and what fails does not stop the others."""

import csv
import json
from dataclasses import replace
from importlib.metadata import version

import numpy as np
import pytest
import tifffile
from typer.testing import CliRunner

from microcrystalnet import workers
from microcrystalnet.cli.app import app
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import EngineError, SegmentationError
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.model_folder import save
from microcrystalnet.learning.networks.released import released
from microcrystalnet.learning.networks.shapes import weight_shapes
from microcrystalnet.learning.records import FORMAT, ModelCard
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.pipeline import Order, carry_out, refuse_same_names

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


def test_child_processes_do_the_work_and_one_failure_does_not_stop_it(order, tmp_path):
    arguments = ["pipeline", str(order.image), str(tmp_path / "gone.tif")]
    options = ["--model", str(order.model), "--out", str(order.out), "--processes", "1"]
    result = CliRunner().invoke(app, [*arguments, *options])
    assert "1 of 2 micrographs could not be analysed" in str(result.exception)
    said = json.loads((order.out / "pipeline.json").read_text())
    assert [each["crystals"] for each in said] == [4, 0]
    assert json.loads(result.stdout) == said


def test_a_process_that_dies_costs_only_its_micrograph(order, monkeypatch):
    monkeypatch.setattr(workers, "carry_out", _die)
    (outcome,) = workers.on_this_computer([order], 1)
    assert "ended" in outcome.error


def _die(_order):
    import os

    os._exit(9)


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
