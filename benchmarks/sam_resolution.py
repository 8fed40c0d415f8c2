"""How good SAM can be at all, by micrograph size: `python -m benchmarks.sam_resolution`.

SAM draws masks of 256 x 256 and enlarges them. True discs are drawn that small and enlarged by
segment-anything's own steps; what is lost on the way no weights can bring back.
"""

import numpy as np

SIDES = (1024, 1536, 2048, 3072, 4096, 8192)
DIAMETERS = (25, 50, 100)
MASK, SEEN = 256, 1024
PLACES = 12


def ceiling(side: int, diameter: int) -> float:
    """Give the mean IoU of discs of a diameter on a square micrograph of a side, in pixels."""
    import torch
    from torch.nn import functional

    generator = np.random.default_rng(0)
    found = []
    for row, col in generator.uniform(side / 4, 3 * side / 4, (PLACES, 2)):
        rows, cols = np.ogrid[:side, :side]
        disc = torch.from_numpy((rows - row) ** 2 + (cols - col) ** 2 <= diameter**2 / 4)
        small = functional.interpolate(disc[None, None].float(), (MASK, MASK), mode="area")
        # A trained decoder's logits cross nought where half a pixel is covered.
        seen = functional.interpolate(small - 0.5, (SEEN, SEEN), mode="bilinear")
        full = functional.interpolate(seen, (side, side), mode="bilinear")[0, 0] > 0
        found.append(float((full & disc).sum() / (full | disc).sum()))
    return float(np.mean(found))


if __name__ == "__main__":
    print("side   " + "".join(f"{diameter:>8} px" for diameter in DIAMETERS))
    for each in SIDES:
        print(f"{each:<7}" + "".join(f"{ceiling(each, size):>11.3f}" for size in DIAMETERS))
