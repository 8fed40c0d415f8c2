"""Sends requests to one child process and hands its answers to listeners; never blocks the caller.

Two threads: the keeper starts the child when it is first needed and sends what is asked; the
reader takes messages and calls the listeners. Neither imports a machine-learning framework.
"""

import itertools
import logging
import pickle
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Protocol

from microcrystalnet.engines import launch, wire
from microcrystalnet.errors import EngineError, MicroCrystalError
from microcrystalnet.progress import Progress

log = logging.getLogger(__name__)


class Listener(Protocol):
    """Who asked. Every method is called on a thread of the client, never on the caller's.

    One `done` or one `failed` ends a request. A request that was cancelled, or replaced by a newer
    one in its lane, ends in silence.
    """

    def progress(self, progress: Progress) -> None:
        """Take note of how far the work is."""

    def done(self, result: object) -> None:
        """Take the answer."""

    def failed(self, error: MicroCrystalError) -> None:
        """Take the reason why there is no answer; its text is for the user."""


@dataclass(slots=True)
class _Request:
    call: wire.Call
    listener: Listener
    child: launch.Child | None = None
    started: bool = False
    attempts: int = 0


class EngineClient:
    """Talk to the child process of one engine, which starts on the first request.

    Parameters
    ----------
    service
        ``"segmentation"``, ``"classifier"``, or a ``module:Class`` that answers.
    start
        What starts a child; given by tests.
    """

    def __init__(self, service: str, start: Callable[[str], launch.Child] = launch.start) -> None:
        self._service, self._start = service, start
        self._lock = threading.Lock()
        self._requests: dict[int, _Request] = {}
        self._cancelled: set[int] = set()
        self._outbox: SimpleQueue[wire.ToChild | None] = SimpleQueue()
        self._numbers = itertools.count(1)
        self._child: launch.Child | None = None
        self._keeper: threading.Thread | None = None
        self._reader: threading.Thread | None = None
        self._closed = False

    @property
    def running(self) -> bool:
        """Whether a child process is there."""
        child = self._child
        return child is not None and child.alive

    @property
    def process_id(self) -> int | None:
        """Process id of the child, if there is one."""
        child = self._child
        return None if child is None else child.pid

    def request(
        self,
        method: str,
        arguments: Mapping[str, object],
        listener: Listener,
        *,
        lane: str | None = None,
    ) -> int:
        """Ask for something and return at once with a number that `cancel` understands.

        Older requests in the same lane are forgotten: what nobody began is never worked on, and an
        answer that comes all the same is dropped.

        Raises
        ------
        EngineError
            If the client was closed.
        """
        with self._lock:
            if self._closed:
                raise EngineError("The engine was closed; open the window again to go on.")
            self._forget_lane(lane)
            call = wire.Call(next(self._numbers), method, dict(arguments), lane)
            self._requests[call.request_id] = _Request(call, listener)
            self._outbox.put(call)
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, daemon=True)
                self._keeper.start()
        return call.request_id

    def cancel(self, request_id: int) -> bool:
        """Forget a request; if it is being worked on, end the child so that it stops now.

        Gives whether that was in time; if not, its listener was told the end of it already.
        """
        with self._lock:
            request = self._requests.pop(request_id, None)
            if request is None:
                return False
            if request.started and request.child is not None:
                self._retire(request.child)
            else:
                self._cancelled.add(request_id)
                self._outbox.put(wire.Drop(request_id))
            return True

    def forget(self, request_id: int) -> bool:
        """Forget a request; if it is being worked on, that ends at its next report.

        The child stays, and with it what it has in memory. Gives whether that was in time; if not,
        its listener was told the end of it already.
        """
        with self._lock:
            if self._requests.pop(request_id, None) is None:
                return False
            self._outbox.put(wire.Drop(request_id))
            return True

    def close(self) -> None:
        """Forget every request and end the child."""
        with self._lock:
            self._closed = True
            self._requests.clear()
            self._outbox.put(None)
            if self._child is not None:
                self._child.kill()
            waiting = [self._reader, self._keeper]
        for thread in waiting:
            if thread is not None and thread is not threading.current_thread():
                thread.join(timeout=5)

    def _forget_lane(self, lane: str | None) -> None:
        if lane is not None:
            self._requests = {
                number: request
                for number, request in self._requests.items()
                if request.call.lane != lane
            }

    def _retire(self, child: launch.Child) -> None:
        """End a child; the reader sees it and moves what waits to the next one."""
        if self._child is child:
            self._child = None
        child.kill()

    # --- the keeper's thread -------------------------------------------------------------------

    def _keep(self) -> None:
        while (message := self._outbox.get()) is not None:
            if isinstance(message, wire.Drop):
                self._pass_on(message)
            elif message.request_id in self._requests:
                self._deliver(message)

    def _pass_on(self, message: wire.Drop) -> None:
        child = self._child
        if child is not None:
            self._send(child, message)

    def _send(self, child: launch.Child, message: wire.ToChild) -> None:
        try:
            child.send(message)
        except OSError:
            child.kill()  # the reader notices, and asks the next child

    def _deliver(self, call: wire.Call) -> None:
        try:
            child = self._running_child()
            while not self._assign(call, child):
                child = self._running_child()
            self._send(child, call)
        except EngineError as problem:
            self._finish(call.request_id, _failing(problem))
        except Exception as problem:  # the thread must outlive it, or nobody is answered again
            log.exception("a request for the %s engine failed", self._service)
            why = "there is not enough memory" if isinstance(problem, MemoryError) else problem
            text = f"This cannot be sent to the {self._service} engine: {why}."
            self._finish(call.request_id, _failing(EngineError(text)))

    def _assign(self, call: wire.Call, child: launch.Child) -> bool:
        """Note who works on a call; False if that child ended meanwhile."""
        with self._lock:
            if self._child is not child:
                return False
            request = self._requests.get(call.request_id)
            if request is not None:
                request.child = child
            return True

    def _running_child(self) -> launch.Child:
        with self._lock:
            if self._child is not None:
                return self._child
        child = self._start(self._service)
        with self._lock:
            self._child = child
            self._reader = threading.Thread(target=self._read, args=(child,), daemon=True)
            self._reader.start()
            if self._closed:
                child.kill()
        return child

    # --- the reader's thread -------------------------------------------------------------------

    def _read(self, child: launch.Child) -> None:
        try:
            while True:
                self._take(child, child.receive())
        except (EOFError, OSError, pickle.UnpicklingError):
            log.info("the %s engine, process %d, ended", self._service, child.pid)
        finally:
            self._bury(child)

    def _take(self, child: launch.Child, message: object) -> None:
        match message:
            case wire.Started(number):
                self._note_start(child, number)
            case wire.Progressed(number, progress):
                with self._lock:
                    request = self._requests.get(number)
                if request is not None:
                    request.listener.progress(progress)
            case wire.Answered(number, result):
                self._finish(number, lambda listener: listener.done(result))
            case wire.Refused(number):
                self._finish(number, _failing(wire.error_of(message)))

    def _note_start(self, child: launch.Child, number: int) -> None:
        with self._lock:
            if number in self._cancelled:
                self._cancelled.discard(number)
                self._retire(child)
            elif number in self._requests:
                self._requests[number].started = True

    def _finish(self, number: int, tell: Callable[[Listener], None]) -> None:
        with self._lock:
            request = self._requests.pop(number, None)
        if request is None:
            return
        try:
            tell(request.listener)
        except Exception:  # such as a window that is gone; the others still wait for this thread
            log.exception("an answer of the %s engine could not be told", self._service)

    def _bury(self, child: launch.Child) -> None:
        """Clean up after a child; fail what it was working on, and ask the next one the rest."""
        code = child.reap()
        with self._lock:
            if self._child is child:
                self._child = None
            left = [request for request in self._requests.values() if request.child is child]
            lost = [request for request in left if request.started or request.attempts]
            for request in left:
                if request not in lost:
                    request.child, request.attempts = None, request.attempts + 1
                    self._outbox.put(request.call)
        for request in lost:
            error = EngineError(
                f"The {self._service} engine stopped in the middle of its work (code {code}); "
                "nothing you accepted is lost, ask again and it starts afresh."
            )
            self._finish(request.call.request_id, _failing(error))


def _failing(error: MicroCrystalError) -> Callable[[Listener], None]:
    return lambda listener: listener.failed(error)
