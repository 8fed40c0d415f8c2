"""The NSR block: z-scores, a PCA basis and an L1-regularised selection of its components."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.learning.networks.build import load_keras
from microcrystalnet.learning.networks.layers import Components, Network, Selection, Standardise
from microcrystalnet.learning.networks.shapes import SMALLEST_VARIANCE

if TYPE_CHECKING:
    import keras

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """Statistics and PCA basis of features.

    ``mean`` and ``variance`` are (d,). ``vectors`` (d, k) give components of unit variance;
    ``strengths`` (k,) are the components' own standard deviations, their squares 1 on average:
    what the selection begins with, so that the L1 penalty takes the weakest first. ``explained``
    is the components' share of all variance.
    """

    mean: Array
    variance: Array
    vectors: Array
    strengths: Array
    explained: float

    @property
    def deviation(self) -> Array:
        """Standard deviation (d,), never zero."""
        deviation: Array = np.sqrt(self.variance + np.float32(SMALLEST_VARIANCE))
        return deviation


def fit_basis(features: Array, components: int, *, scaled: bool = True) -> Basis:
    """Fit z-scores and PCA to training features (n, d); only centred unless ``scaled``.

    Components beyond what n features can span are zero vectors.
    """
    mean = features.mean(0)
    variance = features.var(0) if scaled else _ones(features.shape[1])
    standard = (features - mean) / np.sqrt(variance + SMALLEST_VARIANCE)
    _, strengths, directions = np.linalg.svd(standard, full_matrices=False)
    power = strengths.astype(np.float64) ** 2
    kept = min(components, int(np.count_nonzero(power > power.max() * 1e-10)))
    vectors = np.zeros((features.shape[1], components), np.float32)
    vectors[:, :kept] = directions[:kept].T * (np.sqrt(len(features)) / strengths[:kept])
    own = np.zeros(components, np.float32)
    own[:kept] = np.sqrt(power[:kept] / power[:kept].mean()) if kept else 0
    total = float(power.sum())
    return Basis(mean, variance, vectors, own, float(power[:kept].sum()) / total if total else 0.0)


def plain_basis(features: Array, *, centred: bool, scaled: bool) -> Basis:
    """Fit statistics alone to training features (n, d); every feature is its own component."""
    width = features.shape[1]
    mean = features.mean(0) if centred else np.zeros(width, np.float32)
    variance = features.var(0) if scaled else _ones(width)
    return Basis(mean, variance, np.eye(width, dtype=np.float32), np.ones(width, np.float32), 1.0)


def _ones(width: int) -> Array:
    return np.full(width, 1 - SMALLEST_VARIANCE, np.float32)


def carry_over(old: Basis, new: Basis, kernel: Array, bias: Array) -> tuple[Array, Array]:
    """Rewrite the dense layer behind the block so that a new basis changes no score.

    Exact for features that the new basis spans. Takes and gives its (k, units) kernel, which
    includes the selection, and its (units,) bias.
    """
    # The columns of a basis are orthogonal, so this undoes the new projection.
    lengths = np.maximum((new.vectors**2).sum(0), 1e-12)[:, None]
    back = new.vectors.T / lengths * (new.deviation / old.deviation)
    shift = (new.mean - old.mean) / old.deviation
    turned = old.vectors @ kernel
    return (back @ turned).astype(np.float32), (bias + shift @ turned).astype(np.float32)


def soft_threshold(weights: Array, step: float) -> Array:
    """Take one proximal step of the L1 penalty, keeping the overall length.

    Shrinking alone would be undone by the batch normalisation that follows; with the length kept,
    weak components vanish to exactly zero and strong ones gain (Daubechies et al. 2004, ISTA).
    """
    shrunk: Array = np.sign(weights) * np.maximum(np.abs(weights) - np.float32(step), 0)
    length, before = np.linalg.norm(shrunk), np.linalg.norm(weights)
    return weights if length == 0 else shrunk * np.float32(before / length)


class Nsr:
    """The NSR layers of one model while it is trained; any of them may be missing."""

    def __init__(self, model: "keras.Model", network: Network) -> None:
        keras = load_keras()
        kinds = (Standardise, Components, Selection)
        found = [each for each in network.layers if isinstance(each, kinds)]
        self._layers = {type(each): model.get_layer(each.name) for each in found}
        following = network.layers[network.layers.index(found[-1]) + 1 :]
        self._following, self._norm = (model.get_layer(each.name) for each in following[:2])
        self._standardise, self._chosen = (network.find(kind) for kind in (Standardise, Selection))
        self.features = keras.Model(model.input, model.get_layer(found[0].name).input)
        self.basis: Basis | None = None

    def fit(self, features: Array) -> None:
        """Fit statistics and basis to training features (n, d); scores stay what they were."""
        basis = self._fit_parts(features)
        if self.basis is not None:
            kernel = self._weights[:, None] * self._following.kernel.numpy()
            bias = self._following.bias.numpy()
            kernel, bias = carry_over(self.basis, basis, kernel, bias)
            begun = np.maximum(basis.strengths, 1e-6)[:, None].astype(np.float32)
            self._replace(np.asarray(kernel / begun, np.float32), bias)
        if Selection in self._layers:
            self._layers[Selection].kernel.assign(basis.strengths)
        if Standardise in self._layers:
            self._layers[Standardise].moving_mean.assign(basis.mean)
            self._layers[Standardise].moving_variance.assign(basis.variance)
        if Components in self._layers:
            self._layers[Components].kernel.assign(basis.vectors)
        self.basis = basis

    def _fit_parts(self, features: Array) -> Basis:
        there = self._standardise
        scaled = isinstance(there, Standardise) and there.scaled
        if Components in self._layers:
            count = int(self._layers[Components].kernel.shape[1])
            return fit_basis(features, count, scaled=scaled)
        return plain_basis(features, centred=there is not None, scaled=scaled)

    def _replace(self, kernel: Array, bias: Array) -> None:
        """Set the dense layer behind the block, each unit as strong as it was.

        Features grow while the network learns, and units that grew with them would hardly learn any
        more; the batch normalisation that follows makes up for the change.
        """
        before = np.linalg.norm(self._following.kernel.numpy(), axis=0)
        scale = before / np.maximum(np.linalg.norm(kernel, axis=0), 1e-12)
        self._following.kernel.assign(kernel * scale)
        self._following.bias.assign(bias * scale)
        self._norm.moving_mean.assign(self._norm.moving_mean.numpy() * scale)
        self._norm.moving_variance.assign(self._norm.moving_variance.numpy() * scale**2)

    def shrink(self, share: float) -> None:
        """Apply the L1 penalty of one training step, which is this share of all steps."""
        if isinstance(self._chosen, Selection) and self._chosen.strength:
            shrunk = soft_threshold(self._weights, share * self._chosen.strength)
            self._layers[Selection].kernel.assign(shrunk)

    @property
    def selected(self) -> int:
        """How many components still count."""
        return int(np.count_nonzero(self._weights))

    @property
    def size(self) -> int:
        """How many components there are."""
        return len(self._weights)

    @property
    def explained(self) -> float | None:
        """Share of the features' variance that the basis holds; None without PCA."""
        return self.basis.explained if self.basis and Components in self._layers else None

    @property
    def _weights(self) -> Array:
        if Selection not in self._layers:
            return np.ones(int(self._following.kernel.shape[0]), np.float32)
        weights: Array = self._layers[Selection].kernel.numpy()
        return weights


def has_nsr(network: Network) -> bool:
    """Say whether a network contains the block, or a part of it."""
    return any(isinstance(each, Standardise | Components | Selection) for each in network.layers)
