import json
from dataclasses import replace

import numpy as np
import pytest
from learning_material import CODES, SIZE, examples, material

from microcrystalnet.domain.scheme import FOUR_CLASSES, Scheme
from microcrystalnet.errors import ModelError, TrainingError
from microcrystalnet.learning import fit as fitting
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.material import Teaching
from microcrystalnet.learning.model_folder import load
from microcrystalnet.learning.predict import open_classifier, predict, predict_crops
from microcrystalnet.learning.train import NO_TEST, train, train_crops
from microcrystalnet.progress import CancelledError

RECIPE = CropRecipe(size=SIZE)
QUICK = TrainConfig(epochs=2, refits=(1,), components=8)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A model of the paper's network, trained for two epochs on thirty crystals."""
    folder = tmp_path_factory.mktemp("models") / "m1"
    heard = []
    summary = train_crops(material(), FOUR_CLASSES, RECIPE, QUICK, folder, heard.append)
    return summary, heard


def test_a_training_leaves_a_complete_model_folder(trained):
    summary, _ = trained
    names = {path.name for path in summary.folder.iterdir()}
    assert names == {"model.json", "weights.safetensors", "SHA256SUMS"}


def test_every_epoch_reports_the_numbers_of_its_curve(trained):
    _, heard = trained
    curves = [progress for progress in heard if progress.values]
    assert [progress.done for progress in curves] == [1, 2]
    assert set(curves[0].values) == {"epoch", "loss", "accuracy", "val_loss", "val_accuracy"}


def test_the_card_tells_how_the_model_came_about(trained):
    summary, _ = trained
    card = load(summary.folder)
    assert card.classes == CODES
    assert card.training == summary.record
    assert card.training.config.epochs == 2
    assert card.training.metrics.n == len(card.training.held_out)


def test_the_basis_and_the_selection_are_reported(trained):
    record = trained[0].record
    assert 0 < record.selected <= record.components == 8
    assert 0 < record.explained_variance <= 1


def test_validation_shares_no_micrograph_with_training(trained):
    record = trained[0].record
    assert record.trained + record.validated == 30
    assert len({crystal.image_id for crystal in record.held_out}) == 1


def test_figures_of_the_validation_part_are_called_too_kind(trained):
    assert (trained[0].record.judged_on, NO_TEST in trained[0].notes) == ("validation", True)


def test_classes_with_few_crystals_are_named(trained):
    assert "No settled crystal is AA, so the classifier cannot learn it." in trained[0].notes


def test_a_loaded_model_predicts_what_the_trained_one_did(trained):
    summary, _ = trained
    held_out = summary.record.held_out[0]
    classifier = open_classifier(summary.folder)
    crops = material()
    again = predict_crops(classifier, crops.crops[[crops.names.index(held_out.crystal_id)]])
    assert again[0] == pytest.approx(held_out.probabilities, abs=1e-5)


def test_probabilities_sum_to_one(trained):
    table = predict_crops(open_classifier(trained[0].folder), material().crops)
    assert table.shape == (30, 4)
    assert table.sum(1) == pytest.approx(1)


def test_no_crystal_gives_no_prediction(trained):
    assert predict(trained[0].folder, []) == []


def test_predictions_name_crystal_model_and_class(trained, tmp_path):
    found, _ = examples(tmp_path, count=2)
    predictions = predict(trained[0].folder, found)
    assert [each.crystal_id for each in predictions] == ["c0", "c1"]
    assert predictions[0].model_id == "m1"
    assert predictions[0].classes == CODES


def test_crops_of_another_size_are_refused(trained):
    classifier = open_classifier(trained[0].folder)
    with pytest.raises(ModelError, match="32 x 32"):
        predict_crops(classifier, np.zeros((1, 16, 16, 1), np.float32))


def test_crops_with_nan_are_refused(trained):
    classifier = open_classifier(trained[0].folder)
    with pytest.raises(ModelError, match="not numbers"):
        predict_crops(classifier, np.full((1, SIZE, SIZE, 1), np.nan, np.float32))


def test_a_model_of_another_scheme_does_not_predict(trained):
    other = Scheme("Other", 1, FOUR_CLASSES.classes[:3])
    with pytest.raises(ModelError, match="RES, PES, AA, SA"):
        predict(trained[0].folder, [], scheme=other)


