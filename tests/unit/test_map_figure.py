"""The figure of a map on its micrograph."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from microcrystalnet.imaging.colour_scales import INFERNO
from microcrystalnet.imaging.crops import CropFrame
from microcrystalnet.progress import CancelledError
from microcrystalnet.report.files import OutputError
from microcrystalnet.report.map_figure import OUTLINE, MapView, draw_map


@pytest.mark.parametrize(
    ("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_a_map_is_drawn_as_its_suffix_says(tmp_path, suffix, start):
    draw_map(tmp_path / f"why.{suffix}", view())
    assert (tmp_path / f"why.{suffix}").read_bytes().startswith(start)


def test_an_unknown_kind_of_figure_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(OutputError, match=r"“why.bmp”; end the name in .svg, .pdf, .png"):
        draw_map(tmp_path / "why.bmp", view())


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_name_that_is_no_text_is_written_escaped(tmp_path, suffix):
    path = tmp_path / f"why.{suffix}"
    draw_map(path, replace(view(), title="RES, caf\udce9.tif"))
    assert path.exists()


def view():
    """Give a black micrograph with the strongest value over a part of it."""
    values = np.full((30, 40), np.nan, np.float32)
    values[10:20, 10:20] = 1
    return MapView(np.zeros((30, 40), np.uint8), values, INFERNO, (0, 1), "RES", "Bright.", 0.02)


def colours_of(path):
    """Give every colour of a picture as #rrggbb."""
    pixels = np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3)
    return {"#{:02x}{:02x}{:02x}".format(*each) for each in np.unique(pixels, axis=0).tolist()}


@pytest.mark.parametrize(("opacity", "colour"), [(1.0, "#fcffa4"), (0.4, "#656642")])
def test_a_map_is_as_opaque_as_it_is_seen(tmp_path, opacity, colour):
    bare = replace(view(), um_per_pixel=None, opacity=opacity)
    draw_map(tmp_path / "why.png", bare)
    picture = np.asarray(Image.open(tmp_path / "why.png").convert("RGB")).astype(int)
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    near = (np.abs(picture - wanted) <= 1).all(axis=2)
    assert near.sum() > 5000


def test_a_cancelled_figure_leaves_no_file(tmp_path):
    def cancel(progress):
        raise CancelledError

    with pytest.raises(CancelledError):
        draw_map(tmp_path / "why.png", view(), cancel)
    assert list(tmp_path.iterdir()) == []


def test_a_hidden_map_leaves_the_micrograph_alone(tmp_path):
    draw_map(tmp_path / "both.png", view())
    draw_map(tmp_path / "bare.png", replace(view(), values=None, um_per_pixel=None))
    both, bare = Image.open(tmp_path / "both.png"), Image.open(tmp_path / "bare.png")
    assert bare.width < 0.6 * both.width
    assert all(each[1:3] == each[3:5] == each[5:7] for each in colours_of(tmp_path / "bare.png"))


def test_no_pixel_of_a_large_micrograph_is_lost(tmp_path):
    large = np.zeros((600, 600), np.uint8)
    draw_map(tmp_path / "why.png", replace(view(), pixels=large, values=large.astype(np.float32)))
    assert Image.open(tmp_path / "why.png").width > 2 * 600


def test_a_crop_s_map_keeps_its_own_pixels_where_it_lies(tmp_path):
    values = np.array([[1, 0], [0, 1]], np.float32)
    frame = CropFrame(-0.5, -0.5, 40, 2)
    laid = replace(view(), values=values, frame=frame, um_per_pixel=None, opacity=1.0)
    draw_map(tmp_path / "why.png", laid)
    assert "#fcffa4" in colours_of(tmp_path / "why.png")
    assert line_of(tmp_path / "why.png") == {"#fcffa4", "#000000"}


def line_of(path):
    """Give the colours of the middle line of the map, left of the colour bar."""
    picture = Image.open(path).convert("RGB")
    strip = picture.crop((picture.width // 2, picture.height // 3, 880, picture.height // 3 + 2))
    pixels = np.asarray(strip).reshape(-1, 3)
    return {"#{:02x}{:02x}{:02x}".format(*each) for each in np.unique(pixels, axis=0).tolist()}


def test_the_crystal_is_outlined(tmp_path):
    outline = np.array([[5.0, 5], [20, 5], [20, 20], [5, 5]])
    draw_map(tmp_path / "why.png", replace(view(), outlines=(outline,)))
    assert OUTLINE in colours_of(tmp_path / "why.png")
