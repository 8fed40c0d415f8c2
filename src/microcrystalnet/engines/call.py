"""One request to a child process, waited for: for scripts and the command line."""

from collections.abc import Mapping
from queue import SimpleQueue

from microcrystalnet.engines.client import EngineClient
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.progress import Progress, Report, ignore_progress


class _Mailbox:
    """A listener that keeps what it hears until the caller's thread looks."""

    def __init__(self) -> None:
        self.letters: SimpleQueue[tuple[str, object]] = SimpleQueue()

    def progress(self, progress: Progress) -> None:
        self.letters.put(("progress", progress))

    def done(self, result: object) -> None:
        self.letters.put(("done", result))

    def failed(self, error: MicroCrystalError) -> None:
        self.letters.put(("failed", error))


def call(
    service: str,
    method: str,
    arguments: Mapping[str, object],
    report: Report = ignore_progress,
) -> object:
    """Run one method of an engine in a child process, and end the child afterwards.

    ``report`` is called on the caller's thread; an exception it raises, such as `CancelledError`,
    ends the work at once.

    Raises
    ------
    MicroCrystalError
        If the engine refuses or stops.
    """
    client = EngineClient(service)
    mailbox = _Mailbox()
    try:
        client.request(method, arguments, mailbox)
        while True:
            match mailbox.letters.get():
                case ("progress", Progress() as progress):
                    report(progress)
                case ("failed", MicroCrystalError() as error):
                    raise error
                case ("done", result):
                    return result
    finally:
        client.close()
