"""Tells `mcn doctor`, from child processes, whether each framework starts and on what."""

from dataclasses import dataclass

from microcrystalnet.progress import Report, ignore_progress


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework that could be imported: its version and the graphics cards it sees."""

    version: str
    cards: tuple[str, ...]


class Checkup:
    """A service that imports frameworks, one per child."""

    METHODS = frozenset({"torch", "tensorflow"})

    def torch(self, report: Report = ignore_progress) -> Framework | None:
        """Import what SAM needs; None if it is not installed."""
        try:
            import segment_anything  # noqa: F401 - imported to see whether it can be
            import torch
            import torchvision  # noqa: F401
        except ModuleNotFoundError:
            return None
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        cards = tuple(torch.cuda.get_device_name(number) for number in range(count))
        return Framework(str(torch.__version__), cards)

    def tensorflow(self, report: Report = ignore_progress) -> Framework | None:
        """Import what the classifier needs; None if it is not installed."""
        try:
            import keras  # noqa: F401 - imported to see whether it can be
            import tensorflow
        except ModuleNotFoundError:
            return None
        cards = tuple(card.name for card in tensorflow.config.list_physical_devices("GPU"))
        return Framework(str(tensorflow.__version__), cards)
