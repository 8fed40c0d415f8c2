"""What a command did and the disk did not take is not called done."""

import pytest
from report_project import labelled
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.errors import ProjectError
from microcrystalnet.report.formats import WRITERS
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    store = labelled(tmp_path)
    WRITERS["imagej"](store, tmp_path / "out", lambda _: None)
    store.close()
    (tmp_path / "samples.csv").write_text("file,sample\na.tif,K-12\n")
    monkeypatch.setattr(ProjectStore, "flush", lambda _: False)
    return store.folder


@pytest.mark.parametrize(
    "words",
    [
        ("import-masks", "out/a_RoiSet.zip", "--image", "a.tif"),
        ("add-samples", "samples.csv"),
        ("texture", "a.tif", "--is", "fitted"),
        ("tilt", "30", "a.tif"),
    ],
)
def test_a_disk_that_does_not_answer_is_told(project, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    call = CliRunner().invoke(app, ["project", words[0], str(project), *words[1:]])
    assert isinstance(call.exception, ProjectError)
    assert str(call.exception) == "The disk has not answered yet."
