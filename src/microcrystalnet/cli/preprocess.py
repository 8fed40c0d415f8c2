"""`mcn preprocess`: the filters of the paper's section 4.2, with the gain of each."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.cli.page_option import Page, all_at
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.imaging.noise import SNR_WORDS
from microcrystalnet.imaging.preprocess import PRESETS, FilterError, Gain, Recipe
from microcrystalnet.imaging.preprocess import preset as named
from microcrystalnet.micrographs.page_path import stem_of


def preprocess(  # noqa: PLR0917 - typer turns each argument into an option
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", show_default=False)],
    out: Annotated[Path, typer.Option(help="The folder to write into.")],
    preset: Annotated[str, typer.Option(metavar="|".join(PRESETS))] = "light",
    nlm: Annotated[
        float | None, typer.Option(help="Non-local means, in noise deviations; 0: off.", min=0)
    ] = None,
    n2v: Annotated[bool | None, typer.Option("--n2v/--no-n2v", help="Noise2Void.")] = None,
    unsharp: Annotated[float | None, typer.Option(help="Unsharp mask; 0: off.", min=0)] = None,
    opening: Annotated[int | None, typer.Option(help="Opening, in pixels; 0: off.")] = None,
    closing: Annotated[int | None, typer.Option(help="Closing, in pixels; 0: off.")] = None,
    page: Page = None,
) -> None:
    """Filter micrographs: <stem>_filtered.tif, and snr.json with the gain of each step."""
    base = named(preset)
    recipe = replace(
        base,
        non_local_means=base.non_local_means if nlm is None else nlm,
        blind_spot=base.blind_spot if n2v is None else n2v,
        unsharp=base.unsharp if unsharp is None else unsharp,
        opening_px=base.opening_px if opening is None else opening,
        closing_px=base.closing_px if closing is None else closing,
    )
    images = all_at(images, page)
    counts = Counter(stem_of(image).casefold() for image in images)
    if twice := [stem_of(each) for each in images if counts[stem_of(each).casefold()] > 1]:
        raise FilterError(
            f"Two micrographs are called {twice[0]}; give them different --out folders."
        )
    gains = {stem_of(image): _filtered(image, recipe, out) for image in images}
    snr = {"definition": SNR_WORDS, "images": gains}
    _write_json(out / "snr.json", snr)
    write_json(snr)


def _filtered(image: Path, recipe: Recipe, out: Path) -> list[dict[str, object]]:
    from microcrystalnet.imaging.preprocess import preprocess as run
    from microcrystalnet.micrographs import reader
    from microcrystalnet.segmentation.blind_spot import denoise

    known, pixels = reader.describe(image), reader.read_pixels(image)
    with report_to_stderr() as report:
        filtered = run(pixels, recipe, region=known.region, blind_spot=denoise, report=report)
    _write_tiff(out / f"{stem_of(image)}_filtered.tif", filtered.pixels, known)
    return [_gain(each) for each in filtered.gains]


def _gain(gain: Gain) -> dict[str, object]:
    return {"step": gain.step, "snr_db": gain.snr_db}


def _write_tiff(path: Path, pixels: NDArray[np.generic], known: Micrograph) -> None:
    """Write a grey TIFF that keeps the scale, where ImageJ and we look for it."""
    import io

    import tifffile

    from microcrystalnet.report.files import make_folder, write_atomically

    make_folder(path.parent)
    size, file = known.pixel_size, io.BytesIO()
    scale = {"resolution": (1 / size.col_um, 1 / size.row_um)} if size else {}
    imagej = pixels.dtype in (np.uint8, np.uint16, np.float32)
    unit = {"metadata": {"unit": "um"} if size else {}} if imagej else {}
    tifffile.imwrite(file, pixels, imagej=imagej, photometric="minisblack", **scale, **unit)
    write_atomically(path, file.getvalue())


def _write_json(path: Path, value: object) -> None:
    import json

    from microcrystalnet.report.files import write_atomically

    write_atomically(path, json.dumps(value, indent=2, allow_nan=False).encode())
