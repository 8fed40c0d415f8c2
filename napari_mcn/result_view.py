"""Puts what a model's card says of its quality into words and plots for the Results page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from microcrystalnet.learning.judged import Judged, judged_of
from microcrystalnet.learning.reliability import reliability
from napari_mcn.panels.reliability_plot import SureBin
from napari_mcn.panels.results_page import ResultView
from napari_mcn.panels.score_bars import ClassScoreBars, ScoreBar
from napari_mcn.panels.share_plot import ShareLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from microcrystalnet.learning.evaluate import ClassScores, Metrics
    from microcrystalnet.learning.ranking import Curve
    from microcrystalnet.learning.records import ModelCard, TrainingRecord

UNKNOWN = "#8c8c8c"
ELSEWHERE = (
    "This model was trained elsewhere: if it learnt from these crystals there, the figures are too "
    "kind. They are not kept; judge again after labels change."
)


def colours_of(card: ModelCard) -> dict[str, str]:
    """Give the colour of each class of a model."""
    known = {} if card.scheme is None else {each.code: each.colour for each in card.scheme.classes}
    return {code: known.get(code, UNKNOWN) for code in card.classes}


def result_view(card: ModelCard) -> ResultView | None:
    """Say how good a model is on crystals it did not learn from; None where nobody knows."""
    judged = judged_of(card)
    if card.training is None or judged is None:
        return None
    record = card.training
    return replace(
        _figures(judged, record.metrics, colours_of(card)),
        text=_text(record),
        warning=" ".join(record.notes),
        leaky=record.divided_by != "micrograph",
        numbers=_numbers(record),
        epochs=tuple(each.values for each in record.history),
    )


def evaluation_view(card: ModelCard, judged: Judged) -> ResultView:
    """Say how good a model of elsewhere is on the settled crystals of this project."""
    metrics = judged.metrics()
    right = f"{100 * metrics.accuracy:.0f} % of {metrics.n} crystals right"
    told = f"{right}{_spread(metrics, 'accuracy')}, "
    return replace(
        _figures(judged, metrics, colours_of(card)),
        text=f"{told}judged on every settled crystal of this project.",
        warning=ELSEWHERE,
        numbers=_means(metrics),
    )


def _figures(judged: Judged, metrics: Metrics, colours: Mapping[str, str]) -> ResultView:
    return ResultView(
        "",
        tuple(metrics.classes),
        tuple(tuple(int(count) for count in line) for line in metrics.confusion_matrix),
        precision_recall=_lines(judged.precision_recall(), colours),
        roc=_lines(judged.roc(), colours),
        areas=_areas(metrics, colours),
        bins=_bins(judged),
        calibration=_calibration(metrics),
        bars=tuple(
            ClassScoreBars(code, colours[code], _bars(judged, code, metrics.per_class[code]))
            for code in judged.classes
        ),
    )


def _text(record: TrainingRecord) -> str:
    metrics = record.metrics
    judge = f"in {len(record.folds)} folds" if record.folds else f"on the {record.judged_on} part"
    return (
        f"{100 * metrics.accuracy:.0f} % of {metrics.n} crystals right"
        f"{_spread(metrics, 'accuracy')}, judged {judge}; learnt from {record.trained} crystals."
    )


def _spread(metrics: Metrics, name: str) -> str:
    interval = (metrics.intervals or {}).get(name)
    return (
        ""
        if interval is None
        else f" (95 % interval {100 * interval[0]:.0f} % to {100 * interval[1]:.0f} %)"
    )


def _numbers(record: TrainingRecord) -> tuple[str, ...]:
    whole = "Whole micrographs were set aside." if record.divided_by == "micrograph" else ""
    *means, few = _means(record.metrics)
    told = (*means, _contested(record), whole, _nsr(record), few)
    return tuple(each for each in told if each)


def _means(metrics: Metrics) -> tuple[str, ...]:
    macro = metrics.macro
    few = "Fewer than ten micrographs were judged, so there is no interval."
    return (
        f"Right class among the first two: {100 * metrics.top2_accuracy:.1f} %.",
        f"Mean over classes: precision {100 * macro.precision:.1f} %, "
        f"recall {100 * macro.recall:.1f} %, "
        f"F1 {100 * macro.f1:.1f} %{_spread(metrics, 'macro_f1')}.",
        few if metrics.intervals is None else "",
    )


def _contested(record: TrainingRecord) -> str:
    """Say how it does where the experts themselves did not agree at once."""
    if record.contested is None:
        return ""
    n, right = record.contested.n, record.contested.right
    if not n:
        return "The experts agreed at once on every crystal that was judged."
    rest = record.metrics.n - n
    others = round(record.metrics.accuracy * record.metrics.n) - right
    easy = f"; of the other {rest}, {100 * others / rest:.0f} %" if rest else ""
    return (
        f"Of {n} crystals the experts first disagreed on, {100 * right / n:.0f} % are right{easy}."
    )


def _nsr(record: TrainingRecord) -> str:
    if record.components is None or record.explained_variance is None:
        return ""
    selected = record.components if record.selected is None else record.selected
    return (
        f"NSR keeps {selected} of {record.components} components, which hold "
        f"{100 * record.explained_variance:.1f} % of the variance."
    )


def _lines(curves: Mapping[str, Curve | None], colours: Mapping[str, str]) -> tuple[ShareLine, ...]:
    return tuple(
        ShareLine(
            code,
            colours[code],
            tuple(zip(curve.across.tolist(), curve.up.tolist(), strict=True)),
        )
        for code, curve in curves.items()
        if curve is not None
    )


def _areas(metrics: Metrics, colours: Mapping[str, str]) -> str:
    """Name the areas under both curves of each class, with a mark in its colour."""

    def told(value: float | None) -> str:
        return "–" if value is None else f"{value:.3f}"

    parts = (
        f"<span style='color: {colours[code]}'>■</span> {code}: AP "
        f"{told(metrics.average_precision[code])}, AUC {told(metrics.roc_auc[code])}"
        for code in metrics.classes
    )
    return "<br>".join(parts)


def _bins(judged: Judged) -> tuple[SureBin, ...]:
    return tuple(
        SureBin(
            each.low,
            each.high,
            each.confidence,
            each.accuracy,
            tuple(judged.named(each.members)),
        )
        for each in reliability(judged.true, judged.probabilities)
    )


def _calibration(metrics: Metrics) -> str:
    return (
        f"Calibration error {metrics.calibration_error:.3f}: on average it is that much more or "
        "less right than it is sure. Blue: how often it is right; orange: how sure it is; the "
        "number of crystals stands above. Click a bar to see them."
    )


def _bars(judged: Judged, code: str, scores: ClassScores) -> tuple[ScoreBar, ...]:
    own, called = set(judged.which(truth=code)), set(judged.which(said=code))
    sets = (
        ("recall", scores.recall, f"{len(own)} crystals that the experts called {code}", own),
        ("precision", scores.precision, f"{len(called)} that the network called {code}", called),
        ("F1", scores.f1, f"{len(own ^ called)} that only one of both called {code}", own ^ called),
    )
    return tuple(
        ScoreBar(name, value, text, tuple(judged.named(sorted(places))))
        for name, value, text, places in sets
    )
