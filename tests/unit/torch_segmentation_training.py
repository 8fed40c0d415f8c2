"""Training the embedded network; runs in a process of its own."""

import numpy as np

from microcrystalnet.segmentation.dense_network import DenseNetwork
from microcrystalnet.segmentation.training.export import export
from microcrystalnet.segmentation.training.fit import FitConfig, fit, learning_rate
from microcrystalnet.segmentation.training.pictures import make_picture

TINY = FitConfig(hours=0.0005, batch=2, widths=(8, 8, 8, 8, 8), loaders=0)


def blocks():
    labels = np.zeros((200, 240), np.uint16)
    labels[20:80, 30:90], labels[100:160, 90:200] = 1, 2
    return make_picture("two blocks", (labels * 80 + 30).astype(np.uint8), labels)


def test_training_leaves_a_network_that_can_be_exported_and_run(tmp_path):
    export(fit([blocks()], TINY, tmp_path / "run"), tmp_path / "tiny.onnx")
    maps = DenseNetwork(tmp_path / "tiny.onnx").maps(np.zeros((50, 70), np.float32))
    assert maps.foreground.shape == (50, 70)


def test_training_goes_on_from_a_checkpoint(tmp_path):
    first = fit([blocks()], TINY, tmp_path / "first")
    fit([blocks()], TINY, tmp_path / "second", start=first)
    rows = [
        (tmp_path / run / "log.csv").read_text().splitlines()[-1] for run in ("first", "second")
    ]
    steps = [int(row.split(",")[0]) for row in rows]
    assert steps[1] > steps[0]


def test_the_learning_rate_rises_and_then_falls():
    rates = [learning_rate(1.0, step, share) for step, share in ((1, 0), (50, 0), (900, 1))]
    assert rates == [0.02, 1.0, 0.01]
