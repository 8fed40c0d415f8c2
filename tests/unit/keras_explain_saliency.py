import numpy as np
import pytest
from learning_material import SIZE, examples, material

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.engines.classifier_service import ClassifierService
from microcrystalnet.engines.explainer_service import ExplainerService
from microcrystalnet.errors import ModelError
from microcrystalnet.explain.attribution import attribute
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.networks.build import scores
from microcrystalnet.learning.predict import open_classifier
from microcrystalnet.learning.train import train_crops
from microcrystalnet.progress import ignore_progress

METHOD = ((), ("gradcam", 1))


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "m1"
    config = TrainConfig(network="released", epochs=2)
    train_crops(material(), FOUR_CLASSES, CropRecipe(size=SIZE), config, folder)
    return open_classifier(folder)


def test_a_saliency_map_is_shaped_like_the_crop(classifier):
    maps = attribute(classifier, material(3).crops, "RES")
    assert maps.shape == (3, SIZE, SIZE)
    assert maps.dtype == np.float32
    assert (maps >= 0).all()


def test_saliency_is_the_slope_of_the_score(classifier):
    crop = material(1).crops.astype(np.float32)
    maps = attribute(classifier, crop, "PES")
    row, col = np.unravel_index(maps[0].argmax(), maps[0].shape)
    score = scores(classifier.model)
    step = np.zeros_like(crop)
    step[0, row, col, 0] = 1e-2
    change = np.asarray(score(crop + step))[0, 1] - np.asarray(score(crop - step))[0, 1]
    assert maps[0, row, col] == pytest.approx(abs(float(change)) / 2e-2, rel=0.05)


def test_each_crop_may_have_a_target_of_its_own(classifier):
    crops = material(2).crops
    both = attribute(classifier, crops, ["RES", "PES"])
    assert np.allclose(both[1], attribute(classifier, crops[1:], "PES")[0], atol=1e-6)


def test_an_unknown_target_is_refused(classifier):
    with pytest.raises(ModelError, match="XYZ"):
        attribute(classifier, material(1).crops, "XYZ")


def test_the_services_train_predict_and_explain(tmp_path):
    service, folder = ClassifierService(), tmp_path / "m1"
    found, labels = examples(tmp_path)
    config = TrainConfig(network="released", epochs=1)
    summary = service.train(found, labels, FOUR_CLASSES, config, folder)
    predictions = service.predict(folder, found[:3], FOUR_CLASSES)
    explanation = ExplainerService().explain(folder, found[0])
    assert summary.model_id == predictions[0].model_id == explanation.model_id == "m1"
    assert explanation.cls == predictions[0].cls
    assert explanation.probabilities == pytest.approx(predictions[0].probabilities, abs=1e-5)
    assert explanation.values.shape == (64, 64)
    assert explanation.frame == CropRecipe().frame(found[0].mask.region)


def test_a_class_may_be_asked_for(classifier, tmp_path):
    found, _ = examples(tmp_path, count=1, micrographs=1)
    folder = tmp_path / "m2"
    config = TrainConfig(network="released", epochs=1)
    train_crops(material(), FOUR_CLASSES, CropRecipe(size=SIZE), config, folder)
    assert ExplainerService().explain(folder, found[0], "SA").cls == "SA"


def test_the_service_explains_by_the_method_asked_for(tmp_path):
    found, _ = examples(tmp_path, count=1, micrographs=1)
    config = TrainConfig(network="released", epochs=1)
    train_crops(material(), FOUR_CLASSES, CropRecipe(size=SIZE), config, tmp_path / "m1")
    service = ExplainerService()
    plain, cam = (service.explain(tmp_path / "m1", found[0], "RES", *each) for each in METHOD)
    assert (plain.method, cam.method) == ("saliency", "gradcam")
    assert not np.array_equal(plain.values, cam.values)


def test_a_model_stays_in_memory_between_questions(tmp_path):
    service, heard = ClassifierService(), []
    folder = tmp_path / "m1"
    config = TrainConfig(network="released", epochs=1)
    train_crops(material(), FOUR_CLASSES, CropRecipe(size=SIZE), config, folder)
    service.predict(folder, [], None, ignore_progress)
    service.predict(folder, [], None, heard.append)
    assert "Loading the classifier" not in [progress.message for progress in heard]
