"""Outlines crystals with Segment Anything, through the segment-anything package itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.errors import MaskError, SegmentationError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.segmentation import sam_everything
from microcrystalnet.segmentation.segmenter import (
    EverythingSettings,
    MaskProposals,
    check_image,
    check_prompt,
)

# Full-size logits of one decoder call; bounds its memory to about 0.5 GB.
PIXELS_PER_CALL = 1 << 26
PROMPTS_PER_CALL = 64


@dataclass(frozen=True, slots=True, eq=False)
class SamEmbedding:
    """The encoder's features of one micrograph: (1, channels, side, side) float32.

    ``original`` and ``resized`` are (height, width) before and after SAM's own resizing.
    """

    features: NDArray[np.float32]
    original: tuple[int, int]
    resized: tuple[int, int]


class SamSegmenter:
    """A SAM that answers prompts; see `Segmenter` for the methods.

    Parameters
    ----------
    model
        A `segment_anything.modeling.Sam`; it moves to the graphics card if there is one.
    """

    def __init__(self, model: Any) -> None:
        import torch
        from segment_anything import SamPredictor

        model.to("cuda" if torch.cuda.is_available() else "cpu")
        self._predictor = SamPredictor(model)

    def prepare(self, image: NDArray[np.uint8], report: Report = ignore_progress) -> SamEmbedding:
        """Run the image encoder on a (height, width) micrograph."""
        check_image(image)
        report(Progress(0, 1, "SAM looks at the micrograph"))
        self._predictor.set_image(np.repeat(image[..., None], 3, axis=2))
        features = self._predictor.features.cpu().numpy()
        report(Progress(1, 1, "Ready"))
        height, width = self._predictor.input_size
        return SamEmbedding(features, (image.shape[0], image.shape[1]), (height, width))

    def propose(self, embedding: SamEmbedding, prompt: Prompt) -> MaskProposals:
        """Give three masks for a single click, and SAM's one answer for anything clearer."""
        return self.propose_many(embedding, [prompt])[0]

    def propose_many(
        self, embedding: SamEmbedding, prompts: Sequence[Prompt]
    ) -> list[MaskProposals]:
        """Answer prompts, those of one kind in as few decoder calls as memory allows."""
        for prompt in prompts:
            check_prompt(prompt, embedding.original)
        self._show(embedding)
        answers: dict[int, MaskProposals] = {}
        order = sorted(range(len(prompts)), key=lambda number: _kind(prompts[number]))
        for _, numbers in groupby(order, key=lambda number: _kind(prompts[number])):
            for batch in _batches(list(numbers), embedding.original):
                asked = [prompts[number] for number in batch]
                answers.update(zip(batch, self._decode(embedding, asked), strict=True))
        return [answers[number] for number in range(len(prompts))]

    def everything(
        self,
        embedding: SamEmbedding,
        settings: EverythingSettings,
        report: Report = ignore_progress,
    ) -> list[Mask]:
        """Prompt SAM on a grid of points and keep what it is sure of."""
        self._show(embedding)
        return sam_everything.find(self._predictor, embedding.original, settings, report)

    def _show(self, embedding: SamEmbedding) -> None:
        """Put an embedding where segment-anything's predictor looks for it."""
        import torch

        predictor = self._predictor
        predictor.features = torch.as_tensor(embedding.features, device=predictor.device)
        predictor.original_size, predictor.input_size = embedding.original, embedding.resized
        predictor.is_image_set = True

    def _decode(
        self, embedding: SamEmbedding, prompts: Sequence[Prompt]
    ) -> Iterator[MaskProposals]:
        """Answer prompts of one kind in one decoder call."""
        import torch

        points, signs, boxes = _arrays(prompts)
        transform, device = self._predictor.transform, self._predictor.device
        size = embedding.original
        masks, scores, _ = self._predictor.predict_torch(
            None
            if points is None
            else torch.as_tensor(
                transform.apply_coords(points, size), dtype=torch.float, device=device
            ),
            None if signs is None else torch.as_tensor(signs, dtype=torch.int, device=device),
            None
            if boxes is None
            else torch.as_tensor(
                transform.apply_boxes(boxes, size), dtype=torch.float, device=device
            ),
            multimask_output=_ambiguous(prompts[0]),
        )
        yield from map(_proposals, masks.cpu().numpy(), scores.cpu().numpy())


def _kind(prompt: Prompt) -> tuple[int, bool]:
    """Prompts of the same number of clicks, with or without a box, fit into one call."""
    return len(prompt.clicks), prompt.box is not None


def _ambiguous(prompt: Prompt) -> bool:
    """Say whether sizes should be offered: Kirillov et al. 2023, section 3, do for one click."""
    return len(prompt.clicks) == 1 and prompt.box is None


def _batches(numbers: Sequence[int], shape: tuple[int, int]) -> Iterator[Sequence[int]]:
    size = min(max(PIXELS_PER_CALL // (3 * shape[0] * shape[1]), 1), PROMPTS_PER_CALL)
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def _arrays(
    prompts: Sequence[Prompt],
) -> tuple[NDArray[np.float64] | None, NDArray[np.int64] | None, NDArray[np.float64] | None]:
    """Give points (n, clicks, 2) as x, y, their signs (n, clicks), and boxes (n, 4) x0 y0 x1 y1."""
    points = signs = boxes = None
    if prompts[0].clicks:
        points = np.array([[(c.col, c.row) for c in prompt.clicks] for prompt in prompts], float)
        signs = np.array([[int(c.positive) for c in prompt.clicks] for prompt in prompts])
    found = [prompt.box for prompt in prompts if prompt.box is not None]
    if found:
        corners = [((b.col0, b.row0), (b.col1, b.row1)) for b in found]
        both = np.sort(np.array(corners, float), axis=1)
        boxes = both.reshape(-1, 4)
    return points, signs, boxes


def _proposals(masks: NDArray[np.bool_], scores: NDArray[np.float32]) -> MaskProposals:
    """Order SAM's masks (sizes, height, width) by its own estimate of their quality."""
    found: list[tuple[Mask, float]] = []
    for number in np.argsort(-scores):
        try:
            found.append((Mask.from_pixels(masks[number]), float(scores[number])))
        except MaskError:
            continue  # an empty mask among the sizes is no answer
    if not found:
        raise SegmentationError(
            "SAM found no crystal there; click nearer to its middle, or draw a box around it."
        )
    best, quality = zip(*found, strict=True)
    return MaskProposals(best, quality)
