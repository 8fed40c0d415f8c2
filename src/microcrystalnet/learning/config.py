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


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Choices of one training (IEEE Access 2025, section 4.3).

    ``patience`` epochs without a better validation loss end it; after ``plateau`` such epochs the
    learning rate falls to a tenth. ``components`` caps the size of the PCA basis, ``sparsity``
    is what the L1 penalty takes off each weight of the selection over the whole training (their
    squares begin at 1 on average). The basis is fitted before the first epoch, and again after
    each of ``refits``. ``nsr`` names the parts of the NSR block that are there.
    """

    network: str = "paper"
    epochs: int = 30
    batch: int = 32
    learning_rate: float = 1e-3
    plateau: int = 5
    patience: int = 10
    dropout: float = 0.5
    components: int = 256
    sparsity: float = 1.0
    refits: tuple[int, ...] = ()
    nsr: tuple[str, ...] = NSR_PARTS
    split: str = "micrograph"
    validation_share: float = 0.1
    test_share: float = 0.1
    balance: bool = True
    augment: bool = True
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
        for part in self.nsr:
            _one_of("part of the NSR block", part, NSR_PARTS)
        _between("number of epochs", self.epochs, 1, 10_000)
        _between("batch size", self.batch, 2, 4096)
        _between("learning rate", self.learning_rate, 1e-8, 10)
        _between("dropout", self.dropout, 0, 0.95)
        _between("number of PCA components", self.components, 1, 4096)
        _between("sparsity", self.sparsity, 0, 100)
        _between("validation share", self.validation_share, 0.01, 0.5)
        _between("test share", self.test_share, 0, 0.5)
        _between("seed", self.seed, 0, 2**32 - 1)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise TrainingError(f"There is no {name} “{value}”; choose {' or '.join(allowed)}.")


def _between(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise TrainingError(f"The {name} is {value:g}; choose a value from {low:g} to {high:g}.")
