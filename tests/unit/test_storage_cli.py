import json

import numpy as np
import pytest
from PIL import Image
from storage_scene import disc
from typer.testing import CliRunner

from microcrystalnet.cli.project import app
from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture(autouse=True)
def _own_computer(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")


@pytest.fixture
def mcn(tmp_path, monkeypatch):
    """Give a function that runs `mcn project`."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def picture(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    return "a.png"


def test_a_project_is_made_filled_and_checked(mcn, picture):
    mcn("create", "p", "--expert", "AY")
    added = json.loads(mcn("add", "p", picture, "--expert", "AY").stdout)["added"]
    found = json.loads(mcn("check", "p").stdout)
    assert (added[0]["path"], added[0]["pixel_size_nm"]) == ("a.png", None)
    assert (found["damaged"], found["micrographs"], found["experts"]) == (False, 1, ["AY"])


def test_a_folder_of_images_is_added(mcn, picture, tmp_path):
    mcn("create", "p")
    assert len(json.loads(mcn("add", "p", str(tmp_path)).stdout)["added"]) == 1


def test_an_empty_folder_is_refused(mcn, tmp_path):
    (tmp_path / "empty").mkdir()
    mcn("create", "p")
    assert "empty holds no image" in str(mcn("add", "p", "empty").exception)


def test_a_file_that_is_no_image_does_not_keep_the_others_out(mcn, picture, tmp_path):
    (tmp_path / "b.tif").write_text("hello")
    mcn("create", "p")
    result = mcn("add", "p", "b.tif", picture)
    answer = json.loads(result.stdout)
    assert ([each["path"] for each in answer["added"]], result.exit_code) == (["a.png"], 1)
    assert "b.tif" in answer["refused"][0]


def test_a_missing_file_is_named(mcn):
    mcn("create", "p")
    assert "nothing.tif" in str(mcn("add", "p", "nothing.tif").exception)


def test_a_snapshot_merges_into_another_copy(mcn, picture):
    mcn("create", "p")
    mcn("snapshot", "p", "p.zip")
    mcn("add", "p", picture)
    summary = json.loads(mcn("merge", "p", "p.zip").stdout)
    assert (summary["known"], summary["new"], summary["beside"]) == (1, 0, 0)


def test_damage_is_listed_and_gives_exit_code_1(mcn, picture, tmp_path):
    mcn("create", "p")
    mcn("add", "p", picture)
    next((tmp_path / "p" / "images" / "files").iterdir()).write_bytes(b"x")
    result = mcn("check", "p")
    assert (json.loads(result.stdout)["damaged"], result.exit_code) == (True, 1)
    assert "p has 1 problem" in str(result.exception)


def test_a_scheme_goes_from_one_project_to_another(mcn):
    mcn("create", "p", "--expert", "AY")
    shown = json.loads(mcn("scheme", "p", "--expert", "AY", "--out", "s.json").stdout)
    mcn("create", "q", "--expert", "AY")
    used = json.loads(mcn("scheme", "q", "--expert", "AY", "--set", "s.json").stdout)
    assert (shown["version"], used["version"], used["classes"]) == (1, 2, shown["classes"])


def test_a_file_that_is_no_scheme_changes_no_project(mcn, tmp_path):
    (tmp_path / "s.json").write_text("{}")
    mcn("create", "p", "--expert", "AY")
    assert "s.json is not a scheme" in str(mcn("scheme", "p", "--set", "s.json").exception)


def test_a_blind_expert_who_checks_opens_nobodys_answers(mcn, picture, tmp_path):
    mcn("create", "p", "--expert", "AY")
    mcn("add", "p", picture, "--expert", "AY")
    store = ProjectStore.open(tmp_path / "p", "AY")
    (image_id,) = store.state.micrographs
    store.label(store.put_mask(image_id, disc(5, 5), MaskSource.MANUAL).crystal_id, Answer("RES"))
    store.rounds.open([image_id], ["AY", "BK"])
    store.close()
    assert json.loads(mcn("check", "p", "--expert", "BK").stdout)["labels"] == 0
    assert json.loads(mcn("check", "p", "--expert", "AY").stdout)["labels"] == 1
