"""SAM's automatic pass: segment-anything's generator, batch by batch, so that it can be stopped."""

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
WHOLE_IMAGE = 0.9


def find(
    predictor: Any, shape: tuple[int, int], settings: EverythingSettings, report: Report
) -> list[Mask]:
    """Outline everything on the micrograph of (height, width) that a predictor was shown.

    The steps are those of `SamAutomaticMaskGenerator` on one crop; the generator itself cannot
    be stopped and would run the image encoder again.
    """
    generator, points = _generator(predictor, shape, settings)
    found = _prompt_grid(generator, points, shape, report)
    masks = (_mask(rle) for rle in _without_doubles(found, generator.box_nms_thresh))
    kept = (wanted(mask, settings, shape) for mask in masks if mask is not None)
    most = WHOLE_IMAGE * shape[0] * shape[1]
    crystals = [mask for mask in kept if mask is not None and mask.area < most]
    return sorted(crystals, key=lambda mask: mask.centre)


def _generator(
    predictor: Any, shape: tuple[int, int], settings: EverythingSettings
) -> tuple[Any, Any]:
    """Give a generator that uses this predictor, and the grid of points as x, y in pixels."""
    from segment_anything import SamAutomaticMaskGenerator

    doubled = 2 * settings.confidence
    generator = SamAutomaticMaskGenerator(
        predictor.model,
        points_per_side=POINTS_PER_SIDE,
        points_per_batch=min(max(PIXELS_PER_CALL // (3 * shape[0] * shape[1]), 1), 64),
        pred_iou_thresh=min(QUALITY * doubled, 1),
        stability_score_thresh=min(STABILITY * doubled, 1),
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


def _without_doubles(found: Any, overlap: float) -> list[dict[str, Any]]:
    """Keep the better of two masks whose boxes agree."""
    import torch
    from torchvision.ops.boxes import batched_nms

    kind = torch.zeros(len(found["boxes"]))
    boxes = found["boxes"].float()
    kept = batched_nms(boxes, found["iou_preds"], kind.to(boxes.device), iou_threshold=overlap)
    return [found["rles"][number] for number in kept.tolist()]


def _mask(rle: dict[str, Any]) -> Mask | None:
    from segment_anything.utils.amg import rle_to_mask

    try:
        return Mask.from_pixels(rle_to_mask(rle))
    except MaskError:
        return None