def test_weights_of_another_network_are_refused(trained, tmp_path):
    other = tmp_path / "other"
    train_crops(material(), FOUR_CLASSES, RECIPE, replace(QUICK, network="released"), other)
    for name in ("weights.safetensors", "SHA256SUMS"):
        (other / name).unlink()
    damaged = trained[0].folder
    (other / "weights.safetensors").write_bytes((damaged / "weights.safetensors").read_bytes())
    card_sum = _sha256(other / "model.json")
    weights_sum = _sha256(other / "weights.safetensors")
    (other / "SHA256SUMS").write_text(
        f"{card_sum}  model.json\n{weights_sum}  weights.safetensors\n"
    )
    with pytest.raises(ModelError, match="do not belong"):
        open_classifier(other)


def test_the_same_seed_gives_the_same_model(trained, tmp_path):
    again = train_crops(material(), FOUR_CLASSES, RECIPE, QUICK, tmp_path / "again")
    assert again.record.history == trained[0].record.history
    assert _sha256(tmp_path / "again" / "weights.safetensors") == _sha256(
        trained[0].folder / "weights.safetensors"
    )


def test_examples_are_cut_from_their_micrographs_and_learned(tmp_path):
    found, labels = examples(tmp_path)
    config = TrainConfig(network="released", epochs=15, learning_rate=3e-3)
    summary = train(found, labels, FOUR_CLASSES, config, tmp_path / "m", recipe=RECIPE)
    predictions = predict(tmp_path / "m", found)
    assert summary.metrics.accuracy == 1
    assert [each.cls for each in predictions] == labels


def test_a_cancelled_training_leaves_nothing(tmp_path):
    def cancel(progress):
        if progress.values:
            raise CancelledError

    with pytest.raises(CancelledError):
        train_crops(material(), FOUR_CLASSES, RECIPE, QUICK, tmp_path / "m", cancel)
    assert list(tmp_path.iterdir()) == []


def test_a_training_that_goes_astray_leaves_nothing(tmp_path):
    wild = replace(QUICK, network="released", learning_rate=10, epochs=20)
    crops = replace(material(), crops=material().crops * np.float32(1e30))
    with pytest.raises(TrainingError, match="not a number"):
        train_crops(crops, FOUR_CLASSES, RECIPE, wild, tmp_path / "m")
    assert list(tmp_path.iterdir()) == []


def test_an_existing_model_is_never_written_over(trained):
    before = json.loads((trained[0].folder / "model.json").read_text())
    config = replace(QUICK, network="released", epochs=1)
    with pytest.raises(ModelError, match="exists already"):
        train_crops(material(), FOUR_CLASSES, RECIPE, config, trained[0].folder)
    assert json.loads((trained[0].folder / "model.json").read_text()) == before


def test_when_memory_runs_out_the_batch_halves(tmp_path, monkeypatch):
    tried = []
    real = fitting.fit

    def fit_in_little_memory(network, train_part, validation, config, report):
        tried.append(config.batch)
        if config.batch > 4:
            raise MemoryError
        return real(network, train_part, validation, config, report)

    monkeypatch.setattr("microcrystalnet.learning.attempt.fit", fit_in_little_memory)
    config = replace(QUICK, network="released", epochs=1)
    summary = train_crops(material(), FOUR_CLASSES, RECIPE, config, tmp_path / "m")
    assert tried == [32, 16, 8, 4]
    assert summary.record.config.batch == 4
    assert any("batches of 32, so batches of 4" in note for note in summary.notes)


def test_folds_judge_every_crystal_and_the_model_learns_from_all(tmp_path):
    heard = []
    config = replace(QUICK, network="released", epochs=1, folds=2)
    summary = train_crops(
        material(60, 6), FOUR_CLASSES, RECIPE, config, tmp_path / "m", heard.append
    )
    record = load(tmp_path / "m").training
    assert record == summary.record
    assert (record.judged_on, record.metrics.n, len(record.folds)) == ("folds", 60, 2)
    assert record.trained + record.validated == 60
    assert sum(fold.metrics.n for fold in record.folds) == 60
    assert [(each.done, each.total) for each in heard if each.values] == [(3, 3)]


