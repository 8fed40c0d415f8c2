"""Class abundance by sample, and the directions of crystals."""

import numpy as np

from microcrystalnet.report.canvas import pane, panes
from microcrystalnet.report.drawing import Drawing
from microcrystalnet.report.measured_material import FigureError, Material, counted
from microcrystalnet.statistics.population import Measured

SECTOR_DEG = 15
LEAST_ELONGATED = 1.2  # rounder crystals have no direction worth the name


def abundance(material: Material) -> Drawing:
    """Draw the share of each class in each sample, by number and by area.

    Samples come by depth where it is known, from the shallowest down, then by name; micrographs
    without a sample stand together.
    """
    classes, groups = material.require_classes(), by_sample(material)
    named = [each for group in groups.values() for each in group]
    figure, axes = panes(6.4, 0.9 + 0.34 * len(groups), 1, 2, sharey=True)
    figure.set_layout_engine("constrained", wspace=0.08)
    rows: list[tuple[object, ...]] = []
    places = np.arange(len(groups))
    for pane_, by_area in zip(axes[0], (False, True), strict=True):
        left = np.zeros(len(groups))
        for cls in classes:
            shares = np.array([share(group, cls, by_area=by_area) for group in groups.values()])
            pane_.barh(places, shares, left=left, color=material.colour(cls), label=cls)
            left += shares
        pane_.set(
            xlim=(0, 100),
            xticks=range(0, 101, 20),
            xlabel="area (%)" if by_area else "crystals (%)",
        )
    axes[0, 0].set_yticks(places, [f"{name} (n = {len(group)})" for name, group in groups.items()])
    axes[0, 0].invert_yaxis()
    axes[0, 1].legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    for name, group in groups.items():
        rows += [
            (name, cls, sum(each.row.cls == cls for each in group),
             share(group, cls, by_area=False), share(group, cls, by_area=True))
            for cls in classes
        ]  # fmt: skip
    columns = ("sample", "class", "crystals", "number_%", "area_%")
    told = (
        "Share of each class in the crystals that have one, by number (left) and by area (right), "
        f"in %; those at the edge count too; {counted(named)}."
    )
    return Drawing(figure, columns, tuple(rows), told)


def rose(material: Material) -> Drawing:
    """Draw in which directions the long axes lie: axial, so the rose looks alike from both ends.

    Only whole crystals at least `LEAST_ELONGATED` times as long as wide count. Directions are those
    on the micrograph; they mean something in the rock only where the sample was oriented.
    """
    angles = np.array(
        [
            each.row.measurement.orientation_deg
            for each in material.crystals.crystals
            if each.whole
            and each.row.measurement.orientation_deg is not None
            and each.row.measurement.aspect_ratio >= LEAST_ELONGATED
        ],
        float,
    )
    if not angles.size:
        raise FigureError(
            f"No whole crystal is {LEAST_ELONGATED:g} times as long as it is wide; the rose "
            "diagram needs elongated ones. Widen the filter."
        )
    edges = np.arange(0, 180 + SECTOR_DEG, SECTOR_DEG)
    counts, _ = np.histogram(angles, edges)
    figure, axes = pane(3.6, 3.6, subplot_kw={"projection": "polar"})
    middles = np.radians(edges[:-1] + SECTOR_DEG / 2)
    both, twice = np.concatenate([middles, middles + np.pi]), np.concatenate([counts, counts])
    axes.bar(both, np.sqrt(twice), np.radians(SECTOR_DEG), color="#9db7d5", edgecolor="#33475b")
    most = int(counts.max())
    axes.set_yticks([np.sqrt(most)], [f"{most}"])
    axes.set_title(
        f"n = {angles.size} whole crystals at least {LEAST_ELONGATED:g} times as long as wide\n"
        "the area of a sector is its number",
        fontsize=8,
    )
    rows = tuple(
        (int(low), int(high), int(count))
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    )
    told = (
        f"Directions of the long axes in degrees, counter-clockwise from the micrograph's rows, in "
        f"sectors of {SECTOR_DEG}° whose area is the number; n = {angles.size} whole crystals at "
        f"least {LEAST_ELONGATED:g} times as long as wide."
    )
    return Drawing(figure, ("from_deg", "to_deg", "crystals"), rows, told)


def by_sample(material: Material) -> dict[str, tuple[Measured, ...]]:
    """Give the crystals with a class by sample: by depth, then by name, those without one last."""
    named = [each for each in material.crystals.crystals if each.row.cls is not None]
    depths: dict[str, float] = {}
    for each in named:
        sample = each.row.micrograph.sample
        known = sample.depth_m if sample else None
        depths.setdefault(each.row.sample, np.inf if known is None else known)
    order = sorted(depths, key=lambda name: (not name, depths[name], name))
    groups = {name: tuple(e for e in named if e.row.sample == name) for name in order}
    return {name or _nameless(groups): group for name, group in groups.items()}


def _nameless(groups: dict[str, tuple[Measured, ...]]) -> str:
    return "no sample named" if len(groups) > 1 else "all micrographs"


def share(group: tuple[Measured, ...], cls: str, *, by_area: bool) -> float:
    """Give the share of a class in crystals that all have one, in %, by number or by area."""

    def weight(each: Measured) -> float:
        return each.area if by_area else 1.0

    return 100 * sum(weight(e) for e in group if e.row.cls == cls) / sum(map(weight, group))
