"""Reading hundreds of thousands of lines without the garbage collector counting every thousand."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 100_000  # new values that stay: looking through them all takes a tenth of a second


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let the garbage collector rest while many values that stay are made.

    It looks at all of them again and again, which took a third of the time of opening a project
    with 300,000 labels, and finds nothing: what is read from a journal holds no cycles. Many values
    are therefore set aside at the end, until `look_at_all_again`.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if gc.get_count()[0] > MANY:
                gc.freeze()
            gc.enable()


def look_at_all_again() -> None:
    """Let the garbage collector see what was set aside; the project it belongs to is closed."""
    gc.unfreeze()
