"""A download whose process is killed goes on from the bytes that lie on the disk."""

import hashlib
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from engines_listening import ask

from microcrystalnet.engines.client import EngineClient

CONTENT = os.urandom(1 << 20) * 4
HALF = len(CONTENT) // 2
TESTS = Path(__file__).parents[1]


class _Slow(BaseHTTPRequestHandler):
    """Sends half of the first answer, and whatever is asked for after that."""

    def do_GET(self):
        asked = self.headers.get("Range")
        start = int(asked[6:-1]) if asked else 0
        self.server.starts.append(start)
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(CONTENT) - start))
        self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
        self.end_headers()
        self.wfile.write(CONTENT[start : HALF if not asked else None])
        self.wfile.flush()
        self.server.over.wait(0 if asked else 30)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Slow) as server:
        server.starts, server.over = [], threading.Event()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(TESTS), prepend=os.pathsep)
    client = EngineClient("engines_publisher:Publisher")
    yield client
    client.close()


def test_a_cancelled_download_goes_on_in_the_next_child(client, server, tmp_path):
    wanted = {
        "url": f"http://127.0.0.1:{server.server_port}/small.pth",
        "size": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "folder": str(tmp_path),
    }
    first = ask(client, "download", **wanted)
    first.step()
    client.cancel(first.number)
    path = Path(ask(client, "download", **wanted).outcome())
    assert path.read_bytes() == CONTENT
    assert server.starts[0] == 0 < server.starts[1] <= HALF
