"""Answers clicks and boxes from a tree of candidates, and cuts by seeded watershed on the maps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from skimage.segmentation import watershed

from microcrystalnet.segmentation.candidates import CandidateTree, Numbers
from microcrystalnet.segmentation.dense_maps import DenseMaps
from microcrystalnet.segmentation.instances import clean

SIZES_OFFERED = 3
SAME_IOU = 0.75  # two candidates that agree this well are one size
LEAST_SCORE = 0.01  # below it lies one in two clicks on the background, one in 200 on crystals
LEAST_SHARE = 0.1  # of the best score; less plausible sizes are not offered
CUT_TRUST = 0.7  # a region that had to be cut is less certain than one that was there
JOIN_TRUST = 0.8
WATERSHED_SIDE_PX = 300  # keeps a cut within a few tens of milliseconds
CORE = 0.35  # the part of a box, around its centre, that is taken to be crystal

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pointing:
    """A prompt in pixels of the working image; ``box`` is half-open row0, col0, row1, col1."""

    positive: tuple[Point, ...] = ()
    negative: tuple[Point, ...] = ()
    box: tuple[int, int, int, int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Pixels whose corner lies at (row, col) of the working image, and how plausible they are.

    ``joined`` pieces may lie apart; any other is one crystal.
    """

    row: int
    col: int
    pixels: NDArray[np.bool_]
    score: float
    joined: bool = False


