"""Puts what a model's card says of its quality into words for the Model page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.panels.model_panel import ResultView

if TYPE_CHECKING:
    from microcrystalnet.learning.records import ModelCard


def result_view(card: ModelCard) -> ResultView | None:
    """Say how good a model is on crystals it did not learn from; None where nobody knows."""
    if card.training is None:
        return None
    record = card.training
    metrics = record.metrics
    interval = (metrics.intervals or {}).get("accuracy")
    spread = "" if interval is None else f" (95 % interval {interval[0]:.0%} to {interval[1]:.0%})"
    judge = f"in {len(record.folds)} folds" if record.folds else f"on the {record.judged_on} part"
    text = (
        f"{metrics.accuracy:.0%} of {metrics.n} crystals right{spread}, judged "
        f"{judge}; learnt from {record.trained} crystals."
    )
    matrix = tuple(tuple(int(count) for count in line) for line in metrics.confusion_matrix)
    return ResultView(text, tuple(metrics.classes), matrix, " ".join(record.notes))
