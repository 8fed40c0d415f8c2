"""What is asked of the classifier on the Explain page, shared by those who ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psygnal import Signal

if TYPE_CHECKING:
    from napari_mcn.session import Session


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


CLOSED = (
    "You label this micrograph blind: what the classifier says, and why, opens when you have "
    "sealed it."
)


def is_closed(session: Session) -> bool:
    """Say whether the shown micrograph is labelled blind, so that nothing is explained on it."""
    store, image_id = session.store, session.image_id
    return store is not None and image_id is not None and store.rounds.blind_on(image_id)


class Inquiry:
    """The question in force."""

    changed = Signal(Question)

    def __init__(self) -> None:
        self.question = Question()

    def ask(self, **changes: object) -> None:
        """Change a part of the question and let everyone know."""
        self.question = replace(self.question, **changes)
        self.changed.emit(self.question)
