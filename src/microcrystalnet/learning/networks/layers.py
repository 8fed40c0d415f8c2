"""The layers a network may consist of, as plain values; a model file can name no others."""

import math
from dataclasses import dataclass

from microcrystalnet.errors import ModelError

ACTIVATIONS = ("linear", "relu")
PADDINGS = ("same", "valid")
BACKBONES = ("vgg16", "resnet50", "inceptionv3", "densenet121", "efficientnetb0")


@dataclass(frozen=True, slots=True)
class Convolution:
    """A square convolution of ``filters`` kernels."""

    name: str
    filters: int
    side: int
    activation: str = "linear"
    padding: str = "same"
    stride: int = 1


@dataclass(frozen=True, slots=True)
class BatchNorm:
    """Normalise each channel over the batch; the running statistics serve afterwards."""

    name: str
    momentum: float = 0.99
    epsilon: float = 1e-3


@dataclass(frozen=True, slots=True)
class Activation:
    """Apply a function to every value."""

    name: str
    kind: str = "relu"


@dataclass(frozen=True, slots=True)
class Pool:
    """Keep the maximum of each square."""

    name: str
    side: int = 2


@dataclass(frozen=True, slots=True)
class GlobalPool:
    """Average each channel over the whole map."""

    name: str


@dataclass(frozen=True, slots=True)
class Dropout:
    """Silence a share of the values while training."""

    name: str
    rate: float


@dataclass(frozen=True, slots=True)
class Flatten:
    """Lay a feature map out as one vector."""

    name: str


@dataclass(frozen=True, slots=True)
class Dense:
    """Connect every input to each of ``units`` outputs."""

    name: str
    units: int
    activation: str = "linear"


@dataclass(frozen=True, slots=True)
class Standardise:
    """NSR, first part: z-scores, with statistics fitted on training features.

    Without ``scaled`` the features are only centred, which a PCA basis needs in any case.
    """

    name: str
    scaled: bool = True


@dataclass(frozen=True, slots=True)
class Components:
    """NSR, second part: coordinates in the PCA basis fitted on training features."""

    name: str
    units: int


@dataclass(frozen=True, slots=True)
class Selection:
    """NSR, third part: one weight per component under an L1 penalty.

    Over a whole training the penalty takes ``strength`` off each weight; their squares begin at 1
    on average.
    """

    name: str
    strength: float


@dataclass(frozen=True, slots=True)
class Backbone:
    """The convolutions of a published network, one of ``BACKBONES``, on the crop in three channels.

    With ``imagenet`` grey levels are brought to what its ImageNet weights were trained on.
    """

    name: str
    kind: str
    imagenet: bool = False


@dataclass(frozen=True, slots=True)
class Patches:
    """Cut the crop into squares of ``side`` pixels, each a vector of ``width`` with its place."""

    name: str
    side: int
    width: int


@dataclass(frozen=True, slots=True)
class Transformer:
    """One encoder block of a vision transformer (Dosovitskiy et al. 2021, section 3.1)."""

    name: str
    heads: int
    units: int
    rate: float


Layer = (
    Convolution
    | BatchNorm
    | Activation
    | Pool
    | GlobalPool
    | Dropout
    | Flatten
    | Dense
    | Standardise
    | Components
    | Selection
    | Backbone
    | Patches
    | Transformer
)


@dataclass(frozen=True, slots=True)
class Network:
    """A network from a (size, size, 1) crop to its last, linear `Dense` layer.

    The softmax that follows is implied, so that scores before it can be explained.
    """

    name: str
    size: int
    layers: tuple[Layer, ...]

    @property
    def outputs(self) -> int:
        """Number of classes."""
        last = self.layers[-1]
        return last.units if isinstance(last, Dense) else 0

    def find(self, kind: type[Layer]) -> Layer | None:
        """Give the first layer of a kind, if there is one."""
        return next((layer for layer in self.layers if isinstance(layer, kind)), None)

    def check(self) -> None:
        """Refuse a network that cannot be built, or not within a workstation's memory.

        Raises
        ------
        ModelError
            With what is wrong.
        """
        if not 8 <= self.size <= 512:
            raise ModelError(f"The model wants crops of {self.size} pixels; 8 to 512 are possible.")
        if not self.layers or not isinstance(self.layers[-1], Dense) or self.outputs < 2:
            raise ModelError("The model does not end in a dense layer with two or more classes.")
        names = [layer.name for layer in self.layers]
        if len(set(names)) != len(names) or len(names) > 200:
            raise ModelError("The model's layers are too many or not named apart.")
        for layer in self.layers:
            _check_layer(layer)


def _check_layer(layer: Layer) -> None:
    limits = {
        **{"filters": 4096, "side": 64, "units": 16384, "stride": 16},
        **{"width": 4096, "heads": 64},
    }
    for field, limit in limits.items():
        value = getattr(layer, field, 1)
        if not 1 <= value <= limit:
            raise ModelError(f"Layer {layer.name} of the model has {field} {value}.")
    rates = [getattr(layer, field, 0.0) for field in ("rate", "momentum", "epsilon", "strength")]
    if not all(math.isfinite(rate) and 0 <= rate < 1000 for rate in rates):
        raise ModelError(f"Layer {layer.name} of the model has a setting out of range.")
    if getattr(layer, "activation", "linear") not in ACTIVATIONS:
        raise ModelError(f"Layer {layer.name} of the model has an unknown activation.")
    if isinstance(layer, Backbone) and layer.kind not in BACKBONES:
        raise ModelError(f"Layer {layer.name} of the model is of no known network.")
    if getattr(layer, "padding", "same") not in PADDINGS:
        raise ModelError(f"Layer {layer.name} of the model has an unknown padding.")
