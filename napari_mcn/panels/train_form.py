"""What a user may choose before training."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

from qtpy.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QWidget

from napari_mcn.panels.fields import Chooser, DecimalNumber, WholeNumber
from napari_mcn.panels.panel import heading

Choices = Sequence[tuple[str, str]]

NETWORKS: Choices = (
    ("paper", "MicroCrystalNet (paper)"),
    ("recommended", "Recommended"),
    ("released", "MicroCrystalNet (released)"),
    ("vit", "Small vision transformer"),
    ("vgg16", "VGG16 (to compare)"),
    ("resnet50", "ResNet50 (to compare)"),
    ("inceptionv3", "InceptionV3 (to compare)"),
    ("densenet121", "DenseNet121 (to compare)"),
    ("efficientnetb0", "EfficientNetB0 (to compare)"),
)
SPLITS: Choices = (("micrograph", "By micrograph"), ("crystal", "By crystal (too hopeful)"))
TARGETS: Choices = (("soft", "With the experts' doubt"), ("paper", "As settled (paper)"))
BALANCES: Choices = (
    ("weights", "Rare ones count more"),
    ("rotations", "Rare ones are turned"),
    ("none", "Not at all"),
)
OPTIMIZERS: Choices = (("adam", "Adam"), ("sgd", "SGD"), ("rmsprop", "RMSprop"))
NSR_PARTS: Choices = (("z-score", "z-scores"), ("pca", "PCA"), ("l1", "L1 selection"))


@dataclass(frozen=True, slots=True)
class TrainForm:
    """The values of the form; the names are those of `learning.config.TrainConfig`."""

    network: str = "paper"
    epochs: int = 30
    split: str = "micrograph"
    seed: int = 0
    folds: int = 0
    validation_share: float = 0.1
    test_share: float = 0.1
    targets: str = "soft"
    balance: str = "weights"
    augment: bool = True
    jitter: float = 0.0
    crop_size: int = 64
    batch: int = 32
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    plateau: int = 5
    factor: float = 0.1
    patience: int = 10
    dropout: float = 0.5
    block_dropout: float = 0.2
    components: int = 256
    sparsity: float = 1.0
    refits: tuple[int, ...] = ()
    nsr: tuple[str, ...] = ("z-score", "pca", "l1")


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the form: its caption, what it explains, and what it lets one choose from."""

    caption: str
    hint: str
    choices: Choices = ()
    least: float = 0
    most: float = 1


SECTIONS: dict[str, dict[str, _Row]] = {
    "": {
        "network": _Row("Network", "Which network learns.", NETWORKS),
        "epochs": _Row("Epochs", "How often all crystals are gone through.", (), 1, 1000),
        "split": _Row(
            "Set aside",
            "How crystals are set aside for testing. Crystals of one micrograph look alike, so "
            "splitting by crystal promises more than new micrographs will show.",
            SPLITS,
        ),
        "seed": _Row("Random seed", "The same number repeats a training.", (), 0, 2**31 - 1),
    },
    "Crystals": {
        "folds": _Row(
            "Folds",
            "Trains once more per fold, so that every crystal is judged by a network that did not "
            "learn from it; 0 keeps one part apart instead.",
            (),
            0,
            20,
        ),
        "validation_share": _Row("Stop by", "Share that tells when to stop.", (), 0.01, 0.5),
        "test_share": _Row("Test on", "Share that is judged at the end.", (), 0, 0.4),
        "targets": _Row("Taught", "Whether doubt among the experts is taught as such.", TARGETS),
        "balance": _Row("Balance", "How rare classes are made to count.", BALANCES),
        "augment": _Row("Turn crops", "Show crystals turned and mirrored at random."),
        "jitter": _Row("Vary light", "Crops get brighter or darker by this share.", (), 0, 0.9),
        "crop_size": _Row("Crop size", "Side of a crop in pixels.", (), 16, 512),
    },
    "Learning": {
        "batch": _Row("Batch", "How many crops are learnt from at a time.", (), 2, 4096),
        "optimizer": _Row("Optimiser", "How the weights follow the error.", OPTIMIZERS),
        "learning_rate": _Row("Learning rate", "How far each step goes.", (), 1e-6, 10),
        "plateau": _Row("Plateau", "Epochs without gain before steps get smaller.", (), 1, 10_000),
        "factor": _Row("Slow down by", "What the learning rate is multiplied by.", (), 0.001, 1),
        "patience": _Row("Patience", "Epochs without gain before it stops.", (), 1, 10_000),
    },
    "Network": {
        "dropout": _Row("Dropout", "Share silenced after each dense layer.", (), 0, 0.95),
        "block_dropout": _Row("Block dropout", "Share silenced after each block.", (), 0, 0.95),
        "components": _Row("Components", "Size of the PCA basis at most.", (), 1, 4096),
        "sparsity": _Row("Sparsity", "How strongly weak components are dropped.", (), 0, 100),
        "refits": _Row("Fit basis after", "Epochs after which the basis is fitted again: 1, 4."),
        "nsr": _Row("NSR parts", "Leave a part out to see what it does.", NSR_PARTS),
    },
}


