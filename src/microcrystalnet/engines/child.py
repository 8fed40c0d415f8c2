"""The main loop of a child process: `python -m microcrystalnet.engines.child SERVICE`.

A reader thread takes messages, so that stale calls leave the queue while the main thread works,
and so that the process ends as soon as its parent does.
"""

import json
import logging
import os
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, Listener

from microcrystalnet.engines import wire
from microcrystalnet.engines.services import Service, open_service
from microcrystalnet.errors import EngineError, MicroCrystalError
from microcrystalnet.progress import CancelledError, Progress, Report

CONNECT_SECONDS = 60.0
REPORT_SECONDS = 0.05

log = logging.getLogger(__name__)

_Test = Callable[[wire.Call], bool]


class Inbox:
    """Calls waiting for the main thread; a newer call in a lane replaces the older ones."""

    def __init__(self) -> None:
        self._calls: deque[wire.Call] = deque()
        self._changed = threading.Condition()
        self._current: wire.Call | None = None
        self._stale: set[int] = set()

    def put(self, message: object) -> None:
        """Take a message of the client."""
        with self._changed:
            if isinstance(message, wire.Drop):
                self._forget(lambda call: call.request_id == message.request_id)
            elif isinstance(message, wire.Call):
                lane = message.lane
                self._forget(lambda call: lane is not None and call.lane == lane)
                self._calls.append(message)
                self._changed.notify()

    def _forget(self, unwanted: _Test) -> None:
        self._calls = deque(call for call in self._calls if not unwanted(call))
        if self._current is not None and unwanted(self._current):
            self._stale.add(self._current.request_id)

    def take(self) -> wire.Call:
        """Wait for the next call."""
        with self._changed:
            self._stale.clear()
            self._current = None
            self._changed.wait_for(lambda: bool(self._calls))
            self._current = self._calls.popleft()
            return self._current

    def is_stale(self, request_id: int) -> bool:
        """Say whether nobody waits for the call that is being worked on."""
        with self._changed:
            return request_id in self._stale


class Worker:
    """Runs calls one after the other and sends what comes of them."""

    def __init__(self, connection: Connection, service: str) -> None:
        self._connection, self._name = connection, service
        self._service: Service | None = None
        self._inbox = Inbox()

    def run(self) -> None:
        """Work until the connection ends."""
        threading.Thread(target=self._read, daemon=True).start()
        while True:
            call = self._inbox.take()
            self._send(wire.Started(call.request_id))
            outcome = self._work(call)
            if outcome is not None:
                self._send_encoded(outcome)

    def _read(self) -> None:
        while True:
            try:
                self._inbox.put(wire.decode(self._connection.recv_bytes()))
            except (EOFError, OSError):
                os._exit(0)  # the parent closed, or died: whatever runs here is for nobody
            except Exception:  # noqa: BLE001 - what cannot be read is never answered: tell by ending
                traceback.print_exc()
                os._exit(1)

    def _send(self, message: wire.ToClient) -> None:
        self._send_encoded(wire.encode(message))

    def _send_encoded(self, encoded: bytes) -> None:
        try:
            self._connection.send_bytes(encoded)
        except OSError:
            os._exit(0)

    def _work(self, call: wire.Call) -> bytes | None:
        try:
            return wire.encode(wire.Answered(call.request_id, self._invoke(call)))
        except CancelledError:
            return None
        except MicroCrystalError as error:
            refusal = error
        except MemoryError:
            refusal = EngineError("There was not enough memory; close other programs and retry.")
        except Exception as error:  # noqa: BLE001 - a fault here must reach the user as a sentence
            traceback.print_exc()
            refusal = EngineError(
                f"The {self._name} engine failed unexpectedly ({type(error).__name__}: {error})."
            )
        return wire.encode(wire.refusal(call.request_id, refusal))

    def _invoke(self, call: wire.Call) -> object:
        if self._service is None:
            self._service = open_service(self._name)
        if call.method not in self._service.METHODS:
            raise EngineError(f"The {self._name} engine has no method {call.method!r}.")
        method = getattr(self._service, call.method)
        return method(**call.arguments, report=self._reporter(call.request_id))

    def _reporter(self, request_id: int) -> Report:
        last = -REPORT_SECONDS

        def report(progress: Progress) -> None:
            nonlocal last
            if self._inbox.is_stale(request_id):
                raise CancelledError
            now = time.monotonic()
            if progress.values or progress.done == progress.total or now - last >= REPORT_SECONDS:
                last = now
                self._send(wire.Progressed(request_id, progress))

        return report


def main() -> None:
    """Meet the parent on the address it names, then work for it."""
    greeting = json.loads(sys.stdin.buffer.readline())
    announce = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # libraries that print must not disturb anybody
    lonely = threading.Timer(CONNECT_SECONDS, os._exit, (1,))
    lonely.daemon = True
    lonely.start()
    address = greeting["address"] or ("127.0.0.1", 0)
    listener = Listener(address, authkey=bytes.fromhex(greeting["key"]))
    with announce:
        announce.write(json.dumps(listener.address) + "\n")
    connection = listener.accept()
    with suppress(FileNotFoundError):  # the parent may have removed the socket's folder first
        listener.close()
    lonely.cancel()
    logging.basicConfig(level=logging.INFO)
    log.info("%s engine started as process %d", sys.argv[1], os.getpid())
    Worker(connection, sys.argv[1]).run()


if __name__ == "__main__":
    main()
