"""The section of the report about the newest classifier of a project."""

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import ModelError
from microcrystalnet.learning import model_folder
from microcrystalnet.learning.evaluate import Metrics
from microcrystalnet.learning.judged import judged_of
from microcrystalnet.learning.records import ModelCard, TrainingRecord
from microcrystalnet.report.evaluation_figures import confusion_matrix, training_curves
from microcrystalnet.report.markup import Markup, cards, chart, element, joined, key, table
from microcrystalnet.since_judged import since_judged
from microcrystalnet.storage.project_store import ProjectStore


def model(store: ProjectStore, model_id: str) -> Markup:
    """Show how a model was trained and how it did; a damaged one is said to be so."""
    try:
        card = model_folder.load(store.model_folder(model_id))
    except ModelError as problem:
        return element("p", problem, "warn")
    if card.training is None:
        return element("p", f"The model {model_id} was imported ({card.source}) and not judged.")
    judged = judged_of(card)
    since = "" if judged is None else since_judged(store, judged)
    remark = element("p", since, "warn") if since else Markup("")
    return joined([_trained(model_id, card, card.training, store.state.scheme), remark])


def _trained(model_id: str, card: ModelCard, training: TrainingRecord, scheme: Scheme) -> Markup:
    drawn = [
        chart(
            confusion_matrix(training.metrics).rendered("svg"),
            f"Numbers of crystals, n = {training.metrics.n}; the true class is the one that the "
            "experts settled; shades are shares of the row.",
            "Confusion matrix",
        ),
        chart(
            training_curves(training.history).rendered("svg"),
            f"Loss (cross-entropy) and accuracy (0 to 1) after each of {len(training.history)} "
            "epochs; grey: training, orange: validation.",
            "Training curves",
        ),
    ]
    notes = [element("p", note, "warn") for note in training.notes]
    return joined(
        [
            element("p", _history(model_id, card, training), "small"),
            _headline(training.metrics),
            element("p", _confidence(training.metrics), "small"),
            *notes,
            _per_class(training.metrics, scheme),
            _folds(training),
            element("div", joined(drawn), "row"),
        ]
    )


def _history(model_id: str, card: ModelCard, training: TrainingRecord) -> str:
    config = training.config
    judged = {
        "test": f"and judged on {training.metrics.n} it never saw",
        "folds": f"and judged on {training.metrics.n} by {len(training.folds)} networks trained "
        "alike that never saw them",
    }.get(
        training.judged_on,
        "and judged on the same ones, which flatters it: there were too few to keep some apart",
    )
    return (
        f"Model {model_id}, network “{config.network}”, made {card.created[:16].replace('T', ' ')} "
        f"UTC. Trained on {training.trained} crystals, its best epoch ({training.best_epoch} of "
        f"{len(training.history)}) chosen on {training.validated} others, {judged}. Split by "
        f"{training.divided_by}.{_block(training)}{_contested(training)}"
    )


def _block(training: TrainingRecord) -> str:
    """Say what the NSR block made of the features."""
    if training.components is None or training.explained_variance is None:
        return ""
    return (
        f" The NSR block kept {training.selected} of {training.components} components, which hold "
        f"{100 * training.explained_variance:.0f} % of the features' variance."
    )


def _contested(training: TrainingRecord) -> str:
    found = training.contested
    if found is None or not found.n:
        return ""
    return f" Of {found.n} crystals that the experts first disagreed on, {found.right} were right."


def _headline(metrics: Metrics) -> Markup:
    return cards(
        [
            (f"{100 * metrics.accuracy:.1f} %", "accuracy"),
            (f"{100 * metrics.top2_accuracy:.1f} %", "top two"),
            (f"{metrics.macro.precision:.3f}", "mean precision"),
            (f"{metrics.macro.recall:.3f}", "mean recall"),
            (f"{metrics.macro.f1:.3f}", "mean F1"),
            (f"{metrics.calibration_error:.3f}", "calibration error"),
        ]
    )


def _confidence(metrics: Metrics) -> str:
    if metrics.intervals is None:
        return (
            "No confidence interval: crystals of one micrograph are not independent, and fewer "
            "than ten micrographs were judged."
        )
    low, high = metrics.intervals["accuracy"]
    return f"95 % interval of the accuracy over micrographs: {low:.3f} to {high:.3f}."


def _per_class(metrics: Metrics, scheme: Scheme) -> Markup:
    rows = [
        (
            key(scheme[code].colour, code) if scheme.find(code) else code,
            found.support,
            f"{found.precision:.3f}",
            f"{found.recall:.3f}",
            f"{found.f1:.3f}",
            _score(metrics.average_precision[code]),
            _score(metrics.roc_auc[code]),
        )
        for code, found in metrics.per_class.items()
    ]
    columns = ("Class", "n", "precision", "recall", "F1", "average precision", "ROC area")
    return table(columns, rows)


def _folds(training: TrainingRecord) -> Markup:
    if not training.folds:
        return Markup("")
    rows = [
        (
            at,
            fold.trained,
            fold.tested,
            len(fold.micrographs),
            f"{fold.metrics.accuracy:.3f}",
            f"{fold.metrics.macro.f1:.3f}",
        )
        for at, fold in enumerate(training.folds, 1)
    ]
    return table(("Fold", "trained on", "judged on", "micrographs", "accuracy", "macro F1"), rows)


def _score(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"
