"""The network of Noise2Void: a U-Net of two levels, small enough to train on a laptop."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class BlindSpotNetwork(nn.Module):  # type: ignore[misc]  # torch is untyped here
    """Map (n, 1, height, width) to the same shape; sides need not be even.

    Parameters
    ----------
    channels
        Feature maps of the first level; twice and four times as many below.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _block(1, channels)
        self.second = _block(channels, 2 * channels)
        self.lowest = _block(2 * channels, 4 * channels)
        self.second_up = _block(6 * channels, 2 * channels)
        self.first_up = _block(3 * channels, channels)
        self.out = nn.Conv2d(channels, 1, 1)

    def forward(self, grey: Tensor) -> Tensor:
        """Give the denoised image."""
        first = self.first(grey)
        second = self.second(functional.max_pool2d(first, 2, ceil_mode=True))
        lowest = self.lowest(functional.max_pool2d(second, 2, ceil_mode=True))
        second = self.second_up(torch.cat([_enlarged(lowest, second), second], 1))
        first = self.first_up(torch.cat([_enlarged(second, first), first], 1))
        denoised: Tensor = self.out(first)
        return denoised


def _block(inward: int, outward: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inward, outward, 3, padding=1),
        nn.LeakyReLU(0.1),
        nn.Conv2d(outward, outward, 3, padding=1),
        nn.LeakyReLU(0.1),
    )


def _enlarged(small: Tensor, like: Tensor) -> Tensor:
    enlarged: Tensor = functional.interpolate(small, size=like.shape[-2:], mode="nearest")
    return enlarged
