"""`mcn scale-bar`: the pixel size from the scale bar that is burnt into a micrograph."""

from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.console import write_json
from microcrystalnet.cli.page_option import Page, at
from microcrystalnet.errors import ScaleBarError
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.scale_bar import find_bar
from microcrystalnet.micrographs.units import length_um


def scale_bar(
    image: Annotated[Path, typer.Argument(metavar="IMAGE", show_default=False)],
    start: Annotated[
        tuple[float, float], typer.Option("--from", help="Row and column near one end.")
    ],
    end: Annotated[tuple[float, float], typer.Option("--to", help="Those near the other end.")],
    length: Annotated[str, typer.Option(help="What the bar stands for, such as 2um or 500nm.")],
    page: Page = None,
) -> None:
    """Measure a scale bar near a line along it, as JSON: pixel size and its uncertainty."""
    side = length_um(length)
    if side is None:
        raise ScaleBarError(
            f"“{length}” is not a length above 0 in a known unit; write it as 2um or 500nm."
        )
    bar = find_bar(reader.read_pixels(at(image, page)), start, end)
    write_json(
        {
            "pixel_size_nm": bar.pixel_size(side).nm,
            "relative_uncertainty": bar.uncertainty,
            "length_px": bar.length_px,
            "ends": bar.ends,
            "found": bar.snapped,
        }
    )
