"""A small labelled project, and a trained model's card, for the tests of report and export."""

import numpy as np
import tifffile

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer, Flag
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.domain.scheme_rules import with_retired
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.evaluate import metrics
from microcrystalnet.learning.model_folder import save
from microcrystalnet.learning.networks.released import released
from microcrystalnet.learning.records import FORMAT, Epoch, ModelCard, TrainingRecord
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.project_store import ProjectStore

CODES = FOUR_CLASSES.codes
PIXELS = np.random.default_rng(0).integers(50, 200, (120, 160), dtype=np.uint8)
SIDECAR = "$CM_FULL_SIZE 160 120\n$$SM_MICRON_BAR 100\n$$SM_MICRON_MARKER 10um\n"  # 100 nm


def square(row, col, side=20):
    """Give a square mask."""
    return Mask.from_pixels(np.ones((side, side)), row, col)


def empty(folder):
    """Give a project without anything in it."""
    return ProjectStore.create(folder / "project", "AY", mirror_root=folder / "mirror")


def add(store, folder, name="a.tif", masks=(), sidecar=SIDECAR, offset=0):
    """Add a micrograph, with a sidecar unless it is empty, and outlines; give its id and theirs."""
    path = folder / name
    tifffile.imwrite(path, PIXELS + np.uint8(offset))
    path.with_suffix(".txt").write_text(sidecar)
    image_id = store.add_micrograph(path, describe(path)).image_id
    crystals = store.put_masks(image_id, masks, MaskSource.MANUAL)
    return image_id, [each.crystal_id for each in crystals]


def vote(store, crystal_id, *answers):
    """Let experts AY, MK, RS, ... answer in turn; a class code, or None for unclear."""
    for expert, code in zip(("AY", "MK", "RS"), answers, strict=False):
        store.become(expert)
        store.label(crystal_id, Answer(code, frozenset({Flag.OCCLUDED} if not code else ())))


def labelled(folder):
    """Give a project of one micrograph: RES agreed, SA agreed at the edge, one disputed."""
    store = empty(folder)
    _, (first, second, third) = add(
        store, folder, masks=[square(30, 30), square(0, 80), square(70, 100, 30)]
    )
    vote(store, first, "RES", "RES", "RES")
    vote(store, second, "SA", "SA")
    vote(store, third, "PES", "AA")
    return store


def with_model(store, wrong="AA", outline=""):
    """Add a model that calls every crystal ``wrong``, from outlines of a digest if one is given."""
    model_id, folder = store.new_model_folder()
    sure = [0.1, 0.1, 0.1, 0.1]
    sure[CODES.index(wrong)] = 0.7
    found = metrics(["RES", "SA"], np.array([sure, sure]), CODES)
    history = tuple(Epoch(number, 1 / number, 0.5, 1.2 / number, 0.4, 1e-3) for number in (1, 2))
    record = TrainingRecord(
        TrainConfig(), "d" * 64, 8, 2, 2, history, 2, "test", found, (), ("A remark <b>.",)
    )
    network, recipe = released(64, 4), CropRecipe()
    card = ModelCard(
        FORMAT, "2026-01-01T00:00", network, CODES, FOUR_CLASSES, recipe, 1.0, "trained", record
    )
    save(folder, card, {"w": np.zeros(1, np.float32)})
    for image_id in store.state.micrographs:
        said = [
            Prediction(crystal_id, model_id, CODES, tuple(sure), outline)
            for crystal_id in store.state.crystals(image_id)
        ]
        store.write_predictions(model_id, image_id, said)
    return model_id


def retire(store, code):
    """Offer a class no longer; what was settled as it stays so."""
    store.set_scheme(with_retired(store.state.scheme, code))
