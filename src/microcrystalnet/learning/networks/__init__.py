"""Networks as lists of layers, and how they become Keras models."""