class Pointer:
    """Answers prompts on one micrograph.

    Parameters
    ----------
    tree, scores, maps
        The candidates, the plausibility of each, and the maps they were grown from.
    """

    def __init__(self, tree: CandidateTree, scores: Numbers, maps: DenseMaps) -> None:
        self._tree, self._scores, self._maps = tree, scores, maps

    def propose(self, pointing: Pointing) -> list[Piece]:
        """Give up to three pieces of different size, best first; none if nothing fits."""
        pieces = self._boxed(pointing) if pointing.box else self._clicked(pointing)
        return _different(sorted(pieces, key=lambda piece: -piece.score))

    def _clicked(self, pointing: Pointing) -> list[Piece]:
        chosen = self._sizes(self._holding(pointing.positive))
        pieces = [self._piece(region, pointing, self._scores[region]) for region in chosen]
        if len(pointing.positive) > 1:
            pieces.append(self._joined(pointing))
        return [piece for piece in pieces if piece is not None]

    def _sizes(self, nested: Sequence[int]) -> list[int]:
        """Choose the most plausible of nested regions whose sizes differ; their IoU is a ratio."""
        area, chosen = self._tree.area, list[int]()
        ranked = sorted(nested, key=lambda region: -self._scores[region])
        least = max(LEAST_SHARE * self._scores[ranked[0]], LEAST_SCORE)
        for region in ranked:
            ratios = (area[region] / area[other] for other in chosen)
            alike = any(min(ratio, 1 / ratio) > SAME_IOU for ratio in ratios)
            if not alike and self._scores[region] >= least and len(chosen) < SIZES_OFFERED:
                chosen.append(region)
        return chosen

    def _boxed(self, pointing: Pointing) -> list[Piece]:
        assert pointing.box is not None
        fit = _box_iou(self._tree.boxes, pointing.box)
        if pointing.positive:
            holding = np.zeros(len(fit), bool)
            holding[self._holding(pointing.positive)] = True
            fit = np.where(holding, fit, 0)
        worth = fit**2 * (0.2 + 0.8 * self._scores)
        ranked = [int(region) for region in np.argsort(-worth)[:6] if fit[region] > 0.5]
        pieces = [self._piece(region, pointing, float(worth[region])) for region in ranked]
        pieces.append(self._flooded(pointing))
        return [piece for piece in pieces if piece is not None]

    def _holding(self, points: Sequence[Point]) -> list[int]:
        """Give the regions that hold every point, smallest first."""
        tree = self._tree
        ranks = [int(tree.ranks[point]) for point in points]
        return [
            region
            for region in tree.ancestors(tree.leaf_at(*points[0]))
            if tree.first[region] <= min(ranks) and max(ranks) < tree.last[region]
        ]

    def _piece(self, region: int, pointing: Pointing, score: float) -> Piece | None:
        row, col = (int(corner) for corner in self._tree.boxes[region][:2])
        pixels = self._tree.pixels(region)
        unwanted = [point for point in pointing.negative if _holds(pixels, row, col, point)]
        if not unwanted:
            return Piece(row, col, pixels, float(score))
        positive = pointing.positive or (_centre(pointing),)
        kept = self._cut(row, col, pixels, positive, unwanted)
        return Piece(row, col, kept, float(score) * CUT_TRUST) if kept.any() else None

    def _joined(self, pointing: Pointing) -> Piece | None:
        """Join the most plausible region around each click."""
        best = []
        for point in pointing.positive:
            chain = self._holding([point])
            best.append(max(chain, key=lambda region: self._scores[region]))
        parts = [self._piece(region, pointing, self._scores[region]) for region in best]
        found = [part for part in parts if part is not None]
        if not found:
            return None
        score = JOIN_TRUST * sum(part.score for part in found) / len(found)
        neat = [replace(part, pixels=clean(part.pixels)) for part in found]
        return replace(_union(neat, score), joined=True)

    def _cut(
        self,
        row: int,
        col: int,
        pixels: NDArray[np.bool_],
        positive: Sequence[Point],
        negative: Sequence[Point],
    ) -> NDArray[np.bool_]:
        """Keep what floods from the positive points before the negative ones reach it."""
        markers = np.zeros(pixels.shape, np.int32)
        for points, marker in ((negative, 2), (positive, 1)):
            for point in points:
                if _holds(pixels, row, col, point):
                    markers[point[0] - row, point[1] - col] = marker
        return self._flood(row, col, markers, pixels)

    def _flooded(self, pointing: Pointing) -> Piece | None:
        """Flood a box from its middle against its outside."""
        assert pointing.box is not None
        row0, col0, row1, col1 = pointing.box
        height, width = self._tree.ranks.shape
        margin = max(2, round(0.1 * max(row1 - row0, col1 - col0)))
        row, col = max(row0 - margin, 0), max(col0 - margin, 0)
        stop_row, stop_col = min(row1 + margin, height), min(col1 + margin, width)
        rows, cols = np.ogrid[row:stop_row, col:stop_col]
        inside = (rows >= row0) & (rows < row1) & (cols >= col0) & (cols < col1)
        markers = np.where(inside, 0, 2).astype(np.int32)
        down, across = (row1 - row0) / 2, (col1 - col0) / 2
        core = ((rows - row0 - down) / down) ** 2 + ((cols - col0 - across) / across) ** 2
        markers[(core < CORE**2) & inside] = 1
        for points, marker in ((pointing.positive, 1), (pointing.negative, 2)):
            for point in points:
                if _holds(inside, row, col, point):
                    markers[point[0] - row, point[1] - col] = marker
        kept = self._flood(row, col, markers, np.ones(markers.shape, bool)) & inside
        return Piece(row, col, kept, 0.25) if kept.any() else None

    def _flood(
        self, row: int, col: int, markers: NDArray[np.int32], within: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        height, width = markers.shape
        step = math.ceil(max(height, width) / WATERSHED_SIDE_PX)
        window = slice(row, row + height), slice(col, col + width)
        relief = self._maps.edge[window] - self._maps.distance[window]
        coarse = _strongest(markers, step)
        flooded = watershed(relief[::step, ::step], coarse, mask=within[::step, ::step])
        enlarged = flooded.repeat(step, 0).repeat(step, 1)[:height, :width]
        return np.asarray((enlarged == 1) & within)


def _strongest(markers: NDArray[np.int32], step: int) -> NDArray[np.int32]:
    """Shrink markers by a step without losing one; crystal wins over not crystal."""
    if step == 1:
        return markers
    height, width = markers.shape
    rows, cols = -(-height // step), -(-width // step)
    padded = np.zeros((rows * step, cols * step), np.int32)
    padded[:height, :width] = np.where(markers > 0, 3 - markers, 0)
    tallest = padded.reshape(rows, step, cols, step).max((1, 3))
    return np.where(tallest > 0, 3 - tallest, 0).astype(np.int32)


def _holds(pixels: NDArray[np.bool_], row: int, col: int, point: Point) -> bool:
    down, across = point[0] - row, point[1] - col
    inside = 0 <= down < pixels.shape[0] and 0 <= across < pixels.shape[1]
    return inside and bool(pixels[down, across])


def _centre(pointing: Pointing) -> Point:
    assert pointing.box is not None
    row0, col0, row1, col1 = pointing.box
    return (row0 + row1) // 2, (col0 + col1) // 2


def _box_iou(boxes: NDArray[np.int64], box: tuple[int, int, int, int]) -> Numbers:
    """Compare half-open boxes (n, 4) with one; shape (n,), 0 to 1."""
    low = np.maximum(boxes[:, :2], box[:2])
    high = np.minimum(boxes[:, 2:], box[2:])
    shared = np.maximum(high - low, 0).prod(1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    return np.asarray(shared / (areas + (box[2] - box[0]) * (box[3] - box[1]) - shared))


def _union(pieces: Sequence[Piece], score: float) -> Piece:
    row, col = min(piece.row for piece in pieces), min(piece.col for piece in pieces)
    stop_row = max(piece.row + piece.pixels.shape[0] for piece in pieces)
    stop_col = max(piece.col + piece.pixels.shape[1] for piece in pieces)
    pixels = np.zeros((stop_row - row, stop_col - col), bool)
    for piece in pieces:
        height, width = piece.pixels.shape
        down, across = piece.row - row, piece.col - col
        pixels[down : down + height, across : across + width] |= piece.pixels
    return Piece(row, col, pixels, score)


def _iou(one: Piece, two: Piece) -> float:
    apart = int(one.pixels.sum() + two.pixels.sum())
    together = int(_union((one, two), 0).pixels.sum())
    return (apart - together) / together


def _different(ranked: Sequence[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for piece in ranked:
        if len(kept) < SIZES_OFFERED and all(_iou(piece, other) < SAME_IOU for other in kept):
            kept.append(piece)
    return kept
