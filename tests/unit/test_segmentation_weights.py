import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from microcrystalnet.download import download
from microcrystalnet.errors import WeightsError
from microcrystalnet.progress import CancelledError
from microcrystalnet.published import Published
from microcrystalnet.segmentation.choose import open_segmenter
from microcrystalnet.segmentation.weights import PUBLISHED, downloaded

CONTENT = bytes(range(256)) * 4096 * 3
HALF = len(CONTENT) // 2
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class _Publisher(BaseHTTPRequestHandler):
    """Sends CONTENT in ways that the first part of the path names."""

    def do_GET(self):
        self.server.asked.append(self.headers.get("Range"))
        getattr(self, self.path.split("/")[1], self.nothing)()

    def whole(self):
        self.head(200, len(CONTENT))
        self.wfile.write(CONTENT)

    def ranged(self):
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        self.head(206, len(CONTENT) - start, f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
        self.wfile.write(CONTENT[start:])

    def broken(self):
        self.head(200, len(CONTENT))
        self.wfile.write(CONTENT[:HALF])

    def stalled(self):
        self.broken()
        self.wfile.flush()
        self.server.over.wait(10)

    def another(self):
        if self.headers.get("Range"):
            self.send_error(416)
        else:
            self.whole()

    def nothing(self):
        self.send_error(404)

    def head(self, status, length, content_range=None):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Publisher) as server:
        server.asked, server.over = [], threading.Event()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()


@pytest.fixture
def address(server):
    return f"http://127.0.0.1:{server.server_port}"


def published(address, *, manner="whole", sha256=SHA256, size=3 << 20):
    return Published("small", f"{address}/{manner}/weights.pth", size, sha256)


def begun(folder, content=CONTENT[:HALF]):
    """Leave the first half of the weights, as a pause does."""
    (folder / "weights.pth.part").write_bytes(content)
    return folder


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
    assert not (tmp_path / "weights.pth").exists()


def test_a_file_that_is_gone_from_the_server_is_a_sentence(address, tmp_path):
    missing = Published("small", f"{address}/other/weights.pth", 1, "")
    with pytest.raises(WeightsError, match="404"):
        download(missing, tmp_path)


def test_no_connection_is_a_sentence(tmp_path):
    with pytest.raises(WeightsError, match=r"there is no connection.*Check the connection"):
        download(published("http://127.0.0.1:1"), tmp_path)


def paused(address, folder):
    """Pause after the first bytes."""

    def stop(progress):
        raise CancelledError

    with pytest.raises(CancelledError):
        download(published(address), folder, stop)
    return (folder / "weights.pth.part").stat().st_size


def test_a_paused_download_keeps_what_came(address, tmp_path):
    assert 0 < paused(address, tmp_path) < len(CONTENT)


def test_a_paused_download_goes_on_where_it_stopped(server, address, tmp_path):
    size = paused(address, tmp_path)
    path = download(published(address, manner="ranged"), tmp_path)
    assert (path.read_bytes(), server.asked[-1]) == (CONTENT, f"bytes={size}-")


def test_progress_goes_on_where_it_stopped(address, tmp_path):
    steps = []
    download(published(address, manner="ranged"), begun(tmp_path), steps.append)
    assert steps[0].done > HALF


def test_a_server_without_ranges_is_asked_for_everything(address, tmp_path):
    path = download(published(address), begun(tmp_path))
    assert path.read_bytes() == CONTENT


def test_a_part_that_the_server_does_not_know_is_begun_afresh(address, tmp_path):
    path = download(published(address, manner="another"), begun(tmp_path))
    assert path.read_bytes() == CONTENT


def test_a_complete_part_is_only_checked(server, address, tmp_path):
    download(published(address), begun(tmp_path, CONTENT))
    assert server.asked == []


def test_a_damaged_part_is_thrown_away(address, tmp_path):
    with pytest.raises(WeightsError, match="damaged"):
        download(published(address, manner="ranged"), begun(tmp_path, b"x" * HALF))
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_is_too_long_is_begun_afresh(address, tmp_path):
    path = download(published(address), begun(tmp_path, CONTENT + b"more"))
    assert path.read_bytes() == CONTENT


def test_a_lost_connection_keeps_what_came(address, tmp_path):
    with pytest.raises(WeightsError, match="what was fetched stays"):
        download(published(address, manner="broken"), tmp_path)
    assert (tmp_path / "weights.pth.part").stat().st_size == HALF


def test_a_stalled_server_is_a_sentence(address, tmp_path):
    with pytest.raises(WeightsError, match="the server stopped answering"):
        download(published(address, manner="stalled"), tmp_path, patience=0.3)


def test_a_disk_without_room_is_told_before_anything_is_fetched(server, address, tmp_path):
    with pytest.raises(WeightsError, match="make room"):
        download(published(address, size=1 << 60), tmp_path)
    assert server.asked == []


def test_a_disk_that_fills_keeps_what_came(address, tmp_path, monkeypatch):
    def fill(answer, file, *_rest):
        file.write(CONTENT[:HALF])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("microcrystalnet.download._take", fill)
    with pytest.raises(WeightsError, match="No space left on device"):
        download(published(address), tmp_path)
    assert (tmp_path / "weights.pth.part").stat().st_size == HALF


def test_weights_that_were_never_fetched_say_where_they_come_from(tmp_path):
    with pytest.raises(WeightsError, match=r"375 MB.*dl\.fbaipublicfiles\.com"):
        downloaded("vit_b", tmp_path)


@pytest.mark.parametrize("name", ["vit_b", "vit_l", "vit_h"])
def test_an_engine_without_its_weights_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.setattr("microcrystalnet.published.weights_folder", lambda: tmp_path)
    with pytest.raises(WeightsError, match=name):
        open_segmenter(name)


def test_every_published_file_is_pinned():
    assert all(len(each.sha256) == 64 and each.size > 3e8 for each in PUBLISHED.values())
