import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from microcrystalnet.errors import WeightsError
from microcrystalnet.progress import CancelledError
from microcrystalnet.segmentation.choose import open_segmenter
from microcrystalnet.segmentation.weights import PUBLISHED, Published, download, downloaded

CONTENT = bytes(range(256)) * 4096 * 3
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class _Publisher(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/weights.pth":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def address():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Publisher) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def published(address, *, sha256=SHA256, size=3 << 20):
    return Published("small", f"{address}/weights.pth", size, sha256)


def test_weights_are_fetched_checked_and_named(address, tmp_path):
    path = download(published(address), tmp_path / "new")
    assert path.read_bytes() == CONTENT
    assert [each.name for each in path.parent.iterdir()] == ["weights.pth"]


def test_progress_ends_at_the_announced_size(address, tmp_path):
    steps = []
    download(published(address), tmp_path, steps.append)
    assert steps[-1].done == steps[-1].total == len(CONTENT)


def test_weights_that_are_there_are_not_fetched_again(tmp_path):
    (tmp_path / "weights.pth").write_bytes(CONTENT)
    assert download(published("http://127.0.0.1:1"), tmp_path).exists()


def test_a_wrong_hash_is_refused_and_nothing_kept(address, tmp_path):
    with pytest.raises(WeightsError, match="damaged"):
        download(published(address, sha256="0" * 64), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_more_bytes_than_announced_are_refused(address, tmp_path):
    with pytest.raises(WeightsError, match="sends more than the 7 bytes"):
        download(published(address, size=7), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_gone_from_the_server_is_a_sentence(address, tmp_path):
    missing = Published("small", f"{address}/other.pth", 1, "")
    with pytest.raises(WeightsError, match="404"):
        download(missing, tmp_path)


def test_no_connection_is_a_sentence(tmp_path):
    with pytest.raises(WeightsError, match="check the connection"):
        download(published("http://127.0.0.1:1"), tmp_path)


def test_a_cancelled_download_leaves_nothing(address, tmp_path):
    def stop(progress):
        raise CancelledError

    with pytest.raises(CancelledError):
        download(published(address), tmp_path, stop)
    assert list(tmp_path.iterdir()) == []


def test_weights_that_were_never_fetched_say_where_they_come_from(tmp_path):
    with pytest.raises(WeightsError, match=r"375 MB.*dl\.fbaipublicfiles\.com"):
        downloaded("vit_b", tmp_path)


@pytest.mark.parametrize("name", ["vit_b", "vit_l", "vit_h"])
def test_an_engine_without_its_weights_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.setattr("microcrystalnet.segmentation.weights.weights_folder", lambda: tmp_path)
    with pytest.raises(WeightsError, match=name):
        open_segmenter(name)


def test_every_published_file_is_pinned():
    assert all(len(each.sha256) == 64 and each.size > 3e8 for each in PUBLISHED.values())
