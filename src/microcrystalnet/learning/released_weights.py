"""The classifier that the source team released: fetched on request, never shipped.

Their README and paper say MIT, but their repository holds no licence file, so users fetch the file.
"""

from microcrystalnet.published import Published

_REPOSITORY = (
    "https://raw.githubusercontent.com/YaqoobAnsari/"
    "MicroCrystalNet-Advanced-Microcrystal-Classification-Using-Normalized-Sparse-Reduction-Blocks/"
    "a5db6d961e154111deec73ab0c2fb1c62c83fa74/"
)
RELEASED = Published(
    "released",
    f"{_REPOSITORY}CNN_2023-11-19_11-47-51_run1.h5",
    3_499_696,
    "374967e0e67e26e3a66dedb72fa00cf07ba411f0f36876edf21e4688fad9fcd0",
    "MIT by its README, no licence file",
)
