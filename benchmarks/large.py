"""A 20,000 x 20,000 micrograph through the embedded engine: `python -m benchmarks.large`."""

import resource
import time

import numpy as np

from benchmarks.scenes import scene_of

TILE, TIMES = 2000, 10


def main() -> None:
    """Repeat a rendered scene a hundred times; print seconds, crystals found and peak memory."""
    from microcrystalnet.segmentation.choose import open_segmenter
    from microcrystalnet.segmentation.segmenter import EverythingSettings

    image = np.tile(scene_of(180).pixels[:TILE, :TILE], (TIMES, TIMES))
    segmenter = open_segmenter("embedded")
    start = time.perf_counter()
    embedding = segmenter.prepare(image)
    prepared = time.perf_counter()
    found = segmenter.everything(embedding, EverythingSettings())
    spent = prepared - start, time.perf_counter() - prepared
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"prepare {spent[0]:.0f} s, everything {spent[1]:.0f} s, {len(found)}, {peak:.1f} GB")


if __name__ == "__main__":
    main()
