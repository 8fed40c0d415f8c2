"""What is asked of the classifier on the Explain page, shared by those who ask."""

from __future__ import annotations

from dataclasses import dataclass, replace

from psygnal import Signal


@dataclass(frozen=True, slots=True)
class Question:
    """A method, a class (None: the predicted one), a convolution block, one crystal or all."""

    method: str = "saliency"
    target: str | None = None
    block: int | None = None
    everywhere: bool = False

    @property
    def arguments(self) -> dict[str, object]:
        """What the explainer engine calls these."""
        block = self.block if self.method == "gradcam" else None
        return {"method": self.method, "target": self.target, "block": block}


BLIND = (
    "You label this micrograph blind: what the classifier looks at stays closed until you seal it "
    "on Consensus > Rounds."
)

TOGETHER = "The maps appear together, once every crystal is explained."


class Inquiry:
    """The question in force."""

    changed = Signal(Question)

    def __init__(self) -> None:
        self.question = Question()

    def ask(self, **changes: object) -> None:
        """Change a part of the question and let everyone know."""
        self.question = replace(self.question, **changes)
        self.changed.emit(self.question)
