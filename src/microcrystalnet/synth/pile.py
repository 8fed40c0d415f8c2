"""Drops crystals one after the other into a depth buffer until they fill the view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.synth.grain import Field, Grain
from microcrystalnet.synth.solids import FORMS, Solid
from microcrystalnet.synth.surface import Patch, surface

EVEN_MIX: Mapping[str, float] = {"RES": 0.25, "PES": 0.25, "AA": 0.25, "SA": 0.25}
CANDIDATES = 24


@dataclass(frozen=True, slots=True)
class PileSettings:
    """What lies in the view.

    ``diameter`` is the median in pixels, ``spread`` the deviation of its logarithm; ``layers`` how
    often the crystals would cover the view; ``sink`` (0 loose .. 0.5 grown together) the share of a
    crystal's underside that may enter those below; ``pores`` the share of the view kept free.
    """

    diameter: float = 150.0
    spread: float = 0.30
    layers: float = 2.2
    sink: float = 0.25
    pores: float = 0.10
    mix: Mapping[str, float] = field(default_factory=lambda: dict(EVEN_MIX))


@dataclass(frozen=True, slots=True, eq=False)
class Pile:
    """The finished depth buffer, each array (height, width).

    ``owner`` is 0 for the ground, else 1 + the index into ``solids``; ``footprints`` counts the
    pixels each solid would show if nothing lay on it.
    """

    height: Field
    row_slope: Field
    col_slope: Field
    owner: NDArray[np.int32]
    solids: tuple[Solid, ...]
    footprints: tuple[int, ...]


def heap_up(
    shape: tuple[int, int],
    settings: PileSettings,
    random: np.random.Generator,
    report: Report = ignore_progress,
) -> Pile:
    """Fill a view of ``shape`` with crystals; the same random state gives the same pile."""
    grain = Grain.grow(random)
    margin = int(settings.diameter * 0.6)
    heap = _Heap.over((shape[0] + 2 * margin, shape[1] + 2 * margin), grain, settings, random)
    to_cover = settings.layers * heap.height.size
    solids: list[Solid] = []
    footprints: list[int] = []
    covered = 0
    while covered < to_cover:
        solid = _draw_solid(settings, random)
        patch = surface(solid, grain, random)
        solids.append(solid)
        covered += int(patch.inside.sum())
        row, col = heap.lowest_place(random)
        footprints.append(heap.drop(patch, row, col, len(solids), margin))
        report(Progress(min(covered, int(to_cover)), int(to_cover), "Piling up crystals"))
    inner = (slice(margin, margin + shape[0]), slice(margin, margin + shape[1]))
    views = (heap.height, heap.row_slope, heap.col_slope, heap.owner)
    height, row_slope, col_slope, owner = (each[inner].copy() for each in views)
    return Pile(height, row_slope, col_slope, owner, tuple(solids), tuple(footprints))


def _draw_solid(settings: PileSettings, random: np.random.Generator) -> Solid:
    codes = list(settings.mix)
    shares = np.array([settings.mix[code] for code in codes])
    code = codes[int(random.choice(len(codes), p=shares / shares.sum()))]
    size = settings.diameter * float(np.exp(settings.spread * random.standard_normal()))
    return FORMS[code](
        random, float(np.clip(size, 0.35 * settings.diameter, 2.2 * settings.diameter))
    )


@dataclass(slots=True, eq=False)
class _Heap:
    """The depth buffer while it grows, with a margin around the view."""

    height: Field
    row_slope: Field
    col_slope: Field
    owner: NDArray[np.int32]
    kept_free: Field
    settings: PileSettings

    @classmethod
    def over(
        cls,
        shape: tuple[int, int],
        grain: Grain,
        settings: PileSettings,
        random: np.random.Generator,
    ) -> "_Heap":
        """Start with rubble as the ground and choose where pores stay open."""
        rows, cols = np.indices(shape, np.float32).reshape(2, -1)
        flat = np.stack([rows, cols, np.zeros_like(rows)])
        shift = random.uniform(0, 48, 3).astype(np.float32)
        ground = grain.fractal(flat, settings.diameter * 0.5, shift, 4).reshape(shape)
        ground *= np.float32(0.10 * settings.diameter)
        field_of_pores = grain.sample(flat, settings.diameter * 2.2, shift + 20).reshape(shape)
        limit = np.quantile(field_of_pores, 1 - settings.pores)
        free = np.clip((field_of_pores - limit) * 4, 0, 1) * np.float32(3 * settings.diameter)
        row_slope, col_slope = np.gradient(ground)
        owner = np.zeros(shape, np.int32)
        return cls(ground, row_slope, col_slope, owner, free.astype(np.float32), settings)

    def lowest_place(self, random: np.random.Generator) -> tuple[int, int]:
        """Of some random places, give the one where the heap is lowest around."""
        height, width = self.height.shape
        rows = random.integers(0, height, CANDIDATES)
        cols = random.integers(0, width, CANDIDATES)
        reach = int(self.settings.diameter * 0.25)
        around = np.array([(0, 0), (reach, 0), (-reach, 0), (0, reach), (0, -reach)])
        near_rows = np.clip(rows[:, None] + around[:, 0], 0, height - 1)
        near_cols = np.clip(cols[:, None] + around[:, 1], 0, width - 1)
        level = self.height[near_rows, near_cols] + self.kept_free[near_rows, near_cols]
        best = int(level.mean(1).argmin())
        return int(rows[best]), int(cols[best])

    def drop(self, patch: Patch, row: int, col: int, number: int, margin: int) -> int:
        """Let a solid sink onto the heap; give the pixels of the view that it lies over."""
        reach = patch.top.shape[0] // 2
        target, source = _windows((row, col), reach, self.height.shape)
        inside = patch.inside[source]
        if not inside.any():
            return 0
        below = self.height[target]
        gaps = (below - patch.bottom[source])[inside]
        top = patch.top[source] + np.quantile(gaps, 1 - self.settings.sink).astype(np.float32)
        shown = inside & (top > below)
        below[shown] = top[shown]
        self.row_slope[target][shown] = patch.row_slope[source][shown]
        self.col_slope[target][shown] = patch.col_slope[source][shown]
        self.owner[target][shown] = number
        view = np.zeros(self.height.shape[:2], bool)[target]
        rows = np.arange(target[0].start, target[0].stop)
        cols = np.arange(target[1].start, target[1].stop)
        in_rows = (rows >= margin) & (rows < self.height.shape[0] - margin)
        in_cols = (cols >= margin) & (cols < self.height.shape[1] - margin)
        view = inside & in_rows[:, None] & in_cols[None]
        return int(view.sum())


def _windows(
    place: Sequence[int], reach: int, shape: tuple[int, ...]
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Where a patch centred at ``place`` lies in the buffer, and which part of it that is."""
    starts = [max(at - reach, 0) for at in place]
    stops = [min(at + reach + 1, size) for at, size in zip(place, shape, strict=True)]
    target = (slice(starts[0], stops[0]), slice(starts[1], stops[1]))
    offsets = [reach - at for at in place]
    source = (
        slice(starts[0] + offsets[0], stops[0] + offsets[0]),
        slice(starts[1] + offsets[1], stops[1] + offsets[1]),
    )
    return target, source
