"""Starts one child process and connects to it; nobody else on the machine can.

The parent picks a private socket (a named pipe on Windows) and a random key, hands both to the
child on its standard input, and connects once the child announces on its standard output that it
listens. The child ends when the connection does, so it never outlives its parent.
"""

import json
import secrets
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import IO

from microcrystalnet.engines import wire
from microcrystalnet.errors import EngineError
from microcrystalnet.own_folders import log_folder

START_SECONDS = 60.0
LOG_BYTES = 1_000_000


def log_path(service: str) -> Path:
    """Say where the child's own messages are kept, for `mcn doctor` and for a person."""
    name = service.rpartition(":")[2]
    return log_folder() / f"{name}.log"


class Child:
    """A running child process and the connection to it."""

    def __init__(self, process: "subprocess.Popen[bytes]", connection: Connection) -> None:
        self._process, self._connection = process, connection
        self.pid = process.pid

    def send(self, message: wire.ToChild) -> None:
        """Send a message; OSError if the child is gone."""
        self._connection.send_bytes(wire.encode(message))

    def receive(self) -> object:
        """Wait for a message; EOFError or OSError if the child is gone."""
        return wire.decode(self._connection.recv_bytes())

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process at once; `reap` must follow."""
        self._process.kill()

    def reap(self) -> int:
        """Make sure the process is gone, leave no zombie, and give its exit code."""
        self._process.kill()
        code = self._process.wait()
        with suppress(OSError):
            self._connection.close()
        return code


def start(service: str) -> Child:
    """Start the child process of an engine and wait until it answers.

    Raises
    ------
    EngineError
        If it cannot be started.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="mcn-", ignore_cleanup_errors=True) as folder:
            with _open_log(log_path(service)) as log:
                process = _spawn(service, log)
            return _meet(process, Path(folder))
    except (OSError, EOFError, ValueError, AuthenticationError) as problem:
        raise EngineError(
            f"The {service} engine could not be started; run `mcn doctor`, or look into "
            f"{log_path(service)}."
        ) from problem


def _meet(process: "subprocess.Popen[bytes]", folder: Path) -> Child:
    giving_up = threading.Timer(START_SECONDS, process.kill)
    giving_up.start()
    try:
        return Child(process, _connect(process, folder))
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        giving_up.cancel()


def _open_log(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        full = path.exists() and path.stat().st_size > LOG_BYTES
        return path.open("wb" if full else "ab")
    except OSError:
        # A full disk or a read-only home must not keep crystals from being outlined.
        return tempfile.TemporaryFile()


def _spawn(service: str, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    # -P keeps files of the current folder from being imported instead of libraries.
    command = [sys.executable, "-P", "-X", "faulthandler", "-m", "microcrystalnet.engines.child"]
    pipe = subprocess.PIPE
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.Popen(
        [*command, service],
        stdin=pipe,
        stdout=pipe,
        stderr=log,
        creationflags=flags,
        start_new_session=True,  # Ctrl+C in the terminal is for the parent to handle
    )


def _connect(process: "subprocess.Popen[bytes]", folder: Path) -> Connection:
    assert process.stdin is not None
    assert process.stdout is not None
    key = secrets.token_bytes(32)
    greeting = {"address": _private_address(folder), "key": key.hex()}
    with process.stdin as stdin, process.stdout as stdout:
        stdin.write(json.dumps(greeting).encode() + b"\n")
        stdin.flush()
        announced = json.loads(stdout.readline())
    address = announced if isinstance(announced, str) else tuple(announced)
    connection = Client(address, authkey=key)
    assert isinstance(connection, Connection) or sys.platform == "win32"
    return connection


def _private_address(folder: Path) -> str | None:
    """Give a named pipe, or a socket in a folder only this user may enter, or None for TCP."""
    if sys.platform == "win32":
        return rf"\\.\pipe\mcn-{secrets.token_hex(16)}"
    socket = str(folder / "s")
    # The name of a Unix socket holds 103 bytes on macOS, 107 on Linux.
    return socket if len(socket.encode()) <= 100 else None
