"""One step of SAM's mask decoder towards accepted masks, on an embedding that stays as it is."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.segmentation.embedding_cache import SamEmbedding

# Kirillov et al. 2023, appendix A: focal and dice loss 20 : 1, and the decoder's own estimate.
FOCAL, DICE, ESTIMATE = 20.0, 1.0, 1.0
FOCAL_ALPHA, FOCAL_GAMMA = 0.25, 2.0
BOX_NOISE, BOX_NOISE_PX = 0.1, 20.0  # standard deviation as a share of the side, and its limit
STEADY = 1.0  # norm of the gradient: a few crystals must not throw a good decoder off


class Pupil:
    """The mask decoder of a `segment_anything.modeling.Sam`, and what it remembers of its steps.

    Parameters
    ----------
    model
        The SAM; everything but the mask decoder is frozen.
    rate
        Learning rate of AdamW.
    """

    def __init__(self, model: Any, rate: float) -> None:
        import torch

        self._model = model
        for parameter in model.parameters():
            parameter.requires_grad_(False)
        decoder = list(model.mask_decoder.parameters())
        for parameter in decoder:
            parameter.requires_grad_(True)
        self._optimizer = torch.optim.AdamW(decoder, lr=rate, weight_decay=0.0)

    def learn(
        self, embedding: SamEmbedding, masks: Sequence[Mask], generator: np.random.Generator
    ) -> float:
        """Take one step for crystals of one micrograph, by clicks or by boxes; give the loss."""
        import torch

        frame = _Frame(self._model, embedding)
        truth = frame.truth(masks)
        clicked = bool(generator.random() < 0.5)
        found, estimates = self._decode(frame, masks, generator, clicked)
        loss = _loss(found, estimates, truth)
        self._optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.mask_decoder.parameters(), STEADY)
        self._optimizer.step()
        return float(loss.detach())

    def _decode(
        self, frame: "_Frame", masks: Sequence[Mask], generator: np.random.Generator, clicked: bool
    ) -> tuple[Any, Any]:
        """Give logits (crystals, sizes, side, side) and estimated IoU (crystals, sizes)."""
        import torch

        encoder = self._model.prompt_encoder
        with torch.no_grad():
            sparse, dense = encoder(
                points=frame.clicks(masks, generator) if clicked else None,
                boxes=None if clicked else frame.boxes(masks, generator),
                masks=None,
            )
        decoded: tuple[Any, Any] = self._model.mask_decoder(
            image_embeddings=frame.features,
            image_pe=encoder.get_dense_pe(),
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            multimask_output=clicked,
        )
        return decoded


class _Frame:
    """Where the micrograph lies in the square that SAM sees, and in that of its masks."""

    def __init__(self, model: Any, embedding: SamEmbedding) -> None:
        import torch

        self._device = model.device
        self.features = torch.as_tensor(embedding.features, device=self._device)
        self._original, self._resized = embedding.original, embedding.resized
        self._side = model.image_encoder.img_size
        self._mask_side = 4 * embedding.features.shape[-1]  # the decoder upsamples four times
        self._zoom = np.divide(embedding.resized, embedding.original)  # rows, columns

    def truth(self, masks: Sequence[Mask]) -> Any:
        """Give the masks as SAM's low-resolution masks lie: (crystals, side, side), 0 to 1."""
        import torch
        from torch.nn import functional

        shrink = self._mask_side / self._side
        inside = [max(1, round(length * shrink)) for length in self._resized]
        truth = torch.zeros(len(masks), self._mask_side, self._mask_side)
        for number, mask in enumerate(masks):
            image = torch.from_numpy(mask.to_image(*self._original)).float()[None, None]
            small = functional.interpolate(image, inside, mode="area")
            truth[number, : inside[0], : inside[1]] = small[0, 0]
        return truth.to(self._device)

    def clicks(self, masks: Sequence[Mask], generator: np.random.Generator) -> tuple[Any, Any]:
        """Give one random click inside each crystal as x, y, and that it is positive."""
        import torch

        places = []
        for mask in masks:
            rows, cols = np.nonzero(mask.pixels)
            at = generator.integers(len(rows))
            places.append([[mask.col + cols[at], mask.row + rows[at]]])
        points = np.array(places, np.float32) * self._zoom[::-1].astype(np.float32)
        signs = torch.ones(len(masks), 1, dtype=torch.int, device=self._device)
        return torch.as_tensor(points, device=self._device), signs

    def boxes(self, masks: Sequence[Mask], generator: np.random.Generator) -> Any:
        """Give boxes (crystals, 4) as x0, y0, x1, y1, drawn as loosely as people do."""
        import torch

        corners = []
        for mask in masks:
            box = mask.region
            sides = np.array([box.col1 - box.col0, box.row1 - box.row0] * 2, float)
            spread = np.minimum(BOX_NOISE * sides, BOX_NOISE_PX)
            drawn = np.array([box.col0, box.row0, box.col1 - 1, box.row1 - 1])
            corners.append(drawn + generator.normal(0, spread).clip(-2 * spread, 2 * spread))
        zoom = np.tile(self._zoom[::-1], 2)
        return torch.as_tensor(np.array(corners) * zoom, dtype=torch.float, device=self._device)


def _loss(logits: Any, estimates: Any, truth: Any) -> Any:
    """Give the loss of the size that fits best, and of what the decoder thinks of every size."""
    import torch

    truth = truth[:, None].expand_as(logits)
    each = FOCAL * _focal(logits, truth) + DICE * _dice(logits, truth)
    best = each.min(dim=1).values.mean()
    with torch.no_grad():
        found, wanted = logits > 0, truth > 0.5
        shared = (found & wanted).sum((2, 3))
        iou = shared / (found | wanted).sum((2, 3)).clamp(min=1)
    return best + ESTIMATE * torch.nn.functional.mse_loss(estimates, iou.float())


def _focal(logits: Any, truth: Any) -> Any:
    """Give the focal loss (crystals, sizes) of Lin et al. 2017, equation 5."""
    from torch.nn import functional

    chance = logits.sigmoid()
    entropy = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    right = chance * truth + (1 - chance) * (1 - truth)
    weight = FOCAL_ALPHA * truth + (1 - FOCAL_ALPHA) * (1 - truth)
    return (weight * entropy * (1 - right) ** FOCAL_GAMMA).mean((2, 3))


def _dice(logits: Any, truth: Any) -> Any:
    """Give the dice loss (crystals, sizes) of Milletari et al. 2016."""
    chance = logits.sigmoid()
    shared = 2 * (chance * truth).sum((2, 3)) + 1
    return 1 - shared / (chance.sum((2, 3)) + truth.sum((2, 3)) + 1)
