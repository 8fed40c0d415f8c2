import json

import h5py
import numpy as np
import pytest

from microcrystalnet.errors import ModelError, WeightsError
from microcrystalnet.learning.imported import match_orders, reorder
from microcrystalnet.learning.keras_file import read_keras_file
from microcrystalnet.learning.networks.layers import (
    Activation,
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    Pool,
)

INPUT = ("InputLayer", {"name": "input", "batch_input_shape": [None, 16, 16, 1]})
CONV = (
    "Conv2D",
    {
        "name": "conv",
        "filters": 2,
        "kernel_size": [3, 3],
        "strides": [1, 1],
        "padding": "same",
        "dilation_rate": [1, 1],
        "activation": "relu",
        "use_bias": True,
    },
)
POOL = (
    "MaxPooling2D",
    {"name": "pool", "pool_size": [2, 2], "strides": [2, 2], "padding": "valid"},
)
FLATTEN = ("Flatten", {"name": "flat"})
LAST = ("Dense", {"name": "last", "units": 3, "activation": "softmax", "use_bias": True})
PLAIN = (INPUT, CONV, POOL, FLATTEN, LAST)


def write(path, layers=PLAIN, sources=None):
    """Write a Keras 2 file with a bias for the last layer."""
    described = [{"class_name": kind, "config": config} for kind, config in layers]
    for layer, source in zip(described, sources or [], strict=False):
        layer["inbound_nodes"] = [[[name, 0, 0, {}] for name in source]]
    config = {"class_name": "Functional", "config": {"layers": described}}
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file["model_weights/last/last/bias:0"] = np.arange(3, dtype=np.float32)
    return path


def changed(layer, **settings):
    return (layer[0], layer[1] | settings)


def test_a_plain_chain_is_rebuilt(tmp_path):
    network, _ = read_keras_file(write(tmp_path / "m.h5"))
    assert network.size == 16
    assert network.layers == (
        Convolution("conv", 2, 3, "relu"),
        Pool("pool", 2),
        Flatten("flat"),
        Dense("logits", 3),
    )


def test_tensors_are_found_by_layer(tmp_path):
    _, weights = read_keras_file(write(tmp_path / "m.h5"))
    assert list(weights) == ["logits/bias"]
    assert weights["logits/bias"].tolist() == [0, 1, 2]


def test_normalisation_dropout_and_activations_are_rebuilt(tmp_path):
    norm = {"name": "norm", "axis": [3], "momentum": 0.9, "epsilon": 0.01}
    layers = (
        INPUT,
        ("BatchNormalization", norm | {"center": True, "scale": True}),
        ("ReLU", {"name": "relu"}),
        ("Dropout", {"name": "drop", "rate": 0.5}),
        FLATTEN,
        changed(LAST, activation="linear"),
        ("Activation", {"name": "soft", "activation": "softmax"}),
    )
    network, _ = read_keras_file(write(tmp_path / "m.h5", layers))
    assert network.layers[:3] == (
        BatchNorm("norm", 0.9, 0.01),
        Activation("relu"),
        Dropout("drop", 0.5),
    )
    assert network.layers[-1] == Dense("logits", 3)


def test_the_inputs_of_keras_3_are_understood(tmp_path):
    path = write(tmp_path / "m.h5")
    with h5py.File(path, "a") as file:
        config = json.loads(file.attrs["model_config"])
        tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": ["input", 0, 0]}}
        config["config"]["layers"][1]["inbound_nodes"] = [{"args": [tensor], "kwargs": {}}]
        file.attrs["model_config"] = json.dumps(config)
    assert read_keras_file(path)[0].outputs == 3


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ((INPUT, ("Lambda", {"name": "evil", "function": ["code"]}), LAST), "kind Lambda"),
        ((INPUT, ("Custom>Evil", {"name": "evil"}), LAST), "kind Custom>Evil"),
        ((INPUT, changed(CONV, dilation_rate=[2, 2]), LAST), "Layer conv"),
        ((INPUT, changed(CONV, activation="elu"), LAST), "Layer conv"),
        ((INPUT, changed(POOL, strides=[1, 1]), LAST), "Layer pool"),
        ((changed(INPUT, batch_input_shape=[None, 16, 16, 3]), LAST), "3 channels"),
        ((INPUT, CONV), "does not end"),
        ((INPUT, ("Dense", {"name": "last"})), "does not know"),
    ],
)
def test_what_cannot_be_rebuilt_is_refused(tmp_path, layers, sentence):
    with pytest.raises(WeightsError, match=sentence):
        read_keras_file(write(tmp_path / "m.h5", layers))


