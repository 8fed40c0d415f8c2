"""`make bench`: measures everything and writes the table into docs/benchmarks.md."""

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.figures import Figure, write

PARTS = (
    *("agreement", "classifier", "explain", "exports", "flights", "gallery", "instruments"),
    *("segmentation", "sam", "labelling", "measuring", "disputes", "plate", "preprocessing"),
    *("start", "waiting"),
)


def main() -> None:
    """Measure the parts named on the command line; all of them, and write the table, if none."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)}")
    parser.add_argument("--into", type=Path, help="a JSON file for the figures")
    arguments = parser.parse_args()
    unknown = ", ".join(set(arguments.parts) - set(PARTS))
    if unknown:
        parser.error(f"there is no part {unknown}")
    if arguments.parts:
        figures = [figure for name in arguments.parts for figure in measure(name)]
        if arguments.into:
            arguments.into.write_text(json.dumps([asdict(each) for each in figures]))
    else:
        _measure_everything()


def measure(name: str) -> list[Figure]:
    """Measure one part and print its figures as they come."""
    figures: list[Figure] = []
    for figure in importlib.import_module(f"benchmarks.{name}").measure():
        figures.append(figure)
        print(f"{figure.what}: {figure.measured}  {figure.aim}  {figure.beside}", flush=True)
    return figures


def _measure_everything() -> None:
    """Measure each part in a process of its own, so that none adds to another's memory."""
    figures: list[Figure] = []
    failed: list[str] = []
    for name in PARTS:
        found = _apart(name)
        figures += found
        failed += [] if found else [name]
    if failed:
        sys.exit(f"The table was not written, because these parts failed: {', '.join(failed)}.")
    system = f"{platform.system()}, Python {platform.python_version()}"
    write(figures, f"{os.cpu_count()} cores, {system}, no GPU, shared with other work")


def _apart(name: str) -> list[Figure]:
    """Give the figures of a part; none if its process failed."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "benchmarks", name, "--into", str(into)]
        done = subprocess.run(command, check=False)
        if done.returncode or not into.exists():
            return []
        return [Figure(**each) for each in json.loads(into.read_text())]


if __name__ == "__main__":
    main()
