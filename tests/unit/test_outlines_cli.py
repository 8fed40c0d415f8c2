"""`mcn project import-masks`."""

import json

import pytest
from report_project import add, empty, labelled
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.report.formats import WRITERS
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture(autouse=True)
def at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("name", ["labels", "ome-tiff", "coco", "geojson", "imagej"])
def test_what_one_project_exports_another_imports(tmp_path, name):
    source = labelled(tmp_path)
    (image_id,) = source.state.micrographs
    (path, *_) = WRITERS[name](source, tmp_path / "out", lambda _: None)
    drawn = [each.mask for each in source.state.crystals(image_id).values()]
    source.close()
    (tmp_path / "other").mkdir()
    other = empty(tmp_path / "other")
    add(other, tmp_path / "other")
    other.close()
    arguments = ["project", "import-masks", str(other.folder), str(path), "--image", "a.tif"]
    result = CliRunner().invoke(app, arguments)
    assert json.loads(result.stdout) == {"imported": 3, "outside": 0, "there_already": 0}
    opened = ProjectStore.open(other.folder, "AY")
    there = {each.mask for each in opened.state.crystals(image_id).values()}
    opened.close()
    assert there == set(drawn)


def test_what_is_there_already_is_not_imported_again(tmp_path):
    store = labelled(tmp_path)
    (path, *_) = WRITERS["imagej"](store, tmp_path / "out", lambda _: None)
    store.close()
    arguments = ["project", "import-masks", str(store.folder), str(path), "--image", "a.tif"]
    result = CliRunner().invoke(app, arguments)
    assert json.loads(result.stdout) == {"imported": 0, "outside": 0, "there_already": 3}


def test_a_micrograph_that_is_not_there_is_named(tmp_path):
    store = labelled(tmp_path)
    store.close()
    arguments = ["project", "import-masks", str(store.folder), "x.zip", "--image", "b.tif"]
    assert "b.tif" in str(CliRunner().invoke(app, arguments).exception)


def test_one_micrograph_is_exported_by_its_file_name(tmp_path):
    store = labelled(tmp_path)
    add(store, tmp_path, "b.tif", offset=1)
    store.close()
    arguments = ["export", str(store.folder), "--out", str(tmp_path / "out"), "--format", "geojson"]
    result = CliRunner().invoke(app, [*arguments, "--image", "b.tif"])
    assert json.loads(result.stdout) == {"files": [str(tmp_path / "out" / "b.geojson")]}


def test_an_export_of_a_micrograph_that_is_not_there_names_those_that_are(tmp_path):
    store = labelled(tmp_path)
    store.close()
    arguments = ["export", str(store.folder), "--out", str(tmp_path / "out"), "--image", "z.tif"]
    assert "z.tif; it has a.tif" in str(CliRunner().invoke(app, arguments).exception)
