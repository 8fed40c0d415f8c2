"""What is known of a trained classifier: its card, its training, its crystals held out."""

from collections.abc import Mapping
from dataclasses import dataclass

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import ModelError
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.evaluate import Metrics
from microcrystalnet.learning.networks.layers import Network
from microcrystalnet.learning.split import LEAKS

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch of the training curve."""

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    learning_rate: float

    @property
    def values(self) -> Mapping[str, float]:
        """The numbers a curve is drawn from."""
        return {
            "epoch": self.epoch,
            "loss": self.loss,
            "accuracy": self.accuracy,
            "val_loss": self.val_loss,
            "val_accuracy": self.val_accuracy,
        }


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A labelled crystal the network did not learn from, and what it says about it."""

    crystal_id: str
    image_id: str
    truth: str
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FoldRecord:
    """One fold of a cross-validation: its figures on the micrographs it did not learn from."""

    trained: int
    tested: int
    micrographs: tuple[str, ...]
    best_epoch: int
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class Contested:
    """How many of the judged crystals the experts first disagreed on, and how many were right."""

    n: int
    right: int


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """How a model was trained, and how it did on crystals it had not seen.

    ``judged_on`` is ``test``, ``validation``, or ``folds`` where every crystal was judged once in a
    cross-validation and the model itself learnt from all; ``data_digest`` changes with any crystal,
    mask or label used. ``selected`` of ``components`` NSR components have a weight other than zero,
    and the basis holds ``explained_variance`` of the features' variance. ``learnt_from`` names the
    crystals of the training and the validation part, and ``learnt_crops`` tells them by content.
    ``contested`` is None where blind answers are not known.
    """

    config: TrainConfig
    data_digest: str
    trained: int
    validated: int
    tested: int
    history: tuple[Epoch, ...]
    best_epoch: int
    judged_on: str
    metrics: Metrics
    held_out: tuple[HeldOut, ...]
    notes: tuple[str, ...] = ()
    selected: int | None = None
    components: int | None = None
    explained_variance: float | None = None
    seconds: float = 0.0
    folds: tuple[FoldRecord, ...] = ()
    learnt_from: tuple[str, ...] = ()
    contested: Contested | None = None
    learnt_crops: tuple[str, ...] = ()

    @property
    def divided_by(self) -> str:
        """What was divided in fact, ``micrograph`` or ``crystal``; the notes tell a fallback."""
        return "crystal" if LEAKS & set(self.notes) else self.config.split


@dataclass(frozen=True, slots=True)
class Seen:
    """What the crops were like that a model learnt from: (lowest, highest) of nearly all of them.

    ``side_um`` is the longer side of a crystal's box in micrometres, None where the scale was
    unknown; ``contrast`` is the standard deviation, ``brightness`` the mean of a crop's grey (0 to
    1) where it shows the crystal.
    """

    side_um: tuple[float, float] | None
    contrast: tuple[float, float]
    brightness: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Everything about a model but its weights.

    ``scheme`` is None while the order of an imported network's classes is unknown.
    """

    format: int
    created: str
    network: Network
    classes: tuple[str, ...]
    scheme: Scheme | None
    recipe: CropRecipe
    temperature: float
    source: str
    training: TrainingRecord | None = None
    seen: Seen | None = None

    def check_scheme(self, scheme: Scheme) -> None:
        """Refuse to answer in classes the user does not use.

        Raises
        ------
        ModelError
            If the codes, or their order, are not those of ``scheme``, or nobody knows them.
        """
        if self.scheme is None:
            raise ModelError(
                f"Which classes the {len(self.classes)} outputs of this imported model stand for "
                "is unknown; import its file again, check the order on labelled crystals, and "
                "choose one."
            )
        if self.classes != scheme.codes:
            raise ModelError(
                f"This model tells {', '.join(self.classes)} apart, but the project's classes are "
                f"{', '.join(scheme.codes)}; train a model in this project, or pick another."
            )
