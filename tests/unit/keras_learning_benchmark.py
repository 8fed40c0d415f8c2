import json
import shutil
from dataclasses import replace

import h5py
import numpy as np
import pytest
import tifffile
import typer
from learning_material import SIZE, material
from typer.testing import CliRunner

from microcrystalnet.cli.benchmark import benchmark
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import ModelError, TrainingError, WeightsError
from microcrystalnet.learning.benchmark import read_outcomes, run_benchmark
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.course import Crystals, lay_out
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.entrants import enter
from microcrystalnet.learning.imagenet import load_imagenet
from microcrystalnet.learning.model_folder import save
from microcrystalnet.learning.networks.branches import is_chain
from microcrystalnet.learning.networks.build import build, get_weights, set_weights, without_dropout
from microcrystalnet.learning.networks.choose import choose, published
from microcrystalnet.learning.networks.recommended import recommended
from microcrystalnet.learning.networks.vit import vit
from microcrystalnet.learning.predict import open_classifier, predict_crops
from microcrystalnet.learning.records import ModelCard
from microcrystalnet.learning.split import LEAK
from microcrystalnet.learning.train import train_crops

BUDGET = TrainConfig(epochs=1, batch=8)
CODES = FOUR_CLASSES.codes


@pytest.fixture(scope="module")
def course():
    return lay_out(crystals(), CODES, BUDGET, others())


@pytest.fixture(scope="module")
def folder(course, tmp_path_factory):
    """The results of two networks, one of them without its NSR block."""
    folder = tmp_path_factory.mktemp("benchmark")
    run_benchmark(course, enter(["released", "paper-no-nsr"], BUDGET), [0], folder)
    return folder


@pytest.fixture
def crops():
    return np.random.default_rng(0).random((4, SIZE, SIZE, 1), np.float32)


def crystals(count=30):
    return Crystals.of(material(count), FOUR_CLASSES)


def others():
    """Give twelve crystals, mirrored, which nobody learns from."""
    twelve = crystals(count=12)
    return replace(twelve, crops=twelve.crops[:, ::-1])


def test_every_network_and_seed_leaves_one_result(folder):
    names = {path.name for path in folder.iterdir()}
    assert names == {"released_seed0.json", "paper-no-nsr_seed0.json"}


def test_a_result_tells_what_a_comparison_needs(folder, course):
    outcome = read_outcomes(folder)[1]
    assert (outcome.entrant, outcome.epochs, len(outcome.judged)) == ("released", 1, 12)
    assert outcome.parameters > 10_000
    assert outcome.cpu_seconds > 0
    assert outcome.digest == course.digest


def test_what_is_done_is_not_done_again(folder, course):
    before = (folder / "released_seed0.json").stat().st_mtime_ns
    run_benchmark(course, enter(["released"], BUDGET), [0], folder)
    assert (folder / "released_seed0.json").stat().st_mtime_ns == before


def test_results_of_another_budget_are_not_mixed(folder, course):
    with pytest.raises(TrainingError, match="another budget"):
        run_benchmark(course, enter(["released"], replace(BUDGET, epochs=2)), [0], folder)


def test_results_on_other_crystals_are_not_mixed(folder):
    other = lay_out(crystals(40), CODES, BUDGET, others())
    with pytest.raises(TrainingError, match="other crystals"):
        run_benchmark(other, enter(["released"], BUDGET), [0], folder)


def test_a_network_that_does_not_fit_into_memory_says_what_to_do(course, tmp_path, monkeypatch):
    def no_memory(*arguments, **begin):
        raise MemoryError

    monkeypatch.setattr("microcrystalnet.learning.benchmark.fit", no_memory)
    with pytest.raises(TrainingError, match="released in batches of 8; leave it out"):
        run_benchmark(course, enter(["released"], BUDGET), [0], tmp_path)


