"""Outlines written for other programs, opened again by somebody else's reader."""

import io
import json
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import MaskError, UnreadableFileError
from microcrystalnet.interchange import coco, geojson, imagej
from microcrystalnet.interchange.outline import Outline
from microcrystalnet.interchange.rings import fill, is_hole, nested, trace

SIZE = (40, 50)
RING = np.pad(np.zeros((2, 3), bool), 2, constant_values=True)
PIECES = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 1, 0, 1]], bool)
SHAPES = {"block": np.ones((5, 7), bool), "ring": RING, "pieces": PIECES}
any_mask = (
    arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12)))
    .filter(np.any)
    .map(lambda pixels: Mask.from_pixels(pixels, 9, 20))
)
each_shape = pytest.mark.parametrize("pixels", SHAPES.values(), ids=SHAPES)


@given(any_mask)
def test_rings_fill_to_the_mask_they_were_traced_from(mask):
    assert fill(trace(mask)) == mask


@given(any_mask)
def test_every_hole_lies_in_an_outer_ring(mask):
    groups = nested(trace(mask))
    holes = [ring for group in groups for ring in group[1:]]
    assert all(is_hole(ring) for ring in holes)
    assert len(holes) == sum(map(is_hole, trace(mask)))


def test_a_block_has_four_corners():
    assert len(trace(Mask.from_pixels(np.ones((5, 7))))[0]) == 4


@pytest.mark.parametrize("ring", [[], [(0, 0), (1, 1)], [(0, 0), (1, 1), (np.nan, 0)]])
def test_a_ring_that_is_none_is_refused(ring):
    with pytest.raises(MaskError, match="corners"):
        fill([np.array(ring)])


@pytest.mark.parametrize(
    "ring",
    [
        [(0, 0), (0, 1e12), (9, 9)],
        [(1e300, 0), (1e300, 9), (1e300, 5)],
        [(0, 0), (6e4, 6e4), (0, 9)],
    ],
)
def test_a_ring_that_no_micrograph_holds_is_refused(ring):
    with pytest.raises(MaskError, match="farther than a crystal can"):
        fill([np.array(ring)])


@given(any_mask)
def test_run_lengths_are_those_of_pycocotools(mask):
    from pycocotools import mask as oracle

    image = mask.to_image(*SIZE)
    theirs = oracle.encode(np.asfortranarray(image, np.uint8))
    assert coco.encode(mask, *SIZE) == theirs["counts"].decode()


@given(any_mask)
def test_run_lengths_read_back(mask):
    assert coco.decode(coco.encode(mask, *SIZE), *SIZE) == mask


@pytest.mark.parametrize("counts", ["", "~", "0", [], [5], [-1, 2001]])
def test_run_lengths_that_do_not_fit_are_refused(counts):
    with pytest.raises(MaskError):
        coco.decode(counts, *SIZE)


@each_shape
def test_the_polygons_of_geojson_have_the_area_of_the_mask(pixels):
    mask = Mask.from_pixels(pixels, 3, 4)
    drawn = geojson.geometry(mask)
    polygons = drawn["coordinates"] if drawn["type"] == "MultiPolygon" else [drawn["coordinates"]]
    area = sum(_area(ring) * (-1 if at else 1) for one in polygons for at, ring in enumerate(one))
    assert area == mask.area


def _area(points):
    x, y = np.array(points).T
    return abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2


@each_shape
def test_geojson_reads_back(pixels):
    outline = Outline(Mask.from_pixels(pixels, 3, 4), "7", "RES")
    feature = geojson.feature(outline, "c1", colour="#0072b2", measurements={"area": 1.0})
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    assert geojson.read(text) == [outline]


@each_shape
def test_imagej_regions_read_back_pixel_for_pixel(pixels):
    outline = Outline(Mask.from_pixels(pixels, 3, 4), "crystal 1", "PES")
    assert imagej.read(imagej.write([(outline, "#e69f00")])) == [outline]


@each_shape
def test_roifile_opens_what_was_written(pixels):
    from roifile import ImagejRoi

    mask = Mask.from_pixels(pixels, 3, 4)
    packed = zipfile.ZipFile(io.BytesIO(imagej.write([(Outline(mask, "one"), "#e69f00")])))
    region = ImagejRoi.frombytes(packed.read("one.roi"))
    corners = np.concatenate(region.coordinates(multi=True))
    box = mask.region
    assert corners.min(0).tolist() == [box.col0, box.row0]
    assert corners.max(0).tolist() == [box.col1, box.row1]


@pytest.mark.parametrize("kind", ["RECT", "OVAL"])
def test_boxes_and_ovals_of_imagej_are_areas_too(kind):
    from roifile import ROI_TYPE, ImagejRoi

    region = ImagejRoi(roitype=ROI_TYPE[kind], top=5, left=6, bottom=15, right=26, name="x")
    (outline,) = imagej.read(region.tobytes())
    assert outline.mask.region == Mask.from_pixels(np.ones((10, 20)), 5, 6).region


@pytest.mark.parametrize("content", [b"", b"not a region", b"PK\x03\x04 damaged", b"Iout" * 3])
def test_what_is_no_region_of_imagej_is_refused(content):
    with pytest.raises(UnreadableFileError):
        imagej.read(content)


@pytest.mark.parametrize("text", ["", "[1]", "{}", '{"features": [{}]}', "[" * 9999])
def test_what_is_no_geojson_is_refused(text):
    with pytest.raises(UnreadableFileError, match="GeoJSON"):
        geojson.read(text)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"images": [], "annotations": []}', "[" * 9999])
def test_what_is_no_coco_is_refused(text):
    with pytest.raises(UnreadableFileError, match="COCO"):
        coco.read(text, "a.tif")
