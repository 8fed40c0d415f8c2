"""The whole way without a screen, on one project: outline, train, predict, explain, report."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.examples import examples_of, taught_examples
from microcrystalnet.explain.explain import explain
from microcrystalnet.imaging.contrast import to_uint8
from microcrystalnet.imaging.preprocess import Recipe
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.predict import Classifier, open_classifier, predict
from microcrystalnet.learning.train import train
from microcrystalnet.made_with import made_with
from microcrystalnet.micrographs.reader import describe, read_pixels
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report.html import write_report
from microcrystalnet.segmentation.choose import open_segmenter
from microcrystalnet.segmentation.segmenter import EverythingSettings
from microcrystalnet.storage.project_store import ProjectStore

if TYPE_CHECKING:
    from microcrystalnet.domain.mask import Mask

GUEST = "guest"


def walk(
    project: Path, new_micrograph: Path | None, out: Path, report: Report = ignore_progress
) -> None:
    """Go the whole way on a project that experts have labelled.

    Adds and outlines ``new_micrograph``, trains on the settled labels, predicts every crystal,
    explains the most doubtful one and writes ``report.html`` and ``saliency.tif`` into ``out``.

    Raises
    ------
    MicroCrystalError
        If a step cannot be done; what the steps before it did is kept in the project.
    """
    out.mkdir(parents=True, exist_ok=True)
    store = ProjectStore.open(project, GUEST)
    try:
        if new_micrograph is not None:
            outline(store, new_micrograph, report)
        classifier = learn(store, report)
        foretell(store, classifier, report)
        explain_most_doubtful(store, classifier, out / "saliency.tif")
        store.flush()
        write_report(store, out / "report.html", report)
    finally:
        store.close()


def outline(store: ProjectStore, path: Path, report: Report) -> None:
    """Add a micrograph and every crystal that the embedded engine finds on it."""
    micrograph = store.add_micrograph(path, describe(path))
    if store.state.crystals(micrograph.image_id):
        return
    masks = find_crystals(store.image_path(micrograph.image_id), report)
    store.put_masks(
        micrograph.image_id, masks, MaskSource.AUTO, made=made_with("embedded", Recipe())
    )


def find_crystals(path: Path, report: Report) -> "list[Mask]":
    """Outline every crystal of a file, outside its databar."""
    segmenter = open_segmenter("embedded")
    embedding = segmenter.prepare(to_uint8(read_pixels(path)), report)
    return segmenter.everything(embedding, EverythingSettings(region=describe(path).region), report)


def learn(store: ProjectStore, report: Report) -> Classifier:
    """Train on the crystals that the experts settled."""
    config = TrainConfig()
    taught = taught_examples(store, config.targets)
    _, folder = store.new_model_folder()
    train(
        taught.examples,
        taught.labels,
        store.state.scheme,
        config,
        folder,
        report,
        teaching=taught.teaching,
    )
    return open_classifier(folder, store.state.scheme)


def foretell(store: ProjectStore, classifier: Classifier, report: Report) -> None:
    """Predict every crystal of the project."""
    for image_id in store.state.micrographs:
        examples = examples_of(store, [image_id])
        if examples:
            said = predict(classifier, examples, report)
            store.write_predictions(said[0].model_id, image_id, said)


def explain_most_doubtful(store: ProjectStore, classifier: Classifier, path: Path) -> None:
    """Write the saliency map of the crystal that the classifier is least sure of."""
    import tifffile

    examples = examples_of(store, store.state.micrographs)
    said = predict(classifier, examples)
    doubtful = int(np.argmin([each.confidence for each in said]))
    tifffile.imwrite(path, explain(classifier, examples[doubtful], None).values)
