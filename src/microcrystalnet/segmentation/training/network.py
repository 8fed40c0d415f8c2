"""The embedded network: a small residual U-Net that can also be asked for one crystal."""

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTHS = (32, 64, 96, 128, 192)


class Residual(nn.Module):  # type: ignore[misc]  # torch is untyped here
    """Two 3 x 3 convolutions around a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(width)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(width)

    def forward(self, values: Tensor) -> Tensor:
        """Refine (n, width, h, w)."""
        inner = functional.relu(self.first_norm(self.first(values)))
        return functional.relu(values + self.second_norm(self.second(inner)))


def _step(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


class SegmentationNetwork(nn.Module):  # type: ignore[misc]  # torch is untyped here
    """Grey values, clicks and a box in; foreground, edge, distance and the crystal meant out.

    The finest features live at half resolution: the input is folded 2 x 2 into channels and the
    output unfolded again, which costs a quarter of a full-resolution U-Net. Height and width must
    be multiples of 32.
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.widths = widths
        self.stem = _step(12, widths[0], 1)
        self.down = nn.ModuleList(
            _step(fine, coarse, 2) for fine, coarse in itertools.pairwise(widths)
        )
        self.encode = nn.ModuleList(Residual(width) for width in widths)
        self.deep = Residual(widths[-1])
        self.lateral = nn.ModuleList(
            nn.Conv2d(coarse, fine, 1, bias=False) for fine, coarse in itertools.pairwise(widths)
        )
        self.join = nn.ModuleList(_step(2 * width, width, 1) for width in widths[:-1])
        self.decode = nn.ModuleList(Residual(width) for width in widths[:-1])
        self.head = nn.Conv2d(widths[0], 16, 3, padding=1)

    def forward(self, picture: Tensor) -> Tensor:
        """Turn (n, 3, h, w) into logits (n, 4, h, w)."""
        values = self.encode[0](self.stem(functional.pixel_unshuffle(picture, 2)))
        skips = [values]
        for down, encode in zip(self.down, self.encode[1:], strict=True):
            values = encode(down(values))
            skips.append(values)
        values = self.deep(values)
        for level in reversed(range(len(self.down))):
            values = functional.interpolate(self.lateral[level](values), scale_factor=2.0)
            values = self.join[level](torch.cat((values, skips[level]), 1))
            values = self.decode[level](values)
        return functional.pixel_shuffle(self.head(values), 2)
