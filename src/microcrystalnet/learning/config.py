"""How a classifier is trained: every choice, with the paper's values as defaults."""

from dataclasses import dataclass

from microcrystalnet.errors import TrainingError

# The last five are published networks without their dense layers, to compare with.
NETWORKS = (
    *("paper", "recommended", "released", "vit"),
    *("vgg16", "resnet50", "inceptionv3", "densenet121", "efficientnetb0"),
)
SPLITS = ("micrograph", "crystal")
NSR_PARTS = ("z-score", "pca", "l1")
OPTIMIZERS = ("adam", "sgd", "rmsprop")
TARGETS = ("soft", "paper")
BALANCES = ("weights", "rotations", "none")


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Choices of one training (IEEE Access 2025, section 4.3).

    ``patience`` epochs without a better validation loss end it; after ``plateau`` such epochs the
    learning rate is multiplied by ``factor``. ``crop_size`` is the side of a crop in pixels.

    The NSR block: ``components`` caps the size of the PCA basis, ``sparsity`` is what the L1
    penalty takes off each weight of the selection over the whole training (their squares begin at 1
    on average). The basis is fitted before the first epoch, and again after each of ``refits``.
    ``nsr`` names the parts of the block that are there, for an ablation.

    ``folds`` of two or more also cross-validate before the final training. ``targets`` are ``soft``
    where the experts' doubt is taught, ``paper`` where settled classes are taught as they are.
    ``balance`` makes classes count alike by ``weights``, or by ``rotations`` that are added to the
    training part. ``augment`` turns and mirrors crops at random; ``jitter`` makes them brighter or
    darker by up to this share.
    """

    network: str = "paper"
    epochs: int = 30
    batch: int = 32
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    plateau: int = 5
    factor: float = 0.1
    patience: int = 10
    crop_size: int = 64
    dropout: float = 0.5
    block_dropout: float = 0.2
    components: int = 256
    sparsity: float = 1.0
    refits: tuple[int, ...] = ()
    nsr: tuple[str, ...] = NSR_PARTS
    split: str = "micrograph"
    validation_share: float = 0.1
    test_share: float = 0.1
    folds: int = 0
    targets: str = "soft"
    balance: str = "weights"
    augment: bool = True
    jitter: float = 0.0
    seed: int = 0

    def check(self) -> None:
        """Refuse choices that cannot work.

        Raises
        ------
        TrainingError
            With the first choice that is out of range.
        """
        _one_of("network", self.network, NETWORKS)
        _one_of("split", self.split, SPLITS)
        _one_of("optimizer", self.optimizer, OPTIMIZERS)
        _one_of("kind of target", self.targets, TARGETS)
        _one_of("way of balancing classes", self.balance, BALANCES)
        for part in self.nsr:
            _one_of("part of the NSR block", part, NSR_PARTS)
        for name, field, low, high in RANGES:
            _between(name, getattr(self, field), low, high)
        if self.folds == 1:
            raise TrainingError("One fold cannot be cross-validated; choose 0, or 2 to 20 folds.")


RANGES: tuple[tuple[str, str, float, float], ...] = (
    ("number of epochs", "epochs", 1, 10_000),
    ("batch size", "batch", 2, 4096),
    ("learning rate", "learning_rate", 1e-8, 10),
    ("plateau", "plateau", 1, 10_000),
    ("factor of the learning rate", "factor", 0.001, 1),
    ("patience", "patience", 1, 10_000),
    ("crop size", "crop_size", 16, 512),
    ("dropout", "dropout", 0, 0.95),
    ("dropout of the blocks", "block_dropout", 0, 0.95),
    ("number of PCA components", "components", 1, 4096),
    ("sparsity", "sparsity", 0, 100),
    ("validation share", "validation_share", 0.01, 0.5),
    ("test share", "test_share", 0, 0.4),
    ("number of folds", "folds", 0, 20),
    ("jitter", "jitter", 0, 0.9),
    ("seed", "seed", 0, 2**32 - 1),
)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise TrainingError(f"There is no {name} “{value}”; choose {' or '.join(allowed)}.")


def _between(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise TrainingError(f"The {name} is {value:g}; choose a value from {low:g} to {high:g}.")
