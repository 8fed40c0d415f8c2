"""The explainer's child process, called in this one."""

import numpy as np
import pytest
from explain_material import SIDE, without_convolutions
from learning_material import SIZE, examples, material

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.engines.explainer_service import ExplainerService
from microcrystalnet.errors import ModelError, NoConvolutionsError
from microcrystalnet.explain.explain import explain
from microcrystalnet.explain.words import EXPLAINING
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe, cut_examples
from microcrystalnet.learning.model_folder import save
from microcrystalnet.learning.networks.build import get_weights
from microcrystalnet.learning.predict import open_classifier
from microcrystalnet.learning.train import train_crops
from microcrystalnet.progress import CancelledError


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("explainer")


@pytest.fixture(scope="module")
def folder(place):
    config = TrainConfig(network="released", epochs=2)
    train_crops(material(), FOUR_CLASSES, CropRecipe(size=SIZE), config, place / "m1")
    return place / "m1"


@pytest.fixture(scope="module")
def crystals(place):
    return examples(place, count=6, micrographs=2)[0]


@pytest.fixture(scope="module")
def service():
    return ExplainerService()


def test_a_warm_model_is_not_loaded_again(service, folder, crystals):
    heard = []
    assert service.warm(folder, crystals[0]) == "m1"
    service.explain(folder, crystals[0], report=heard.append)
    assert "Loading the classifier" not in [each.message for each in heard]


def test_all_are_explained_as_each_is(service, folder, crystals):
    together = service.explain_all(folder, crystals)
    alone = service.explain(folder, crystals[3])
    assert [each.crystal_id for each in together] == [each.crystal_id for each in crystals]
    assert together[3].values == pytest.approx(alone.values, rel=1e-3, abs=1e-5)
    assert together[3].cls == alone.cls


def test_the_crystals_that_are_explained_are_counted(service, folder, crystals):
    heard = []
    service.explain_all(folder, crystals[:3], method="integrated", report=heard.append)
    counted = [each.done for each in heard if each.message == EXPLAINING]
    assert sorted(set(counted)) == [0, 1, 2]


def test_no_crystal_gives_no_explanation(service, folder):
    assert service.explain_all(folder, []) == []


def test_what_is_explained_is_what_the_command_line_explains(service, folder, crystals):
    mine = service.explain(folder, crystals[0], "SA", "gradcam", 2)
    theirs = explain(open_classifier(folder), crystals[0], "SA", "gradcam", block=2)
    assert (mine.cls, mine.frame) == ("SA", theirs.frame)
    assert mine.values == pytest.approx(theirs.values, abs=1e-5)


def test_every_block_is_seen(service, folder, crystals):
    seen = service.activations(folder, crystals[0])
    found = seen.blocks
    assert seen.masked
    assert seen.frame == service.explain(folder, crystals[0]).frame
    assert [each.block.number for each in found] == [1, 2, 3]
    assert found[0].mean().shape == (SIZE, SIZE)


def test_the_three_checks_answer(service, folder, crystals):
    curves = service.curves(folder, crystals[0])
    forgotten = service.cascade(folder, crystals[:2])
    shares = service.outline(folder, crystals)
    assert curves.cls == service.explain(folder, crystals[0]).cls
    assert forgotten.stages[-1].stage == "block1"
    assert {each.crystal_id for each in shares} == {each.crystal_id for each in crystals}


def test_work_on_many_crystals_can_be_cancelled(service, folder, crystals):
    def cancel(_progress):
        raise CancelledError

    with pytest.raises(CancelledError):
        service.explain_all(folder, crystals, report=cancel)


def test_a_model_that_is_not_there_is_refused(service, place, crystals):
    with pytest.raises(ModelError, match="train a model first"):
        service.explain(place / "none", crystals[0])


def test_a_model_without_convolutions_is_explained_but_has_no_layers(service, place, crystals):
    flat = without_convolutions()
    save(place / "flat", flat.card, get_weights(flat.model))
    assert service.explain(place / "flat", crystals[0]).values.shape == (SIDE, SIDE)
    with pytest.raises(NoConvolutionsError, match="no convolutions"):
        service.activations(place / "flat", crystals[0])


def test_a_crystal_at_the_edge_and_one_larger_than_the_crop_are_explained(
    service, folder, crystals
):
    crops = cut_examples(crystals, CropRecipe(size=SIZE, margin=0.5))
    assert np.isfinite(crops).all()
    values = [service.explain(folder, each).values for each in (crystals[0], crystals[-1])]
    assert all(np.isfinite(each).all() for each in values)
