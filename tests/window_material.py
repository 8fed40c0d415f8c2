"""What tests of the window share: silent dialogs, squares, and models without useful weights."""

import numpy as np

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.scheme import FOUR_CLASSES, CrystalClass, Scheme
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.evaluate import ClassScores, Metrics, Scores
from microcrystalnet.learning.model_folder import save
from microcrystalnet.learning.networks.released import released
from microcrystalnet.learning.records import HeldOut, ModelCard, TrainingRecord
from napari_mcn.dialogs import with_ending

CODES = FOUR_CLASSES.codes
ROCKS = Scheme(
    "Rocks", 1, tuple(CrystalClass(code, code, "#000000", str(n)) for n, code in enumerate("ABCD"))
)


class NoDialogs:
    """Answers every question with one path."""

    def __init__(self, path=None):
        self.path, self.shown = path, None
        self.asked, self.place = [], 0

    def new_project(self):
        return self.path

    def existing_project(self):
        return self.path

    def micrographs(self):
        return [] if self.path is None else [self.path]

    def same_file(self, _name):
        return self.path

    def page(self, name, titles):
        self.asked.append((name, titles))
        return self.place

    def checkpoint(self):
        return self.path

    def keras_file(self):
        return self.path

    def label_image(self):
        return self.path

    def outlines(self):
        return self.path

    def label_table(self):
        return self.path

    def sample_table(self):
        return self.path

    def label_folder(self):
        return self.path

    def exchange_folder(self):
        return self.path

    def exchange_zip(self):
        return self.path

    def scheme_file(self):
        return self.path

    def export_folder(self):
        return self.path

    def show_written(self, path):
        self.shown = path

    def save_as(self, _name, *endings, beside=()):
        self.asked.append((endings, beside))
        return None if self.path is None else with_ending(self.path, *endings)


def square(row, col, side=20):
    """Give a square mask."""
    return Mask.from_pixels(np.ones((side, side)), row, col)


def shares(cls, sure=0.7):
    """Give probabilities in which one class leads."""
    rest = (1 - sure) / (len(CODES) - 1)
    return tuple(sure if code == cls else rest for code in CODES)


def predicted(model_id, crystal_id, cls="RES", sure=0.7):
    """Give a prediction."""
    return Prediction(crystal_id, model_id, CODES, shares(cls, sure))


def add_model(store, held_out=(), scheme=FOUR_CLASSES, folder=None, judged_on="test"):
    """Write a model into a project, judged on ``held_out`` of (image, crystal, truth, said)."""
    if folder is None:
        _, folder = store.new_model_folder()
    record = None if not held_out else _record(held_out, judged_on)
    card = ModelCard(
        format=1,
        created="2026-11-20T12:00:00+00:00",
        network=released(64, 4),
        classes=scheme.codes,
        scheme=scheme,
        recipe=CropRecipe(),
        temperature=1.0,
        source="trained",
        training=record,
    )
    save(folder, card, {"logits/bias": np.zeros(4, np.float32)})
    return folder.name


def _record(held_out, judged_on):
    judged = tuple(
        HeldOut(crystal, image, truth, shares(said)) for image, crystal, truth, said in held_out
    )
    right = sum(truth == said for *_, truth, said in held_out)
    return TrainingRecord(
        config=TrainConfig(),
        data_digest="d" * 64,
        trained=30,
        validated=4,
        tested=len(judged),
        history=(),
        best_epoch=3,
        judged_on=judged_on,
        metrics=_metrics(right / len(judged), len(judged)),
        held_out=judged,
    )


def _metrics(accuracy, count):
    none = Scores(0.0, 0.0, 0.0)
    return Metrics(
        n=count,
        classes=CODES,
        accuracy=accuracy,
        top2_accuracy=1.0,
        macro=none,
        weighted=none,
        per_class={code: ClassScores(0.0, 0.0, 0.0, 1) for code in CODES},
        average_precision=dict.fromkeys(CODES),
        roc_auc=dict.fromkeys(CODES),
        confusion_matrix=((1, 0, 0, 0),) * 4,
        calibration_error=0.1,
        intervals=None,
    )


def settle(store, crystals, classes):
    """Let two experts give each crystal the same class."""
    for expert in ("AY", "MK"):
        store.become(expert)
        for crystal_id, cls in zip(crystals, classes, strict=True):
            store.label(crystal_id, Answer(cls))
