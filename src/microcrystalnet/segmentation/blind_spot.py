"""Noise2Void: a small network that learns to denoise a micrograph from that micrograph alone.

Krull, Buchholz and Jug (2019), "Noise2Void - learning denoising from single noisy images": a few
pixels of a patch are replaced by a neighbour, and the network has to tell what they were. It
cannot, as far as they are noise, so it learns the signal.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import MissingExtraError
from microcrystalnet.progress import Progress, Report, ignore_progress

if TYPE_CHECKING:
    from torch import Tensor, nn

Grey = NDArray[np.float32]
TILE, MARGIN = 512, 32  # pixels; a tile is denoised with that much of its surroundings


@dataclass(frozen=True, slots=True)
class BlindSpotSettings:
    """How the network learns; ``hidden`` is the share of pixels replaced in a patch."""

    steps: int = 400
    batch: int = 8
    patch: int = 64
    hidden: float = 0.015
    reach: int = 2  # pixels to the neighbour that replaces one
    learning_rate: float = 1e-3
    channels: int = 16
    seed: int = 0


def denoise(
    grey: Grey, report: Report = ignore_progress, settings: BlindSpotSettings | None = None
) -> Grey:
    """Denoise a micrograph, (height, width) in grey levels, by what can be learnt from it.

    It takes about a minute on two cores; the report is called at every step and may cancel. The
    same settings give the same result. An image smaller than a patch, or constant, is given back.

    Raises
    ------
    MissingExtraError
        If torch is not installed.
    """
    how = settings or BlindSpotSettings()
    deviation = float(grey.std())
    if min(grey.shape) < how.patch or deviation == 0:
        return grey
    try:
        import torch
    except ImportError as error:
        raise MissingExtraError(
            "Noise2Void needs torch; install it with: pip install napari-mcn[sam]"
        ) from error
    middle = float(grey.mean())
    scaled = (grey - middle) / deviation
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(how.seed)
        network = _network(how.channels)
        _learn(network, scaled, how, report)
    return _apply(network, scaled) * deviation + middle


def _network(channels: int) -> "nn.Module":
    import torch

    from microcrystalnet.segmentation.blind_spot_network import BlindSpotNetwork

    # channels last: several times faster on a CPU
    network: nn.Module = BlindSpotNetwork(channels).to(memory_format=torch.channels_last)
    return network


def _learn(network: "nn.Module", scaled: Grey, how: BlindSpotSettings, report: Report) -> None:
    import torch

    rng = np.random.default_rng(how.seed)
    optimiser = torch.optim.Adam(network.parameters(), how.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, how.steps)
    for step in range(how.steps):
        patches, shown, places = _lesson(scaled, how, rng)
        seen = torch.from_numpy(shown[:, None]).to(memory_format=torch.channels_last)
        guessed = network(seen)[:, 0]
        loss = _loss(guessed, torch.from_numpy(patches), torch.from_numpy(places))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        message = "Noise2Void learns from this micrograph"
        report(Progress(step + 1, how.steps, message, {"loss": float(loss.detach())}))


def _loss(guessed: "Tensor", patches: "Tensor", places: "Tensor") -> "Tensor":
    squares = (guessed - patches) ** 2
    return squares[places].mean()


def _lesson(
    scaled: Grey, how: BlindSpotSettings, rng: np.random.Generator
) -> tuple[Grey, Grey, NDArray[np.bool_]]:
    """Give patches, what the network sees of them, and where it must guess."""
    patches = np.stack([_patch(scaled, how.patch, rng) for _ in range(how.batch)])
    places = rng.random(patches.shape) < how.hidden
    batch, rows, cols = np.nonzero(places)
    shifts = rng.integers(1, (2 * how.reach + 1) ** 2, rows.size) + _middle(how.reach)
    side = 2 * how.reach + 1
    rows_from = np.clip(rows + shifts // side % side - how.reach, 0, how.patch - 1)
    cols_from = np.clip(cols + shifts % side - how.reach, 0, how.patch - 1)
    shown = patches.copy()
    shown[batch, rows, cols] = patches[batch, rows_from, cols_from]
    return patches, shown, places


def _middle(reach: int) -> int:
    """Give the number of the pixel itself in its neighbourhood, counted row by row."""
    return reach * (2 * reach + 1) + reach


def _patch(scaled: Grey, side: int, rng: np.random.Generator) -> Grey:
    row = int(rng.integers(0, scaled.shape[0] - side + 1))
    col = int(rng.integers(0, scaled.shape[1] - side + 1))
    patch = scaled[row : row + side, col : col + side]
    turned: Grey = np.rot90(patch, int(rng.integers(4)))
    return turned


def _apply(network: "nn.Module", scaled: Grey) -> Grey:
    import torch

    padded = np.pad(scaled, MARGIN, mode="reflect")
    result = np.empty_like(scaled)
    with torch.inference_mode():
        for row in range(0, scaled.shape[0], TILE):
            for col in range(0, scaled.shape[1], TILE):
                tile = padded[row : row + TILE + 2 * MARGIN, col : col + TILE + 2 * MARGIN]
                clean = network(torch.from_numpy(tile[None, None].copy()))[0, 0].numpy()
                inner = clean[MARGIN:-MARGIN, MARGIN:-MARGIN]
                result[row : row + TILE, col : col + TILE] = inner
    return result
