"""Small micrographs and small SAM checkpoints for tests."""

import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.segmentation.sam_checkpoint import Architecture, build

CENTRES = ((40, 40), (40, 110), (110, 75))
RADIUS = 22


def disc(centre, radius=RADIUS, shape=(150, 150)):
    rows, cols = np.indices(shape)
    return Mask.from_pixels((rows - centre[0]) ** 2 + (cols - centre[1]) ** 2 <= radius**2)


def discs(centres=CENTRES, radius=RADIUS, shape=(150, 150), grey=170):
    """Draw bright discs on a dark, slightly noisy ground."""
    image = np.random.default_rng(0).normal(40, 3, shape)
    for centre in centres:
        mask = disc(centre, radius, shape)
        image[mask.slices][mask.pixels] += grey - 40
    return np.clip(image, 0, 255).astype(np.uint8)


def touching():
    """Draw two discs that touch, with no edge between them."""
    return discs(((75, 50), (75, 96)), 25)


SMALL = Architecture(
    width=32,
    depth=2,
    heads=4,
    patch=16,
    image=128,
    window=3,
    global_blocks=(1,),
    mlp=64,
    prompt_width=32,
    decoder_depth=2,
    decoder_mlp=64,
    quality_width=32,
    mask_channels=16,
)


def small_sam():
    """Build the smallest SAM of the real architecture, with random weights."""
    import torch

    torch.manual_seed(0)
    return build(SMALL)


def small_checkpoint(folder):
    """Save that SAM as segment-anything's own checkpoints are."""
    import torch

    path = folder / "small.pth"
    torch.save(small_sam().state_dict(), path)
    return path
