"""The memory that comparing experts takes, on many crystals and as many classes as there can be."""

import tracemalloc

import numpy as np

from microcrystalnet.labelling.agreement import compare_experts
from microcrystalnet.labelling.answer_table import AnswerTable

CRYSTALS, CLASSES, IMAGES = 10_000, 40, 5


def test_no_matrix_of_classes_is_kept_for_each_crystal():
    rng = np.random.default_rng(0)
    table = AnswerTable(
        images=tuple(f"image {each}" for each in range(IMAGES)),
        crystals=tuple(map(str, range(CRYSTALS))),
        experts=("AY", "BK", "CL"),
        classes=tuple(f"class {each}" for each in range(CLASSES)),
        image_of=np.arange(CRYSTALS) % IMAGES,
        codes=np.repeat(rng.integers(0, CLASSES, (CRYSTALS, 1)), 3, axis=1),
        times_ms=np.full((CRYSTALS, 3), -1),
    )
    tracemalloc.start()
    found = compare_experts(table)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(map(sum, found.confusion["AY|BK"])) == CRYSTALS
    assert peak < 100_000_000  # one matrix for each crystal would be 128 MB, and there are six
