"""Layers that fork and join again: published backbones and transformer blocks, put into a graph."""

from collections.abc import Mapping
from typing import Any

from microcrystalnet.learning.networks.layers import Backbone, Network, Patches, Transformer

Branched = Backbone | Patches | Transformer
CLASSES: Mapping[str, str] = {
    "vgg16": "VGG16",
    "resnet50": "ResNet50",
    "inceptionv3": "InceptionV3",
    "densenet121": "DenseNet121",
    "efficientnetb0": "EfficientNetB0",
}
# keras.applications refuses smaller pictures.
SMALLEST: Mapping[str, int] = {"inceptionv3": 75}
SMALLEST_OTHER = 32
# Grey levels of crystals on black lie around a quarter, and vary as much.
MIDDLE, RANGE = 0.25, 0.25
# Blue, green and red means of ImageNet, as VGG and ResNet take them off, and those of DenseNet.
CAFFE_MEANS = (103.939, 116.779, 123.68)
TORCH_MEANS, TORCH_DEVIATIONS = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def is_chain(network: Network) -> bool:
    """Say whether every layer has one input, the layer before it."""
    return not any(isinstance(layer, Branched) for layer in network.layers)


def attach(keras: Any, layer: Branched, flow: Any) -> Any:
    """Continue a Keras graph by a layer that needs several of Keras's."""
    match layer:
        case Backbone():
            return _backbone(keras, layer, flow)
        case Patches():
            return _patches(keras, layer, flow)
        case Transformer():
            return _transformer(keras, layer, flow)


def _backbone(keras: Any, layer: Backbone, crop: Any) -> Any:
    name, side = layer.name, SMALLEST.get(layer.kind, SMALLEST_OTHER)
    flow = crop
    if crop.shape[1] < side:
        flow = keras.layers.Resizing(side, side)(flow)
    flow = keras.layers.Concatenate()([flow] * 3)
    for step in _grey_levels(keras, layer):
        flow = step(flow)
    make = getattr(keras.applications, CLASSES[layer.kind])
    body = make(include_top=False, weights=None, input_tensor=flow)
    for number, each in enumerate(body.layers[1:]):
        each.name = f"{name}_{number}"  # Keras would count on from the last network it built
        if isinstance(each, keras.layers.BatchNormalization):
            each.momentum = 0.0  # measured once an epoch, as for the other networks
    return body.output


def _grey_levels(keras: Any, layer: Backbone) -> list[Any]:
    """Bring grey from 0..1 to what the network's published weights expect, or around zero."""
    rescale, normalise = keras.layers.Rescaling, keras.layers.Normalization
    # EfficientNet divides by 255 itself.
    whole = 255.0 if layer.kind == "efficientnetb0" else 1.0
    if not layer.imagenet:
        return [rescale(whole / RANGE, -whole * MIDDLE / RANGE)]
    if layer.kind in ("vgg16", "resnet50"):
        return [rescale(255.0), normalise(mean=CAFFE_MEANS, variance=(1.0, 1.0, 1.0))]
    if layer.kind == "densenet121":
        return [normalise(mean=TORCH_MEANS, variance=[each**2 for each in TORCH_DEVIATIONS])]
    return [rescale(whole)] if layer.kind == "efficientnetb0" else [rescale(2.0, -1.0)]


def _patches(keras: Any, layer: Patches, crop: Any) -> Any:
    make, name, side = keras.layers, layer.name, layer.side
    along = crop.shape[1] // side
    grey = make.Rescaling(1 / RANGE, -MIDDLE / RANGE, name=f"{name}_grey")(crop)
    rows = make.Reshape((along, side, along, side), name=f"{name}_rows")(grey)
    squares = make.Permute((1, 3, 2, 4), name=f"{name}_squares")(rows)
    pixels = make.Reshape((along**2, side**2), name=f"{name}_pixels")(squares)
    # A bias of its own for each square is the learned embedding of its place.
    return make.EinsumDense(
        "nsp,pw->nsw",
        (along**2, layer.width),
        bias_axes="sw",
        bias_initializer=keras.initializers.RandomNormal(stddev=0.02),
        name=name,
    )(pixels)


def _transformer(keras: Any, layer: Transformer, tokens: Any) -> Any:
    make, name, width = keras.layers, layer.name, int(tokens.shape[-1])
    first = make.LayerNormalization(epsilon=1e-6, name=f"{name}_norm1")(tokens)
    attention = make.MultiHeadAttention(
        layer.heads, width // layer.heads, dropout=layer.rate, name=f"{name}_attention"
    )(first, first)
    kept = make.Dropout(layer.rate, name=f"{name}_dropout1")(attention)
    joined = make.Add(name=f"{name}_join1")([tokens, kept])
    second = make.LayerNormalization(epsilon=1e-6, name=f"{name}_norm2")(joined)
    wide = make.Dense(layer.units, activation="gelu", name=f"{name}_wide")(second)
    narrow = make.Dense(width, name=f"{name}_narrow")(wide)
    narrow = make.Dropout(layer.rate, name=f"{name}_dropout2")(narrow)
    return make.Add(name=f"{name}_join2")([joined, narrow])
