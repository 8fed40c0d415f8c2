import json
import shutil

import pytest
from storage_golden import GOLDEN, in_rounds, meaning

from microcrystalnet.domain.label import UNCLEAR
from microcrystalnet.storage.header import MAJOR
from microcrystalnet.storage.health import check
from microcrystalnet.storage.project_store import ProjectStore

VERSIONS = sorted(path.name for path in GOLDEN.iterdir())


@pytest.fixture
def project(request, tmp_path):
    shutil.copytree(GOLDEN / request.param / "project", tmp_path / "project")
    return request.param, tmp_path / "project"


every_version = pytest.mark.parametrize("project", VERSIONS, indirect=True)


def test_there_is_a_golden_project_of_this_version():
    assert str(MAJOR) in VERSIONS


@every_version
def test_a_project_of_every_version_means_what_it_meant(project, tmp_path):
    version, folder = project
    store = ProjectStore.open(folder, "bk", mirror_root=tmp_path / "mirror")
    wanted = json.loads((GOLDEN / version / "meaning.json").read_text(encoding="utf-8"))
    found = json.loads(json.dumps(meaning(store) | in_rounds(store)))
    assert (found, store.problems()) == (wanted, ())
    store.close()


@every_version
def test_a_project_of_every_version_is_healthy(project):
    assert check(project[1]).problems == ()


@every_version
def test_old_lines_are_never_written_again(project, tmp_path):
    before = {path: path.read_bytes() for path in project[1].rglob("*") if path.is_file()}
    store = ProjectStore.open(project[1], "Ayşe Yılmaz", mirror_root=tmp_path / "mirror")
    store.label(next(iter(store.state.labels())), UNCLEAR)
    store.close()
    assert {path: path.read_bytes() for path in before} == before
