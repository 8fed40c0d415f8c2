"""Which class answers for each engine; it is imported in the child process only."""

import importlib
from typing import Protocol

from microcrystalnet.errors import EngineError

SERVICES = {
    "segmentation": "microcrystalnet.engines.segmentation_service:SegmentationService",
    "sam_chores": "microcrystalnet.engines.sam_chores:SamChores",
    "explainer": "microcrystalnet.engines.explainer_service:ExplainerService",
    "label_tables": "microcrystalnet.engines.label_tables:LabelTables",
    "publisher": "microcrystalnet.engines.publisher:Publisher",
    "filter": "microcrystalnet.engines.filter_service:FilterService",
    "classifier": "microcrystalnet.engines.classifier_service:ClassifierService",
}


class Service(Protocol):
    """What a child process holds: an object whose ``METHODS`` may be called by name.

    Each method takes keyword arguments and a ``report``; arguments and results are plain values
    and numpy arrays, never a framework's own.
    """

    METHODS: frozenset[str]


def open_service(name: str) -> Service:
    """Build the service of an engine, or of a ``module:Class`` given in full.

    Raises
    ------
    EngineError
        If there is no such engine.
    """
    target = name if ":" in name else SERVICES.get(name)
    if target is None:
        raise EngineError(f"There is no engine {name!r}; there are {', '.join(sorted(SERVICES))}.")
    module, _, attribute = target.partition(":")
    service: Service = getattr(importlib.import_module(module), attribute)()
    return service