def test_folds_record_the_batch_that_was_used(tmp_path):
    config = replace(QUICK, network="released", epochs=1, folds=2, augment=False)
    summary = train_crops(material(60, 6), FOUR_CLASSES, RECIPE, config, tmp_path / "m")
    assert summary.record.config == replace(config, batch=8, targets="paper")


def test_single_answers_that_stand_in_for_settled_classes_are_told(tmp_path):
    crops = material(60, 6)
    weights = np.where(np.array(crops.images) == "i0", 1.0, 0.5)  # i0 falls into training
    taught = replace(crops, teaching=Teaching(np.eye(4)[crops.truth(FOUR_CLASSES)], weights))
    config = TrainConfig(network="released", epochs=1)
    summary = train_crops(taught, FOUR_CLASSES, RECIPE, config, tmp_path / "m")
    stood_in = [note for note in summary.notes if "one expert alone" in note]
    assert ["to judge" in note for note in stood_in] == [True, False]
    assert json.loads((tmp_path / "m" / "model.json").read_text())["training"]["notes"] == list(
        summary.notes
    )


def test_folds_without_a_settled_crystal_are_named(tmp_path):
    crops = material(60, 6)
    weights = np.where(np.array(crops.images) == "i0", 1.0, 0.5)
    taught = replace(crops, teaching=Teaching(np.eye(4)[crops.truth(FOUR_CLASSES)], weights))
    config = TrainConfig(network="released", epochs=1, folds=2)
    summary = train_crops(taught, FOUR_CLASSES, RECIPE, config, tmp_path / "m")
    assert sum("to judge fold" in note for note in summary.notes) == 1


def test_soft_shares_are_learned_as_they_are(tmp_path):
    crops = material(40)
    shares = np.tile([0.5, 0.3, 0.2, 0], (40, 1))
    disagreed = np.arange(40) % 2 == 0
    taught = replace(crops, teaching=Teaching(shares, np.ones(40), disagreed))
    config = TrainConfig(
        network="released", epochs=12, learning_rate=3e-3, balance="none", split="crystal"
    )
    summary = train_crops(taught, FOUR_CLASSES, RECIPE, config, tmp_path / "m")
    assert summary.record.config.targets == "soft"
    held_out = [each.crystal_id for each in summary.record.held_out]
    contested = [name for name in held_out if int(name[1:]) % 2 == 0]
    assert summary.record.contested.n == len(contested) > 0
    # Every contested crystal is of the class that is taught the most of.
    assert summary.record.contested.right == len(contested)
    # The least possible loss is the entropy of what is taught.
    assert summary.record.history[-1].loss == pytest.approx(1.03, abs=0.05)


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop"])
def test_other_optimizers_learn_too(tmp_path, optimizer):
    config = replace(QUICK, network="released", optimizer=optimizer, jitter=0.1)
    summary = train_crops(material(), FOUR_CLASSES, RECIPE, config, tmp_path / "m")
    first, last = summary.record.history
    assert last.loss < first.loss


def test_crops_with_nan_are_not_trained_on(tmp_path):
    crops = material()
    crops.crops[0] = np.nan
    with pytest.raises(TrainingError, match="crystal c0"):
        train_crops(crops, FOUR_CLASSES, RECIPE, QUICK, tmp_path / "m")
    assert list(tmp_path.iterdir()) == []


def test_a_training_without_enough_memory_says_so(tmp_path, monkeypatch):
    def no_memory(*arguments):
        raise MemoryError

    monkeypatch.setattr("microcrystalnet.learning.attempt.fit", no_memory)
    with pytest.raises(TrainingError, match="not enough memory"):
        train_crops(material(), FOUR_CLASSES, RECIPE, QUICK, tmp_path / "m")


def _sha256(path):
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_variance_told_is_that_of_the_basis_that_was_kept(tmp_path, monkeypatch):
    losses = iter([1.0, 1.0, 2.0])
    monkeypatch.setattr(fitting._Training, "_judge", lambda _: (next(losses), 0.5))
    once = train_crops(
        material(), FOUR_CLASSES, RECIPE, replace(QUICK, epochs=1), tmp_path / "once"
    )
    refitted = train_crops(material(), FOUR_CLASSES, RECIPE, QUICK, tmp_path / "refitted")
    assert refitted.record.best_epoch == 1
    assert refitted.record.explained_variance == once.record.explained_variance