class TrainFields(QWidget):
    """The form itself; each field is an attribute named as in `TrainForm`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        start = TrainForm()
        for title, rows in SECTIONS.items():
            if title:
                form.addRow(heading(title))
            for name, row in rows.items():
                field = _field(row, getattr(start, name))
                setattr(self, name, field)
                form.addRow(row.caption, field)

    def value(self) -> TrainForm:
        """Give what is chosen now."""
        return TrainForm(
            **{each.name: _read(getattr(self, each.name)) for each in fields(TrainForm)}
        )

    def set_value(self, value: TrainForm) -> None:
        """Show other choices."""
        for each in fields(TrainForm):
            _write(getattr(self, each.name), getattr(value, each.name))


class _Several(QWidget):
    """A check box for each of several parts."""

    def __init__(self, choices: Choices, hint: str) -> None:
        super().__init__()
        self.boxes = {key: QCheckBox(text) for key, text in choices}
        column = QFormLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for box in self.boxes.values():
            box.setToolTip(hint)
            box.setChecked(True)
            column.addRow(box)


def _field(row: _Row, value: object) -> QWidget:
    match value:
        case bool():
            box = QCheckBox()
            box.setChecked(value)
            box.setToolTip(row.hint)
            return box
        case int():
            return WholeNumber(value, int(row.least), int(row.most), row.hint)
        case float():
            number = DecimalNumber(value, row.least, row.most, row.hint)
            number.setDecimals(6 if row.least == 1e-6 else 3)
            number.setStepType(DecimalNumber.StepType.AdaptiveDecimalStepType)
            number.setValue(value)
            return number
        case tuple() if row.choices:
            return _Several(row.choices, row.hint)
        case tuple():
            line = QLineEdit()
            line.setToolTip(row.hint)
            line.setPlaceholderText("never")
            line.returnPressed.connect(line.clearFocus)
            return line
    chooser = Chooser(row.hint)
    chooser.set_choices(row.choices, value)
    return chooser


def _read(field: QWidget) -> object:
    match field:
        case QCheckBox():
            return field.isChecked()
        case Chooser():
            return str(field.currentData())
        case QLineEdit():
            return tuple(int(each) for each in re.findall(r"\d{1,5}", field.text()))
        case _Several():
            return tuple(key for key, box in field.boxes.items() if box.isChecked())
    return field.value()


def _write(field: QWidget, value: object) -> None:
    match field:
        case QCheckBox():
            field.setChecked(bool(value))
        case Chooser():
            field.setCurrentIndex(field.findData(value))
        case QLineEdit():
            field.setText(", ".join(map(str, value)))
        case _Several():
            for key, box in field.boxes.items():
                box.setChecked(key in value)
        case _:
            field.setValue(value)
