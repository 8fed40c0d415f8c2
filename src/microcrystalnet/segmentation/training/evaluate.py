"""Measures a segmenter on annotated pictures: one click, one box, everything at once."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.errors import SegmentationError
from microcrystalnet.imaging.meeting import meeting
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.segmentation.segmenter import EverythingSettings, Segmenter
from microcrystalnet.segmentation.training.pictures import Particle, Picture

MATCH = 0.5
DEFAULTS = EverythingSettings()
SIZES = (0, 25, 50, 100, 200, 10_000)


@dataclass(frozen=True, slots=True)
class ParticleResult:
    """IoU of the first proposal for one particle; a refused prompt counts 0."""

    picture: str
    side: int
    click_iou: float
    box_iou: float


@dataclass(frozen=True, slots=True)
class PictureResult:
    """How many particles one picture has, how many masks were given, how many of them match."""

    picture: str
    particles: int
    masks: int
    matched: int

    @property
    def f1(self) -> float:
        """Twice the matches over particles and masks; 1 when there is neither."""
        total = self.particles + self.masks
        return 2 * self.matched / total if total else 1.0


def truth_mask(picture: Picture, particle: Particle) -> Mask:
    """Give all visible pixels of a particle, in one piece or several."""
    row0, col0, row1, col1 = particle.box
    return Mask.from_pixels(picture.labels[row0:row1, col0:col1] == particle.label, row0, col0)


def evaluate_prompts(
    segmenter: Segmenter[Any],  # each engine has its own kind of embedding
    pictures: Sequence[Picture],
    report: Report = ignore_progress,
    every: int = 1,
) -> list[ParticleResult]:
    """Ask for every ``every``-th particle by one click, then by its exact bounding box.

    The click is on the particle's deepest pixel (greatest distance to what is not the particle;
    the picture's border does not count as an edge). The first proposal is what counts.
    """
    results = []
    for number, picture in enumerate(pictures):
        report(Progress(number, len(pictures), picture.name))
        embedding = segmenter.prepare(picture.pixels)
        for particle in picture.particles[::every]:
            click = Prompt((Click(float(particle.deepest[0]), float(particle.deepest[1])),))
            box = Prompt(box=Box(*map(float, particle.box)))
            truth = truth_mask(picture, particle)
            ious = [_first_iou(segmenter, embedding, prompt, truth) for prompt in (click, box)]
            results.append(ParticleResult(picture.name, particle.side, *ious))
    return results


def _first_iou(segmenter: Segmenter[Any], embedding: Any, prompt: Prompt, truth: Mask) -> float:
    try:
        return segmenter.propose(embedding, prompt).masks[0].iou(truth)
    except SegmentationError:
        return 0.0


def evaluate_everything(
    segmenter: Segmenter[Any],  # each engine has its own kind of embedding
    pictures: Sequence[Picture],
    settings: EverythingSettings,
    report: Report = ignore_progress,
) -> list[PictureResult]:
    """Outline every picture and count the matches at an IoU of one half or more."""
    results = []
    for number, picture in enumerate(pictures):
        report(Progress(number, len(pictures), picture.name))
        masks = segmenter.everything(segmenter.prepare(picture.pixels), settings)
        truths = [truth_mask(picture, particle) for particle in picture.particles]
        matched = count_matches(truths, masks)
        results.append(PictureResult(picture.name, len(truths), len(masks), matched))
    return results


def count_matches(truths: Sequence[Mask], masks: Sequence[Mask]) -> int:
    """Pair truths and masks one to one, the best IoU first, down to `MATCH`."""
    pairs = [
        (iou, truth, mask)
        for truth, mask in meeting(truths, masks)
        if (iou := truths[truth].iou(masks[mask])) >= MATCH
    ]
    free_truths, free_masks = set(range(len(truths))), set(range(len(masks)))
    matched = 0
    for _, truth, mask in sorted(pairs, reverse=True):
        if truth in free_truths and mask in free_masks:
            free_truths.remove(truth)
            free_masks.remove(mask)
            matched += 1
    return matched


def measure(
    segmenter: Segmenter[Any],  # each engine has its own kind of embedding
    pictures: Sequence[Picture],
    every: int = 1,
    settings: EverythingSettings | None = None,
) -> dict[str, object]:
    """Evaluate prompts (``every`` 0: none) and the automatic pass, and summarise both."""
    prompts = evaluate_prompts(segmenter, pictures, every=every) if every else []
    return summary(prompts, evaluate_everything(segmenter, pictures, settings or DEFAULTS))


def summary(
    prompts: Sequence[ParticleResult], pictures: Sequence[PictureResult]
) -> dict[str, object]:
    """Give the means over particles and over pictures, and the IoU by size of the particle."""
    particles = sum(each.particles for each in pictures)
    masks = sum(each.masks for each in pictures)
    matched = sum(each.matched for each in pictures)
    return {
        "particles_asked": len(prompts),
        "click_iou": _mean(each.click_iou for each in prompts),
        "click_iou_mean_of_pictures": _mean_of_pictures(prompts, "click_iou"),
        "box_iou": _mean(each.box_iou for each in prompts),
        "box_iou_mean_of_pictures": _mean_of_pictures(prompts, "box_iou"),
        "pictures": len(pictures),
        "everything_f1": 2 * matched / max(particles + masks, 1),
        "everything_f1_mean_of_pictures": _mean(each.f1 for each in pictures),
        "precision": matched / max(masks, 1),
        "recall": matched / max(particles, 1),
        "by_side_px": _by_size(prompts),
        "each_picture": [asdict(each) | {"f1": each.f1} for each in pictures],
    }


def _by_size(prompts: Sequence[ParticleResult]) -> dict[str, dict[str, float]]:
    table = {}
    for low, high in itertools.pairwise(SIZES):
        group = [each for each in prompts if low <= each.side < high]
        table[f"{low}-{high}"] = {
            "particles": len(group),
            "click_iou": _mean(each.click_iou for each in group),
            "box_iou": _mean(each.box_iou for each in group),
        }
    return table


def _mean_of_pictures(prompts: Sequence[ParticleResult], field: str) -> float:
    groups: dict[str, list[float]] = {}
    for each in prompts:
        groups.setdefault(each.picture, []).append(getattr(each, field))
    return _mean(_mean(values) for values in groups.values())


def _mean(values: Iterable[float]) -> float:
    collected = list(values)
    return float(np.mean(collected)) if collected else float("nan")
