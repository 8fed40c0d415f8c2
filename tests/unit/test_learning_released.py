import hashlib
import json
import shutil
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import tifffile
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.download import download
from microcrystalnet.errors import ModelError, WeightsError
from microcrystalnet.learning import imported
from microcrystalnet.learning.dataset import Example
from microcrystalnet.learning.imported import check_class_order, margin
from microcrystalnet.learning.released_weights import RELEASED
from microcrystalnet.published import Published, require_download
from microcrystalnet.storage.project_store import ProjectStore

FILE = Path(__file__).parents[3] / "shared" / "data" / "published" / "mcn_run1.h5"
needs_file = pytest.mark.skipif(not FILE.exists(), reason="the released weights are not here")
CONTENT = b"weights" * 1000


class _Repository(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def repository():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Repository) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{RELEASED.file_name}"
        server.shutdown()


def test_the_released_file_is_pinned_to_one_state_of_its_repository():
    assert len(RELEASED.url.split("/")[-2]) == 40
    assert RELEASED.file_name == "CNN_2023-11-19_11-47-51_run1.h5"


def test_the_released_file_is_fetched_by_its_checksum(repository, tmp_path):
    pinned = hashlib.sha256(CONTENT).hexdigest()
    served = Published("released", repository, len(CONTENT), pinned)
    assert download(served, tmp_path) == tmp_path / RELEASED.file_name
    assert require_download(served, "Model", tmp_path).read_bytes() == CONTENT


def test_another_file_in_its_place_is_not_kept(repository, tmp_path):
    served = Published("released", repository, len(CONTENT), RELEASED.sha256)
    with pytest.raises(WeightsError, match="374967e0e67e"):
        download(served, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_weights_that_were_not_fetched_say_how_to(tmp_path, monkeypatch):
    monkeypatch.setattr("microcrystalnet.published.weights_folder", lambda: tmp_path)
    done = CliRunner().invoke(app, ["import-weights", "released", "--out", str(tmp_path / "m")])
    assert isinstance(done.exception, WeightsError)
    assert "`mcn weights released`" in str(done.exception)


def test_the_list_of_weights_says_what_is_here(tmp_path, monkeypatch):
    monkeypatch.setattr("microcrystalnet.published.weights_folder", lambda: tmp_path)
    (tmp_path / RELEASED.file_name).write_bytes(b"0" * RELEASED.size)
    listed = json.loads(CliRunner().invoke(app, ["weights"]).stdout)
    assert {each["name"]: each["here"] for each in listed} == {
        "vit_b": False,
        "vit_l": False,
        "vit_h": False,
        "released": True,
    }


@needs_file
def test_what_was_fetched_is_imported_by_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr("microcrystalnet.published.weights_folder", lambda: tmp_path)
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == RELEASED.sha256
    assert FILE.stat().st_size == RELEASED.size
    shutil.copy(FILE, tmp_path / RELEASED.file_name)
    done = CliRunner().invoke(app, ["import-weights", "released", "--out", str(tmp_path / "m")])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["classes"] == [f"class {number}" for number in range(1, 5)]


def crystals(folder, count):
    """Give crystals of noise on one micrograph."""
    pixels = np.random.default_rng(0).integers(0, 255, (64, 64 * count), np.uint8)
    tifffile.imwrite(folder / "m.tif", pixels)
    mask = np.ones((64, 64), bool)
    return [
        Example(f"c{at}", "m", folder / "m.tif", Mask.from_pixels(mask, 0, 64 * at))
        for at in range(count)
    ]


@needs_file
def test_all_orders_of_the_classes_are_compared_with_labelled_crystals(tmp_path):
    labels = ["RES", "PES", "AA", "SA"] * 5
    matches = check_class_order(FILE, crystals(tmp_path, 20), labels, FOUR_CLASSES.codes)
    assert len(matches) == 24
    assert len({match.order for match in matches}) == 24
    assert margin(matches) == matches[0].accuracy - matches[1].accuracy >= 0


@needs_file
def test_nineteen_labelled_crystals_are_too_few_to_tell_the_order(tmp_path):
    with pytest.raises(ModelError, match="only 19 have a settled class"):
        check_class_order(FILE, crystals(tmp_path, 19), ["RES"] * 19, FOUR_CLASSES.codes)


def test_the_classes_of_imported_weights_are_those_of_the_project_they_are_checked_on(
    tmp_path, monkeypatch
):
    store, asked = ProjectStore.create(tmp_path / "p", "AY", mirror_root=tmp_path / "mirror"), []
    renamed = replace(FOUR_CLASSES.classes[0], code="RHO")
    store.set_scheme(replace(FOUR_CLASSES, classes=(renamed, *FOUR_CLASSES.classes[1:])))
    store.close()
    (tmp_path / "w.h5").write_bytes(CONTENT)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(imported, "check_class_order", lambda *_: [])
    monkeypatch.setattr(imported, "import_weights", lambda *given: asked.append(given))
    arguments = ["--out", str(tmp_path / "m"), "--check", str(tmp_path / "p")]
    CliRunner().invoke(app, ["import-weights", str(tmp_path / "w.h5"), *arguments])
    assert asked[0][2].codes == ("RHO", "PES", "AA", "SA")
