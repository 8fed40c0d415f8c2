"""How long work says how far it is, and how it learns that it was cancelled."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a long task.

    ``done`` of ``total`` steps are finished (``total`` 0: unknown); ``message`` is a short phrase
    for the user; ``values`` are numbers worth drawing, such as the losses of one epoch.
    """

    done: int
    total: int
    message: str = ""
    values: Mapping[str, float] = field(default_factory=dict)


Report = Callable[[Progress], None]


class CancelledError(Exception):
    """Raised by a report to stop the work; nothing is wrong."""


def ignore_progress(progress: Progress) -> None:
    """Report to nobody."""


def to_the_end(work: Generator[object, None, T]) -> T:
    """Work without the pauses of a generator, and give what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return cast(T, end.value)
