"""What every command shares: progress on stderr, results as JSON on stdout."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress as Bar

from microcrystalnet.progress import Progress, Report


@contextmanager
def report_to_stderr() -> Iterator[Report]:
    """Give a report that draws a progress bar on stderr."""
    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(progress: Progress) -> None:
            total = progress.total or None
            bar.update(task, completed=progress.done, total=total, description=progress.message)

        yield report


def remark(sentence: str) -> None:
    """Say something beside the result, on stderr."""
    sys.stderr.write(f"{sentence}\n")


def write_json(value: object) -> None:
    """Write one JSON document to stdout; numbers are not rounded."""
    json.dump(value, sys.stdout, indent=2, allow_nan=False)
    sys.stdout.write("\n")