def test_a_network_with_a_branch_is_refused(tmp_path):
    sources = [[], ["input"], ["input"], ["pool"], ["flat"]]
    with pytest.raises(WeightsError, match="Layer pool has several inputs"):
        read_keras_file(write(tmp_path / "m.h5", sources=sources))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="missing, incomplete"):
        read_keras_file(tmp_path / "none.h5")


def test_a_text_file_is_refused(tmp_path):
    (tmp_path / "m.h5").write_text("hello")
    with pytest.raises(WeightsError, match="another kind"):
        read_keras_file(tmp_path / "m.h5")


def test_a_truncated_file_is_refused(tmp_path):
    content = write(tmp_path / "m.h5").read_bytes()
    (tmp_path / "m.h5").write_bytes(content[: len(content) // 2])
    with pytest.raises(WeightsError, match="incomplete"):
        read_keras_file(tmp_path / "m.h5")


def test_weights_without_a_network_are_refused(tmp_path):
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["last/bias:0"] = np.zeros(3)
    with pytest.raises(WeightsError, match="no description"):
        read_keras_file(tmp_path / "m.h5")


def test_links_out_of_the_file_are_not_followed(tmp_path):
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["kernel:0"] = np.ones((3, 3, 1, 2), np.float32)
    path = write(tmp_path / "m.h5")
    with h5py.File(path, "a") as file:
        file["model_weights/conv"] = h5py.ExternalLink("secret.h5", "/")
    assert list(read_keras_file(path)[1]) == ["logits/bias"]


def test_weights_kept_outside_the_file_are_refused(tmp_path):
    (tmp_path / "raw").write_bytes(bytes(12))
    path = write(tmp_path / "m.h5")
    with h5py.File(path, "a") as file:
        where = [(str(tmp_path / "raw"), 0, 12)]
        file.create_dataset("model_weights/conv/bias:0", (3,), "f4", external=where)
    with pytest.raises(WeightsError, match="outside itself"):
        read_keras_file(path)


def test_outputs_move_with_their_weights():
    weights = {"logits/kernel": np.array([[0.0, 1, 2]]), "logits/bias": np.array([5.0, 6, 7])}
    moved = reorder(weights, [2, 0, 1])
    assert moved["logits/kernel"].tolist() == [[2, 0, 1]]
    assert moved["logits/bias"].tolist() == [7, 5, 6]


def test_the_right_order_of_classes_matches_best():
    truth = ["PES", "AA", "RES", "SA"] * 6
    outputs = np.tile(np.eye(4), (6, 1))
    best, second, *rest = match_orders(truth, outputs, ("RES", "PES", "AA", "SA"))
    assert best.order == ("PES", "AA", "RES", "SA")
    assert (best.accuracy, second.accuracy) == (1, 0.5)
    assert len(rest) == 22


def test_a_few_labelled_crystals_cannot_tell_the_order():
    with pytest.raises(ModelError, match="only 4 have a settled class"):
        match_orders(["RES"] * 4, np.eye(4), ("RES", "PES", "AA", "SA"))


@pytest.mark.parametrize(
    "layers",
    [
        (INPUT, CONV, FLATTEN, changed(LAST, activation="relu")),
        (INPUT, CONV, FLATTEN, changed(LAST, activation="linear"), ("ReLU", {"name": "last"})),
        (INPUT, CONV, FLATTEN, changed(LAST, name="middle"), LAST),
        (INPUT, CONV, FLATTEN, LAST, ("Activation", {"name": "last", "activation": "softmax"})),
    ],
)
def test_a_softmax_anywhere_but_at_the_end_is_not_dropped_in_silence(tmp_path, layers):
    with pytest.raises(WeightsError, match="has a setting that this program does not rebuild"):
        read_keras_file(write(tmp_path / "m.h5", layers))


@pytest.mark.parametrize("option", [{"max_value": 6}, {"negative_slope": 0.1}, {"threshold": 1}])
def test_a_function_of_another_shape_is_refused(tmp_path, option):
    layers = (INPUT, CONV, ("ReLU", {"name": "bent", **option}), FLATTEN, LAST)
    with pytest.raises(WeightsError, match="Layer bent has a setting"):
        read_keras_file(write(tmp_path / "m.h5", layers))


def test_the_usual_options_of_a_function_are_its_plain_form(tmp_path):
    usual = {"name": "plain", "max_value": None, "negative_slope": 0.0, "threshold": 0.0}
    network, _ = read_keras_file(
        write(tmp_path / "m.h5", (INPUT, CONV, ("ReLU", usual), FLATTEN, LAST))
    )
    assert Activation("plain") in network.layers
