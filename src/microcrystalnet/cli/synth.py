"""`mcn synth`: rendered micrographs with exact masks and three simulated experts."""

from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.console import report_to_stderr, write_json


def synth(
    out: Annotated[Path, typer.Option(help="Folder to write into.")],
    micrographs: Annotated[int, typer.Option(help="How many scenes.")] = 4,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 0,
    size: Annotated[int, typer.Option(help="Side of a scene in pixels, without databar.")] = 1024,
    difficulty: Annotated[
        float, typer.Option(help="0 clear to 1 hard: small, hidden, alike, blurred, charged.")
    ] = 0.0,
) -> None:
    """Render scenes: TIFF with JEOL sidecar, label TIFF, truth.csv, one CSV per expert."""
    from microcrystalnet.synth.files import write_scenes

    with report_to_stderr() as report:
        written = write_scenes(out, micrographs, seed, (size, size), report, difficulty=difficulty)
    write_json(
        {
            "micrographs": [str(path) for path in written.micrographs],
            "labels": [str(path) for path in written.label_images],
            "truth": str(written.truth),
            "experts": [str(path) for path in written.experts],
            "crystals": written.crystals,
        }
    )
