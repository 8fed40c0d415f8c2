"""SAM's automatic pass: segment-anything's generator, batch by batch, so that it can be stopped."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import MaskError
from microcrystalnet.progress import Progress, Report
from microcrystalnet.segmentation.instances import wanted
from microcrystalnet.segmentation.segmenter import EverythingSettings

POINTS_PER_SIDE = 32
PIXELS_PER_CALL = 1 << 26
# segment-anything's own thresholds, reached at the middle of the confidence slider.
QUALITY, STABILITY = 0.88, 0.95
SAME_BOX = 0.7
WHOLE_IMAGE = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """What a grid of points brought on a micrograph of (height, width), doubles and all.

    ``masks`` are run-length codes, ``boxes`` (n, 4) x0 y0 x1 y1 in pixels, ``qualities`` and
    ``stabilities`` (n,), 0 to 1; all of at least ``confidence``.
    """

    confidence: float
    masks: list[dict[str, Any]]
    boxes: Any
    qualities: Any
    stabilities: Any


def search(predictor: Any, shape: tuple[int, int], confidence: float, report: Report) -> Candidates:
    """Prompt a predictor, that was shown a micrograph, with a grid of points.

    The steps are those of `SamAutomaticMaskGenerator` on one crop; the generator itself cannot
    be stopped and would run the image encoder again.
    """
    generator, points = _generator(predictor, shape, confidence)
    found = _prompt_grid(generator, points, shape, report)
    qualities, stabilities = found["iou_preds"].cpu(), found["stability_score"].cpu()
    return Candidates(confidence, found["rles"], found["boxes"].cpu(), qualities, stabilities)


def pick(found: Candidates, shape: tuple[int, int], settings: EverythingSettings) -> list[Mask]:
    """Choose among candidates; only the masks that are kept are ever drawn."""
    quality, stability = _thresholds(settings.confidence)
    if quality == 0:
        quality = -math.inf  # as the generator does: nought means no threshold
    sure = (found.qualities > quality) & (found.stabilities >= stability)
    kept = _without_doubles(found, sure.nonzero()[:, 0])
    masks = (_mask(found.masks[number]) for number in kept)
    most = WHOLE_IMAGE * shape[0] * shape[1]
    small = (mask for mask in masks if mask is not None and mask.area < most)
    cut = (wanted(mask, settings, shape) for mask in small)
    return sorted((mask for mask in cut if mask is not None), key=lambda mask: mask.centre)


def _thresholds(confidence: float) -> tuple[float, float]:
    return min(2 * confidence * QUALITY, 1), min(2 * confidence * STABILITY, 1)


def _generator(predictor: Any, shape: tuple[int, int], confidence: float) -> tuple[Any, Any]:
    """Give a generator that uses this predictor, and the grid of points as x, y in pixels."""
    from segment_anything import SamAutomaticMaskGenerator

    quality, stability = _thresholds(confidence)
    generator = SamAutomaticMaskGenerator(
        predictor.model,
        points_per_side=POINTS_PER_SIDE,
        points_per_batch=min(max(PIXELS_PER_CALL // (3 * shape[0] * shape[1]), 1), 64),
        pred_iou_thresh=quality,
        stability_score_thresh=stability,
    )
    generator.predictor = predictor
    return generator, generator.point_grids[0] * np.array(shape)[None, ::-1]


def _prompt_grid(generator: Any, points: Any, shape: tuple[int, int], report: Report) -> Any:
    from segment_anything.utils.amg import MaskData

    found, step = MaskData(), generator.points_per_batch
    box = [0, 0, shape[1], shape[0]]
    for start in range(0, len(points), step):
        report(Progress(start, len(points), "SAM outlines crystals"))
        batch = points[start : start + step]
        found.cat(generator._process_batch(batch, shape, box, shape))  # no public step does this
    report(Progress(len(points), len(points), "SAM outlines crystals"))
    return found


def _without_doubles(found: Candidates, numbers: Any) -> list[int]:
    """Keep the better of two masks whose boxes agree, of those with given numbers."""
    import torch
    from torchvision.ops.boxes import batched_nms

    boxes, qualities = found.boxes[numbers].float(), found.qualities[numbers]
    kept = batched_nms(boxes, qualities, torch.zeros(len(boxes)), iou_threshold=SAME_BOX)
    return [int(number) for number in numbers[kept]]


def _mask(rle: dict[str, Any]) -> Mask | None:
    from segment_anything.utils.amg import rle_to_mask

    try:
        return Mask.from_pixels(rle_to_mask(rle))
    except MaskError:
        return None