def test_a_place_that_is_a_file_is_refused(course, tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(TrainingError, match="cannot be made"):
        run_benchmark(course, enter(["released"], BUDGET), [0], tmp_path / "out")


def test_a_damaged_result_says_what_to_do(folder, course, tmp_path):
    (tmp_path / "released_seed0.json").write_text("{")
    with pytest.raises(ModelError, match="delete it"):
        run_benchmark(course, enter(["released"], BUDGET), [0], tmp_path)


@pytest.mark.parametrize("network", ["vgg16", "inceptionv3"])
def test_a_published_network_has_the_same_weights_each_time_it_is_built(network, crops):
    wanted = published(network, SIZE, 4, dropout=0.5)
    one, two = build(wanted), build(wanted)
    set_weights(two, get_weights(one))
    assert np.asarray(two(crops)) == pytest.approx(np.asarray(one(crops)), abs=1e-6)


def test_the_transformer_learns_the_place_of_each_patch(crops):
    model = build(vit(SIZE, 4))
    assert tuple(model.get_layer("patches").bias.shape) == (16, 96)
    assert np.asarray(model(crops)).sum(1) == pytest.approx(1)


def test_dropout_is_taken_out_of_a_network_that_forks(crops):
    model = build(vit(SIZE, 4))
    quiet = without_dropout(model)
    assert np.asarray(quiet(crops)) == pytest.approx(np.asarray(model(crops)), abs=1e-6)
    assert not [layer for layer in quiet.layers if type(layer).__name__ == "Dropout"]


def test_the_recommended_network_predicts_without_tensorflow():
    assert is_chain(recommended(64, 4, dropout=0.5))


def test_a_saved_recommended_network_predicts_as_when_it_was_trained(tmp_path):
    config = replace(BUDGET, network="recommended")
    done = train_crops(material(), FOUR_CLASSES, CropRecipe(size=SIZE), config, tmp_path / "m")
    judged = done.record.held_out[0]
    crops, names = material().crops, material().names
    again = predict_crops(open_classifier(tmp_path / "m"), crops[[names.index(judged.crystal_id)]])
    assert again[0] == pytest.approx(judged.probabilities, abs=1e-5)


def test_a_saved_network_that_forks_predicts_what_it_did(tmp_path, crops):
    model, recipe = build(vit(SIZE, 4)), CropRecipe(size=SIZE)
    card = ModelCard(1, "2026", vit(SIZE, 4), CODES, FOUR_CLASSES, recipe, 1.0, "trained")
    save(tmp_path / "m", card, get_weights(model))
    found = predict_crops(open_classifier(tmp_path / "m"), crops)
    assert found == pytest.approx(np.asarray(model(crops)), abs=1e-5)


def test_a_crop_that_patches_do_not_tile_is_refused():
    with pytest.raises(ModelError, match="60 pixels"):
        build(choose(TrainConfig(network="vit"), 60, 4, 100))


def test_imagenet_weights_are_taken_by_order_and_shape(tmp_path, crops):
    theirs = build(published("vgg16", SIZE, 4, dropout=0.5))
    write_notop(theirs, tmp_path / "vgg16_notop.h5")
    ours = build(published("vgg16", SIZE, 4, dropout=0.5))
    load_imagenet(ours, "vgg16", tmp_path / "vgg16_notop.h5")
    name = "backbone_2/kernel"
    assert np.array_equal(get_weights(ours)[name], get_weights(theirs)[name])


def test_imagenet_weights_of_another_network_are_refused(tmp_path):
    write_notop(build(published("vgg16", SIZE, 4, dropout=0.5)), tmp_path / "vgg16.h5")
    model = build(published("efficientnetb0", SIZE, 4, dropout=0.5))
    with pytest.raises(WeightsError, match="efficientnetb0 without its dense layers"):
        load_imagenet(model, "efficientnetb0", tmp_path / "vgg16.h5")


def test_a_file_that_is_no_weights_file_is_refused(tmp_path):
    (tmp_path / "w.h5").write_text("nothing")
    with pytest.raises(WeightsError, match=r"w\.h5 cannot be read"):
        load_imagenet(build(published("vgg16", SIZE, 4, dropout=0.5)), "vgg16", tmp_path / "w.h5")


def test_the_command_leaves_a_table_that_can_be_printed(tmp_path):
    crops, rows = material(60), ["path,image,label"]
    for name, image, label, crop in zip(
        crops.names, crops.images, crops.labels, crops.crops, strict=True
    ):
        tifffile.imwrite(tmp_path / f"{name}.tif", np.rint(crop[..., 0] * 255).astype(np.uint8))
        rows.append(f"{name}.tif,{image},{label}")
    (tmp_path / "crops.csv").write_text("\n".join(rows))
    app, table, out = typer.Typer(), str(tmp_path / "crops.csv"), tmp_path / "out"
    app.command()(benchmark)
    options = ["--networks", "released", "--epochs", "1", "--set", "batch=8", "--out", str(out)]
    done = CliRunner().invoke(app, [table, *options, "--set", "split=crystal"])
    assert done.exit_code == 0, done.output
    (told,) = json.loads(done.stdout)
    assert (told["entrant"], told["notes"]) == ("released", [LEAK])
    assert LEAK in done.stderr
    assert LEAK in (out / "benchmark.md").read_text()
    assert "| released | 287,156 | 1 | 1 |" in (out / "benchmark.md").read_text()
    assert len((out / "benchmark.csv").read_text().splitlines()) == 2


def write_notop(model, path):
    """Write the backbone as Keras writes the files it publishes."""
    import keras
    from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

    with h5py.File(path, "w") as file:
        save_weights_to_hdf5_group(file, keras.Model(model.input, model.get_layer("average").input))


def test_results_on_other_crystals_are_not_ranked_beside_them(folder, tmp_path):
    for name in ("one_seed0.json", "two_seed0.json"):
        shutil.copy(folder / "released_seed0.json", tmp_path / name)
    text = (tmp_path / "two_seed0.json").read_text()
    digest = read_outcomes(folder)[1].digest
    (tmp_path / "two_seed0.json").write_text(text.replace(digest, "0" * len(digest)))
    with pytest.raises(TrainingError, match="different crystals"):
        read_outcomes(tmp_path)
