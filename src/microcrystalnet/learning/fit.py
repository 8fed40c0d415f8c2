"""The training loop: batches, learning rate, early stopping, the best weights kept."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import TrainingError
from microcrystalnet.learning.augment import light, turn
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.networks.build import (
    build,
    get_weights,
    load_keras,
    scores,
    set_weights,
    without_dropout,
)
from microcrystalnet.learning.networks.layers import Network
from microcrystalnet.learning.networks.nsr import Nsr, has_nsr
from microcrystalnet.learning.records import Epoch
from microcrystalnet.learning.run import compile_run, in_batches
from microcrystalnet.progress import Progress, Report, ignore_progress

if TYPE_CHECKING:
    import keras

Array = NDArray[np.float32]
MEASURED_CROPS = 256
FEWEST_SHOWN = 256
FITTED_FEATURES = 4096
REPORT_SECONDS = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Crops (n, size, size, 1), int64 class numbers (n,) and the weight of each crystal (n,).

    ``shares`` (n, classes) are taught in place of the classes where experts doubted.
    """

    crops: Array
    truth: NDArray[np.int64]
    weights: Array
    shares: Array | None = None

    def taught(self, classes: int) -> Array:
        """Give the share of every class, (n, classes)."""
        if self.shares is not None:
            return self.shares.astype(np.float32)
        return np.eye(classes, dtype=np.float32)[self.truth]


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A trained Keras model and how it became so."""

    network: Network
    model: "keras.Model"
    history: tuple[Epoch, ...]
    best: Epoch
    selected: int | None
    components: int | None
    explained_variance: float | None


def fit(
    network: Network,
    train: Part,
    validation: Part,
    config: TrainConfig,
    report: Report = ignore_progress,
    *,
    begin: "Callable[[keras.Model], None] | None" = None,
) -> Fitted:
    """Train a network; the weights of the epoch with the least validation loss are kept.

    ``begin`` may set the weights that training starts from.

    Raises
    ------
    TrainingError
        If the loss stops being a number.
    MemoryError
        If it does not fit into memory.
    """
    load_keras().utils.set_random_seed(config.seed)
    import tensorflow as tf

    try:
        training = _Training(network, train, validation, config, report)
        if begin is not None:
            begin(training.model)
        return training.run()
    except tf.errors.ResourceExhaustedError as trouble:
        raise MemoryError("TensorFlow ran out of memory") from trouble


class _Training:
    def __init__(
        self, network: Network, train: Part, validation: Part, config: TrainConfig, report: Report
    ) -> None:
        self._train, self._validation, self._config = train, validation, config
        self._network = network
        self._taught = train.taught(network.outputs)
        self._judged_by = validation.taught(network.outputs)
        self._report, self._reported = report, time.monotonic()
        self._generator = np.random.default_rng(config.seed)
        self.model = build(network)
        self._optimizer = _optimizer(config)
        self._nsr = Nsr(self.model, network) if has_nsr(network) else None
        self._logits = scores(self.model)
        self._evaluate = compile_run(self._logits)
        self._undropped = compile_run(without_dropout(self.model), training=True)
        self._history: list[Epoch] = []

    def run(self) -> Fitted:
        """Train until the epochs are over or nothing gets better."""
        self._measure()
        self._fit_basis()
        step = _compile_step(self._logits, self._optimizer)
        best, kept, explained = None, get_weights(self.model), self._explained
        for number in range(1, self._config.epochs + 1):
            epoch = self._epoch(number, step)
            self._history.append(epoch)
            self._tell(number, epoch.values)
            if best is None or epoch.val_loss < best.val_loss:
                best, kept, explained = epoch, get_weights(self.model), self._explained
            if number - best.epoch >= self._config.patience:
                break
            self._adapt(number - best.epoch)
            if number in self._config.refits:
                self._fit_basis()
        set_weights(self.model, kept)
        assert best is not None
        return self._fitted(best, explained)

    @property
    def _explained(self) -> float | None:
        return self._nsr.explained if self._nsr else None

    def _fitted(self, best: Epoch, explained: float | None) -> Fitted:
        nsr = self._nsr
        return Fitted(
            self._network,
            self.model,
            tuple(self._history),
            best,
            nsr.selected if nsr else None,
            nsr.size if nsr else None,
            explained,
        )

    def _epoch(self, number: int, step: "Step") -> Epoch:
        order = self._order()
        total = np.zeros(3)
        rate = float(self._optimizer.learning_rate)
        for batch in _batches(order, self._config.batch):
            total += self._step(step, batch)
            if self._nsr:
                self._nsr.shrink(len(batch) / (len(order) * self._config.epochs))
            self._tell(number)
        loss, accuracy = total[:2] / total[2]
        self._measure()
        val_loss, val_accuracy = self._judge()
        if not np.isfinite([loss, val_loss]).all():
            raise TrainingError(
                f"The training went astray: the loss of epoch {number} is not a number. Try a "
                f"learning rate below {self._config.learning_rate:g}; your models are as they were."
            )
        return Epoch(number, float(loss), float(accuracy), val_loss, val_accuracy, rate)

    def _order(self) -> NDArray[np.intp]:
        """Shuffle the crystals; few of them are shown several times an epoch, turned otherwise."""
        count = len(self._train.truth)
        passes = max(1, FEWEST_SHOWN // count) if self._config.augment else 1
        return np.concatenate([self._generator.permutation(count) for _ in range(passes)])

    def _step(self, step: "Step", batch: NDArray[np.intp]) -> NDArray[np.float64]:
        crops = self._train.crops[batch]
        if self._config.augment:
            crops = turn(crops, self._generator)
        if self._config.jitter:
            crops = light(crops, self._config.jitter, self._generator)
        loss, hits = step(crops, self._taught[batch], self._train.weights[batch])
        return np.array([float(loss) * len(batch), float(hits), len(batch)])

    def _judge(self) -> tuple[float, float]:
        logits = in_batches(self._evaluate, self._validation.crops).astype(np.float64)
        shifted = logits - logits.max(1, keepdims=True)
        log_probability = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
        surprise = -(self._judged_by * log_probability).sum(1)
        loss = np.average(surprise, weights=self._validation.weights)
        return float(loss), float((logits.argmax(1) == self._validation.truth).mean())

    def _measure(self) -> None:
        """Give batch normalisation the statistics of many crops as they are when predicting.

        Averages over batches would lag behind in a short training, and would be those of features
        thinned by dropout, which vary more (Li et al. 2019, *Variance Shift*).
        """
        count = min(MEASURED_CROPS, len(self._train.crops))
        drawn = self._generator.choice(len(self._train.crops), count, replace=False)
        self._undropped(self._train.crops[drawn])

    def _fit_basis(self) -> None:
        if self._nsr:
            crops = self._train.crops
            if len(crops) > FITTED_FEATURES:
                crops = crops[self._generator.choice(len(crops), FITTED_FEATURES, replace=False)]
            self._nsr.fit(in_batches(self._nsr.features, crops))

    def _adapt(self, stale: int) -> None:
        """Lower the learning rate each time the plateau has lasted long enough."""
        if stale and stale % self._config.plateau == 0:
            rate = float(self._optimizer.learning_rate)
            self._optimizer.learning_rate = rate * self._config.factor

    def _tell(self, epoch: int, values: Mapping[str, float] | None = None) -> None:
        """Report every finished epoch, and in between often enough to cancel."""
        now, total = time.monotonic(), self._config.epochs
        if values is not None or now - self._reported > REPORT_SECONDS:
            done = epoch if values is not None else epoch - 1
            self._report(Progress(done, total, f"Epoch {epoch} of {total}", values or {}))
            self._reported = now


Step = Callable[[Array, Array, Array], tuple[Any, Any]]


def _optimizer(config: TrainConfig) -> Any:
    """Give the Keras optimizer; untyped, as Keras ships no types."""
    make = load_keras().optimizers
    rate = float(config.learning_rate)
    if config.optimizer == "sgd":
        return make.SGD(rate, momentum=0.9)
    return make.RMSprop(rate) if config.optimizer == "rmsprop" else make.Adam(rate)


def _compile_step(logits: "keras.Model", optimizer: Any) -> Step:
    """Give a graph that learns from one batch and gives its loss and its number of hits."""
    import tensorflow as tf

    size = logits.input.shape[1]
    optimizer.build(logits.trainable_variables)

    @tf.function(  # type: ignore[untyped-decorator]  # TensorFlow ships no types
        input_signature=[
            tf.TensorSpec([None, size, size, 1], tf.float32),
            tf.TensorSpec([None, logits.output.shape[1]], tf.float32),
            tf.TensorSpec([None], tf.float32),
        ]
    )
    def step(crops: Any, taught: Any, weights: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            found = logits(crops, training=True)
            losses = tf.nn.softmax_cross_entropy_with_logits(taught, found)
            loss = tf.reduce_sum(losses * weights) / tf.reduce_sum(weights)
        gradients = tape.gradient(loss, logits.trainable_variables)
        optimizer.apply(gradients, logits.trainable_variables)
        hits = tf.reduce_sum(tf.cast(tf.argmax(found, 1) == tf.argmax(taught, 1), tf.int32))
        return loss, hits

    compiled: Step = step
    return compiled


def _batches(order: NDArray[np.intp], size: int) -> list[NDArray[np.intp]]:
    """Cut an order into batches; a rest of less than half a batch joins the others."""
    count = max(1, round(len(order) / size))
    return [batch for batch in np.array_split(order, count) if batch.size]
