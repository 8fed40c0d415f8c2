"""A segmentation service for tests: it hangs in the middle of its work while a file is there."""

import os
import time
from pathlib import Path

import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.progress import Progress
from microcrystalnet.segmentation.segmenter import MaskProposals

TRAP = "MCN_TEST_TRAP"  # the environment variable that names the file
FOUND = Mask.from_pixels(np.ones((9, 9)), 120, 2)


class Dying:
    """Answers like the segmentation engine; hangs while the trap is set, and notes that it does."""

    METHODS = frozenset({"prepare", "propose", "everything"})

    def prepare(self, image_id, pixels, engine, recipe, report):
        return None

    def propose(self, image_id, engine, prompt, report):
        hang(report)
        return MaskProposals((FOUND,), (0.9,))

    def everything(self, image_id, engine, settings, report):
        hang(report)
        return [FOUND]


def hang(report):
    trap = Path(os.environ[TRAP])
    while trap.exists():
        trap.with_suffix(".caught").touch()
        report(Progress(0, 0, "hanging"))
        time.sleep(0.02)
