"""Small crops of two unmistakable classes, and projects of them, for the classifier's tests."""

import numpy as np
import tifffile

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.learning.dataset import Example
from microcrystalnet.learning.train import LabelledCrops

CODES = FOUR_CLASSES.codes
SIZE = 32


def draw(number, generator):
    """Draw a noisy disc (class 0) or frame (any other) of SIZE pixels, grey 0 to 1."""
    rows, cols = np.mgrid[:SIZE, :SIZE] - SIZE / 2
    disc = np.hypot(rows, cols) < SIZE * 0.4
    frame = np.maximum(abs(rows), abs(cols)) > SIZE * 0.3
    shape = disc if number == 0 else frame
    return np.clip(0.2 + 0.6 * shape + generator.normal(0, 0.1, shape.shape), 0, 1)


def material(count=30, micrographs=3, classes=2):
    """Give labelled crops that take turns in class and micrograph."""
    generator = np.random.default_rng(0)
    truth = np.arange(count) % classes
    crops = np.stack([draw(number, generator) for number in truth])[..., None].astype(np.float32)
    images = [f"i{index // classes % micrographs}" for index in range(count)]
    names = [f"c{index}" for index in range(count)]
    return LabelledCrops(crops, names, images, [CODES[number] for number in truth], "d" * 64)


def examples(folder, count=30, micrographs=3):
    """Write micrographs of SIZE-pixel crystals in a row, and give them with their labels."""
    crops = material(count, micrographs)
    found = []
    for image in sorted(set(crops.images)):
        inside = [index for index, each in enumerate(crops.images) if each == image]
        strip = np.concatenate([crops.crops[index, :, :, 0] for index in inside], axis=1)
        path = folder / f"{image}.tif"
        tifffile.imwrite(path, np.rint(strip * 255).astype(np.uint8))
        found += [
            (index, Example(crops.names[index], image, path, square(SIZE * place)))
            for place, index in enumerate(inside)
        ]
    ordered = [example for _, example in sorted(found, key=lambda pair: pair[0])]
    return ordered, list(crops.labels)


def square(col):
    """Give the mask of a crystal that fills SIZE pixels from a column on."""
    return Mask.from_pixels(np.ones((SIZE, SIZE), bool), 0, col)
