"""Turns a project into examples for the classifier: what is settled, and what to predict."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.labelling.consensus import settle_all
from microcrystalnet.learning.dataset import Example

if TYPE_CHECKING:
    from microcrystalnet.storage.project_store import ProjectStore


def example(store: "ProjectStore", crystal: Crystal) -> Example:
    """Give the example of one crystal."""
    path = store.image_path(crystal.image_id)
    return Example(crystal.crystal_id, crystal.image_id, path, crystal.mask)


def examples_of(store: "ProjectStore", image_ids: Iterable[str]) -> list[Example]:
    """Give an example for every crystal of these micrographs."""
    return [
        example(store, crystal)
        for image_id in image_ids
        for crystal in store.state.crystals(image_id).values()
    ]


def settled_examples(store: "ProjectStore") -> tuple[list[Example], list[str]]:
    """Give the crystals whose class is settled, and their class codes.

    Nobody's labels count as seen by this. Crystals that are disputed, have a single label or were
    discarded are left out (STORAGE.md 3), and so are classes that the scheme no longer has.
    """
    codes = store.state.scheme.codes
    verdicts = settle_all(store.votes(reveal=False), store.adjudication.cases())
    examples: list[Example] = []
    labels: list[str] = []
    for each in examples_of(store, store.state.micrographs):
        verdict = verdicts.get(each.crystal_id)
        if verdict is not None and verdict.settled and verdict.cls in codes:
            examples.append(each)
            labels.append(str(verdict.cls))
    return examples, labels
