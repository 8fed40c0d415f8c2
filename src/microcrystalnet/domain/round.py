"""A round of blind labelling: which micrographs, which experts, under which conditions."""

from dataclasses import dataclass
from enum import StrEnum


class Blindness(StrEnum):
    """What leaves an expert's computer before the seal: the closed labels, or nothing."""

    ON = "on"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class Round:
    """What the experts of a round are asked to do.

    ``round_id`` is the id under which labels refer to it; ``experts`` are names; ``min_labels`` is
    the number of experts who label every crystal, ``third_on_dispute`` whether another one is
    asked where they differ; ``order_seed`` fixes everyone's order, ``repeat_frac`` (0..1) the
    share of crystals that come a second time; ``scheme_version`` is the one it was opened under.
    """

    round_id: str
    image_ids: tuple[str, ...]
    experts: tuple[str, ...]
    min_labels: int = 2
    third_on_dispute: bool = True
    blind: Blindness = Blindness.ON
    order_seed: int = 0
    repeat_frac: float = 0.05
    scheme_version: int = 1
