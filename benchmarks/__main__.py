"""`make bench`: measures everything and writes the table into docs/benchmarks.md."""

import os
import platform
import sys

from benchmarks import (
    agreement,
    classifier,
    disputes,
    explain,
    exports,
    flights,
    gallery,
    instruments,
    labelling,
    measuring,
    plate,
    preprocessing,
    sam,
    segmentation,
    start,
)
from benchmarks.figures import Figure, write

PARTS = {
    "agreement": agreement,
    "classifier": classifier,
    "explain": explain,
    "exports": exports,
    "flights": flights,
    "gallery": gallery,
    "instruments": instruments,
    "segmentation": segmentation,
    "sam": sam,
    "labelling": labelling,
    "measuring": measuring,
    "disputes": disputes,
    "plate": plate,
    "preprocessing": preprocessing,
    "start": start,
}


def main() -> None:
    """Measure the parts named on the command line; all of them, and write the table, if none."""
    wanted = sys.argv[1:] or list(PARTS)
    figures: list[Figure] = []
    for name in wanted:
        for figure in PARTS[name].measure():
            figures.append(figure)
            print(f"{figure.what}: {figure.measured}  {figure.aim}  {figure.beside}")
    if len(wanted) == len(PARTS):
        system = f"{platform.system()}, Python {platform.python_version()}"
        write(figures, f"{os.cpu_count()} cores, {system}, no GPU, shared with other work")


if __name__ == "__main__":
    main()
