"""The memory and the pauses that comparing experts takes, on many crystals and classes."""

import tracemalloc

import numpy as np

from microcrystalnet.labelling import answer_table
from microcrystalnet.labelling.agreement import compare_experts
from microcrystalnet.labelling.answer_table import AnswerTable, arrange
from microcrystalnet.labelling.answers import GivenAnswer, cleaned
from microcrystalnet.labelling.reliability import distinct_rows

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


def given(images=10, crystals=10):
    return [
        GivenAnswer(f"image {image}", f"crystal {crystal}", expert, "RES")
        for image in range(images)
        for crystal in range(crystals)
        for expert in ("AY", "BK")
    ]


def test_no_sort_is_of_more_crystals_than_one_image_has(monkeypatch):
    sizes = []

    def watched(values):
        known = list(values)
        sizes.append(len(known))
        return sorted(known)

    monkeypatch.setattr(answer_table, "sorted", watched, raising=False)
    table = arrange(given())
    assert (len(table.crystals), max(sizes)) == (100, 10)


def test_an_answer_that_is_written_well_is_not_copied():
    answers = given(1, 1)
    assert all(one is two for one, two in zip(cleaned(answers), answers, strict=True))


def test_alike_rows_are_counted_as_numpy_does():
    codes = np.random.default_rng(0).integers(-1, 3, (200, 3))
    rows, counts = np.unique(codes, axis=0, return_counts=True)
    found, alike = distinct_rows(codes)
    assert (found.tolist(), alike.tolist()) == (rows.tolist(), counts.tolist())
