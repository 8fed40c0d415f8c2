"""What the embedded network is punished for."""

import torch
from torch import Tensor
from torch.nn import functional


def loss(logits: Tensor, targets: Tensor, weights: Tensor) -> tuple[Tensor, dict[str, float]]:
    """Add up the four maps' losses; everything is (n, 4, h, w).

    Cross-entropy on every map (the edge's rare pixels count four times), and for the crystal meant
    also one minus the soft intersection over union, which is what its user sees.
    """
    logits = logits.float()
    each = functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    scale = torch.ones_like(each)
    scale[:, 1] += 3 * targets[:, 1]
    per_map = (each * weights * scale).sum((0, 2, 3)) / weights.sum((0, 2, 3)).clamp(min=1)
    overlap = _soft_iou_loss(logits[:, 3], targets[:, 3], weights[:, 3])
    total = per_map[0] + 0.7 * per_map[1] + per_map[2] + per_map[3] + overlap
    parts = dict(zip(("foreground", "edge", "distance", "meant"), per_map.tolist(), strict=True))
    return total, parts | {"overlap": float(overlap.detach())}


def _soft_iou_loss(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """One minus soft IoU, over the crops (n, h, w) that were asked for a crystal."""
    guess = torch.sigmoid(logits) * weight
    target = target * weight
    shared = (guess * target).sum((1, 2))
    union = (guess + target - guess * target).sum((1, 2))
    asked = (weight.sum((1, 2)) > 0).float()
    return (asked * (1 - (shared + 1) / (union + 1))).sum() / asked.sum().clamp(min=1)
