"""Datasets, networks, training, prediction and evaluation."""
