"""Training, prediction and cold start of the classifier, beside the same network in plain Keras.

`python -m benchmarks.classifier WORK FOLDER` does one piece of work and prints what it took: each
runs in a process of its own, as the program's engine does.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.figures import Figure

if TYPE_CHECKING:
    from microcrystalnet.learning.networks.layers import Network

CROPS, SIDE, EPOCHS, CLASSES = 1852, 64, 30, 4
PLAIN_EPOCHS = 3  # of the plain loop, whose epochs all take the same
PREDICTED = 2048
NETWORKS = ("paper", "released")


def measure() -> list[Figure]:
    """Train, predict and start, ours and plain Keras in turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, plain = _ask("train", folder), _ask("train_plainly", folder)
        figures = [
            Figure(
                f"training `paper`: {CROPS} crops, {EPOCHS} epochs",
                f"{ours['wall']:.0f} s ({ours['cpu']:.0f} s of one core)",
                "150 s",
                f"plain Keras loop {plain['wall'] / PLAIN_EPOCHS * EPOCHS:.0f} s "
                f"({plain['cpu'] / PLAIN_EPOCHS * EPOCHS:.0f} s), from {PLAIN_EPOCHS} epochs",
            ),
            Figure("memory of the training process", f"{ours['memory']:.0f} MB", "2000 MB"),
        ]
        for network in NETWORKS:
            figures += _prediction(network, folder)
        return figures


def _prediction(network: str, folder: Path) -> list[Figure]:
    _ask(f"make_{network}", folder)
    runs = [_ask(f"predict_{network}", folder) for _ in range(3)]
    plain = _ask(f"predict_plainly_{network}", folder)
    aim = {"paper": "700 a second", "released": "3000 a second"}[network]
    return [
        Figure(
            f"crops predicted a second, `{network}`",
            f"{max(run['rate'] for run in runs):.0f}",
            aim,
            f"Keras predict {plain['rate']:.0f}",
        ),
        Figure(
            f"first prediction after a cold start, `{network}`",
            f"{np.median([run['first'] for run in runs]):.1f} s (n = 3)",
            "8 s",
            f"Keras {plain['first']:.1f} s",
        ),
        Figure(
            f"memory of the predicting process, `{network}`",
            f"{max(run['memory'] for run in runs):.0f} MB",
            "2000 MB",
            f"Keras {plain['memory']:.0f} MB",
        ),
    ]


def _ask(work: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.classifier", work, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=3000)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _crops(count: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    crops = generator.random((count, SIDE, SIDE, 1), np.float32)
    return crops, generator.integers(0, CLASSES, count)


def _train(folder: Path) -> None:
    from microcrystalnet.domain.scheme import FOUR_CLASSES
    from microcrystalnet.learning.config import TrainConfig
    from microcrystalnet.learning.dataset import CropRecipe
    from microcrystalnet.learning.material import LabelledCrops
    from microcrystalnet.learning.train import train_crops

    crops, truth = _crops(CROPS)
    images = [f"i{number % 48}" for number in range(CROPS)]
    labels = [FOUR_CLASSES.codes[number] for number in truth]
    names = [f"c{number}" for number in range(CROPS)]
    material = LabelledCrops(crops, names, images, labels, "0" * 64)
    config = TrainConfig(epochs=EPOCHS, patience=EPOCHS)
    with _timed():
        train_crops(material, FOUR_CLASSES, CropRecipe(), config, folder / "trained")


def _train_plainly(_folder: Path) -> None:
    from microcrystalnet.learning.networks.build import load_keras

    keras = load_keras()
    model = _keras_model("paper")
    model.compile(
        keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    crops, truth = _crops(CROPS)
    held = CROPS // 10
    kept = {"batch_size": 32, "validation_data": (crops[:held], truth[:held]), "verbose": 0}
    learnt = crops[2 * held :], truth[2 * held :]
    model.fit(*(each[:64] for each in learnt), **kept)
    with _timed():
        model.fit(*learnt, epochs=PLAIN_EPOCHS, **kept)


def _make(network: str, folder: Path) -> None:
    from microcrystalnet.domain.scheme import FOUR_CLASSES
    from microcrystalnet.learning.dataset import CropRecipe
    from microcrystalnet.learning.model_folder import save
    from microcrystalnet.learning.networks.build import get_weights
    from microcrystalnet.learning.records import FORMAT, ModelCard

    described, recipe = _network(network), CropRecipe()
    codes = FOUR_CLASSES.codes
    card = ModelCard(FORMAT, "", described, codes, FOUR_CLASSES, recipe, 1.0, "a benchmark")
    model = _keras_model(network)
    save(folder / network, card, get_weights(model))
    model.save(folder / f"{network}.keras")
    print("{}")


def _predict(network: str, folder: Path) -> None:
    from microcrystalnet.learning.predict import open_classifier, predict_crops

    crops, _ = _crops(PREDICTED)
    classifier = open_classifier(folder / network)
    predict_crops(classifier, crops[:1])
    first = _age()
    start = time.perf_counter()
    predict_crops(classifier, crops)
    _say(first=first, rate=PREDICTED / (time.perf_counter() - start), memory=_memory())


def _predict_plainly(network: str, folder: Path) -> None:
    from microcrystalnet.learning.networks.build import load_keras

    crops, _ = _crops(PREDICTED)
    model = load_keras().models.load_model(folder / f"{network}.keras")
    model.predict(crops[:1], verbose=0)
    first = _age()
    start = time.perf_counter()
    model.predict(crops, batch_size=64, verbose=0)
    _say(first=first, rate=PREDICTED / (time.perf_counter() - start), memory=_memory())


def _network(name: str) -> Network:
    from microcrystalnet.learning.config import TrainConfig
    from microcrystalnet.learning.networks.choose import choose

    return choose(TrainConfig(network=name), SIDE, CLASSES, CROPS)


def _keras_model(name: str) -> Any:
    from microcrystalnet.learning.networks.build import build

    return build(_network(name))


class _timed:  # noqa: N801  reads as a word
    def __enter__(self) -> None:
        self._start, self._spent = time.perf_counter(), time.process_time()

    def __exit__(self, *_error: object) -> None:
        wall, spent = time.perf_counter() - self._start, time.process_time() - self._spent
        _say(wall=wall, cpu=spent, memory=_memory())


def _say(**found: float) -> None:
    print(json.dumps(found))


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _age() -> float:
    import psutil

    return time.time() - psutil.Process().create_time()


def main() -> None:
    """Do the piece of work that is asked for."""
    work, folder = sys.argv[1], Path(sys.argv[2])
    for network in NETWORKS:
        for name, do in (
            ("make", _make),
            ("predict_plainly", _predict_plainly),
            ("predict", _predict),
        ):
            if work == f"{name}_{network}":
                do(network, folder)
    if work == "train":
        _train(folder)
    if work == "train_plainly":
        _train_plainly(folder)


if __name__ == "__main__":
    main()
