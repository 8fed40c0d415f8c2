"""SAM's automatic pass: segment-anything's generator, batch by batch, so that it can be stopped."""

from collections.abc import Iterator
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
SAME_BOX = 0.7  # segment-anything's own limit
WHOLE_IMAGE = 0.9
LOWEST_KEPT = 0.35  # of confidence; lower ones are asked for anew


class Pass:
    """What one round of prompts found on a micrograph; holds for a confidence and all above it."""

    def __init__(self, shape: tuple[int, int], confidence: float, found: Any) -> None:
        self._shape, self._confidence, self._found = shape, confidence, found
        self._masks: dict[int, Mask | None] = {}  # decoding a mask takes as long as choosing all

    def holds_for(self, settings: EverythingSettings) -> bool:
        """Say whether the prompts need not be put to SAM again."""
        return settings.confidence >= self._confidence

    def choose(self, settings: EverythingSettings, report: Report) -> list[Mask]:
        """Give the same masks as a round of prompts with exactly these settings, in order."""
        most = WHOLE_IMAGE * self._shape[0] * self._shape[1]
        kept = (wanted(mask, settings, self._shape) for mask in self._decoded(settings, report))
        crystals = [mask for mask in kept if mask is not None and mask.area < most]
        return sorted(crystals, key=lambda mask: mask.centre)

    def _decoded(self, settings: EverythingSettings, report: Report) -> Iterator[Mask]:
        numbers = _without_doubles(self._found, *_thresholds(settings.confidence))
        for done, number in enumerate(numbers):
            report(Progress(done, len(numbers), "SAM outlines crystals"))
            if number not in self._masks:
                self._masks[number] = _mask(self._found["rles"][number])
            mask = self._masks[number]
            if mask is not None:
                yield mask


def look(predictor: Any, shape: tuple[int, int], confidence: float, report: Report) -> Pass:
    """Put a grid of prompts to a predictor that was shown a micrograph of (height, width).

    The steps are those of `SamAutomaticMaskGenerator` on one crop; the generator itself cannot
    be stopped and would run the image encoder again. More is kept than ``confidence`` asks for,
    so that the user may lower it without waiting again.
    """
    floor = min(confidence, LOWEST_KEPT)
    generator, points = _generator(predictor, shape, floor)
    return Pass(shape, floor, _prompt_grid(generator, points, shape, report))


def _thresholds(confidence: float) -> tuple[float, float]:
    """Give segment-anything's thresholds of predicted quality and of stability."""
    return min(2 * QUALITY * confidence, 1), min(2 * STABILITY * confidence, 1)


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


def _without_doubles(found: Any, quality: float, stability: float) -> list[int]:
    """Give the places of what is sure enough; of masks whose boxes agree, the better one's."""
    import torch
    from torchvision.ops.boxes import batched_nms

    scores = found["iou_preds"]
    sure = (scores > quality) & (found["stability_score"] >= stability)
    # As the generator does: a threshold of 0 is none at all.
    places = torch.nonzero(sure).flatten() if quality > 0 else torch.arange(len(scores))
    boxes = found["boxes"].float()[places]
    kind = torch.zeros(len(boxes), device=boxes.device)
    kept = batched_nms(boxes, scores[places], kind, iou_threshold=SAME_BOX)
    return [int(place) for place in places[kept]]


def _mask(rle: dict[str, Any]) -> Mask | None:
    from segment_anything.utils.amg import rle_to_mask

    try:
        return Mask.from_pixels(rle_to_mask(rle))
    except MaskError:
        return None
