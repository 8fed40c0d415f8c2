"""What a user may choose before training."""

from dataclasses import dataclass

from qtpy.QtWidgets import QFormLayout, QWidget

from napari_mcn.panels.fields import Chooser, WholeNumber

NETWORKS = (("paper", "MicroCrystalNet (paper)"), ("released", "MicroCrystalNet (released)"))
SPLITS = (("micrograph", "By micrograph"), ("crystal", "By crystal (too hopeful)"))


@dataclass(frozen=True, slots=True)
class TrainForm:
    """The values of the form; the names are those of `learning.config.TrainConfig`."""

    network: str = "paper"
    epochs: int = 30
    split: str = "micrograph"
    seed: int = 0


class TrainFields(QWidget):
    """The form itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        start = TrainForm()
        self.network = Chooser("Which network learns.")
        self.network.set_choices(NETWORKS, start.network)
        self.epochs = WholeNumber(start.epochs, 1, 1000, "How often all crystals are gone through.")
        self.split = Chooser(
            "How crystals are set aside for testing. Crystals of one micrograph look alike, so "
            "splitting by crystal promises more than new micrographs will show."
        )
        self.split.set_choices(SPLITS, start.split)
        self.seed = WholeNumber(start.seed, 0, 2**31 - 1, "The same number repeats a training.")
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow("Network", self.network)
        form.addRow("Epochs", self.epochs)
        form.addRow("Set aside", self.split)
        form.addRow("Random seed", self.seed)

    def value(self) -> TrainForm:
        """Give what is chosen now."""
        return TrainForm(
            str(self.network.currentData()),
            self.epochs.value(),
            str(self.split.currentData()),
            self.seed.value(),
        )
