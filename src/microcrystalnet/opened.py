"""Keeps what a batch works with open, so that it is not read anew for each micrograph."""

import threading
from pathlib import Path
from typing import Any

from microcrystalnet.learning.predict import Classifier, open_classifier
from microcrystalnet.segmentation.choose import (
    EMBEDDED,
    LEARNED_FREE,
    checkpoint_of,
    open_segmenter,
)
from microcrystalnet.segmentation.segmenter import Segmenter

Tools = tuple[Classifier, Segmenter[Any]]


class _Kept(threading.local):  # one set for each thread: a model answers one at a time
    asked: object = None
    tools: Tools | None = None


_KEPT = _Kept()  # a worker process is told each micrograph by itself, and has no other memory


def opened(model: Path, engine: str) -> Tools:
    """Open a classifier and an engine, or give those that this thread opened last.

    What was written anew since is read anew.

    Raises
    ------
    ModelError
        If the model is missing or damaged.
    WeightsError
        If the engine's weights are missing or damaged.
    MissingExtraError
        If either needs a library that is not installed.
    """
    asked = (model, _stamps(model), engine, _stamps(_weights(engine)))
    if _KEPT.tools is None or _KEPT.asked != asked:
        _KEPT.tools = None  # never two sets in memory
        _KEPT.tools = open_classifier(model), open_segmenter(engine)
        _KEPT.asked = asked
    return _KEPT.tools


def _weights(engine: str) -> Path | None:
    return None if engine in {EMBEDDED, LEARNED_FREE} else checkpoint_of(engine)


def _stamps(path: Path | None) -> list[tuple[str, int, int]]:
    """Tell files by name, time and length; a missing one is told of by who opens it."""
    if path is None:
        return []
    files = [path] if path.is_file() else sorted(path.glob("*"))
    return [(each.name, each.stat().st_mtime_ns, each.stat().st_size) for each in files]
