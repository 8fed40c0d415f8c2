import csv
import json

import numpy as np
import pytest
import tifffile
import typer
from typer.testing import CliRunner

from microcrystalnet.cli import consensus
from microcrystalnet.cli.project_crystals import crystals_of
from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.decision import Outcome, Ruling
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import ProjectError
from microcrystalnet.examples import settled_examples, taught_examples
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A project of three crystals: one agreed on, one disputed, one unlabelled."""
    mirror = tmp_path / "mirror"
    monkeypatch.setattr("microcrystalnet.storage.project_store.default_mirror_root", lambda: mirror)
    path = tmp_path / "micrite.tif"
    tifffile.imwrite(path, np.arange(400, dtype=np.uint8).reshape(20, 20))
    store = ProjectStore.create(tmp_path / "project", "A")
    image = store.add_micrograph(path, describe(path)).image_id
    masks = [Mask.from_pixels(np.ones((3, 3), bool), 4 * row, 2) for row in range(3)]
    agreed, disputed, _ = store.put_masks(image, masks, MaskSource.MANUAL)
    store.label(agreed.crystal_id, Answer("RES"))
    store.label(disputed.crystal_id, Answer("RES"))
    store.become("B")
    store.label(agreed.crystal_id, Answer("RES"))
    store.label(disputed.crystal_id, Answer("PES"))
    yield store
    store.close()


def test_the_verdicts_of_a_project_are_written_as_a_table(store, tmp_path):
    store.flush()
    app = typer.Typer()
    app.command()(consensus.consensus)
    out = tmp_path / "labels.csv"
    done = CliRunner().invoke(app, [str(store.folder), "--out", str(out)])
    rows = list(csv.DictReader(out.open()))
    assert [(row["state"], row["label"], row["votes"]) for row in rows] == [
        ("agreed", "RES", "2"),
        ("disputed", "", "2"),
        ("unlabelled", "", "0"),
    ]
    assert rows[0]["file"] == "micrite.tif"
    assert json.loads(done.stdout)["agreed"] == 1


def test_the_table_of_verdicts_tells_of_decisions(store, tmp_path):
    disputed = crystals_of(store)[1].example.crystal_id
    pes = Ruling(Outcome.CLASS, "PES")
    store.adjudication.decide(disputed, pes, ["A", "B"], "seven faces")
    store.adjudication.sign(disputed, "A")
    store.flush()
    app = typer.Typer()
    app.command()(consensus.consensus)
    out = tmp_path / "labels.csv"
    done = CliRunner().invoke(app, [str(store.folder), "--out", str(out)])
    row = list(csv.DictReader(out.open()))[1]
    assert (row["state"], row["label"], row["outcome"]) == ("adjudicated", "PES", "class")
    assert (row["participants"], row["dissenters"]) == ("A; B", "A")
    assert (row["rationale"], row["history"]) == ("seven faces", "2")
    assert json.loads(done.stdout)["adjudicated"] == 1


def test_only_settled_crystals_are_taught(store):
    examples, labels = settled_examples(store)
    assert labels == ["RES"]
    assert examples[0].image_path.exists()


def test_a_decided_crystal_is_taught_with_the_doubt_there_was(store):
    disputed = crystals_of(store)[1].example.crystal_id
    store.adjudication.decide(disputed, Ruling(Outcome.CLASS, "PES"), ["A", "B"], "seven faces")
    taught = taught_examples(store)
    assert taught.labels == ["RES", "PES"]
    assert taught.teaching.shares[1] == pytest.approx([0.1, 0.9, 0, 0])
    assert list(taught.teaching.disagreed) == [False, True]
    assert list(taught_examples(store, "paper").teaching.shares[1]) == [0, 1, 0, 0]


def test_reading_the_verdicts_shows_nobody_the_others_labels(store):
    crystals_of(store)
    disputed = crystals_of(store)[1].example.crystal_id
    assert store.label(disputed, Answer("SA")).blind


def test_a_folder_that_is_no_project_is_refused(tmp_path):
    app = typer.Typer()
    app.command()(consensus.consensus)
    done = CliRunner().invoke(app, [str(tmp_path), "--out", str(tmp_path / "labels.csv")])
    assert isinstance(done.exception, ProjectError)
