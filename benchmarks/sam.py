"""Our way through SAM vit_b beside segment-anything's own, on random weights of the same cost."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.figures import Figure
from benchmarks.scenes import scene_of

if TYPE_CHECKING:
    from collections.abc import Callable

PROMPTS = 15


def measure() -> list[Figure]:
    """Encode once each way, then answer the same clicks in turn."""
    import torch
    from segment_anything import SamPredictor, sam_model_registry

    from microcrystalnet.domain.prompt import Click, Prompt
    from microcrystalnet.segmentation.sam import SamSegmenter

    torch.manual_seed(0)
    model = sam_model_registry["vit_b"]()
    model.eval()
    scene = scene_of(180)
    theirs, ours = SamPredictor(model), SamSegmenter(model)
    colour = np.repeat(scene.pixels[..., None], 3, axis=2)
    encoded = timed(lambda: theirs.set_image(colour))
    start = time.perf_counter()
    embedding = ours.prepare(scene.pixels)
    prepared = time.perf_counter() - start
    pairs = []
    for mask in scene.masks[: PROMPTS + 1]:
        row, col = mask.centre
        point, label = np.array([[col, row]]), np.array([1])
        peer = timed(lambda point=point, label=label: theirs.predict(point, label))
        prompt = Prompt((Click(row, col),))
        pairs.append((timed(lambda prompt=prompt: ours.propose(embedding, prompt)), peer))
    mine, peers = np.array(pairs[1:]).T
    extra = np.median(mine / peers) - 1
    return [
        Figure(
            "SAM vit_b: one click at 2048 x 2048",
            f"median {np.median(mine):.3f} s (n = {len(mine)}), {extra:+.1%} by pairs",
            "+5 %",
            f"segment-anything's own: median {np.median(peers):.3f} s",
        ),
        Figure(
            "SAM vit_b: encoding 2048 x 2048",
            f"{prepared:.1f} s (n = 1)",
            "",
            f"segment-anything's own: {encoded:.1f} s",
        ),
    ]


def timed(work: Callable[[], object]) -> float:
    """Time a piece of work once, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
