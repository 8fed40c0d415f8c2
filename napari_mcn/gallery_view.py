"""What the gallery writes of a crystal under review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.colours import NO_CLASS
from microcrystalnet.labelling.answers import NOT_CRYSTAL, UNCLEAR, said
from microcrystalnet.review import Order, Standing
from napari_mcn.panels.gallery_page import CrystalCard
from napari_mcn.panels.plate import PlateItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from microcrystalnet.domain.prediction import Prediction
    from microcrystalnet.domain.scheme import Scheme
    from microcrystalnet.review import Reviewed

ORDERS = (
    (Order.LOSS.value, "furthest from the settled class"),
    (Order.CONFIDENCE.value, "where the network is least sure"),
    (Order.DISAGREEMENT.value, "where answers contradict most"),
    (Order.PLACE.value, "as they lie on the micrographs"),
)
SPOKEN = {UNCLEAR: "unclear", NOT_CRYSTAL: "not a crystal"}
TROUBLE = {
    Standing.OUTLINE: "The outline was changed after this prediction: predict again on Model.",
    Standing.GONE: "This crystal was deleted.",
}


def item_of(entry: Reviewed, scheme: Scheme) -> PlateItem:
    """Give the picture's frame, in the settled class's colour, and its badge, the network's."""
    settled = None if entry.truth is None else scheme.find(entry.truth)
    return PlateItem(
        entry.crystal_id,
        caption=f"Settled: {entry.truth or 'no'}. Network:",
        badge="" if entry.prediction is None else entry.prediction.cls,
        colour=NO_CLASS if settled is None else settled.colour,
        faded=entry.stale,
    )


def card_of(entry: Reviewed, place: str, names: Mapping[str, str]) -> CrystalCard:
    """Write what is known of a crystal; ``names`` are those of the models."""
    settled = entry.truth or "no single class"
    return CrystalCard(
        place,
        f"Experts: {settled}",
        f"Network: {shares(entry.prediction)}",
        "Votes: " + (votes(entry) or "none"),
        trouble(entry, names),
    )


def shares(prediction: Prediction | None) -> str:
    """Write all probabilities, the highest first, such as ``AA 83 %, PES 12 %``."""
    if prediction is None:
        return "nothing predicted"
    pairs = zip(prediction.probabilities, prediction.classes, strict=True)
    ranked = sorted(pairs, reverse=True)
    return ", ".join(f"{cls} {100 * share:.0f} %" for share, cls in ranked)


def around(keys: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """Give the first of the chosen keys, and the two after and the one before it."""
    if not chosen or chosen[0] not in keys:
        return []
    at = keys.index(chosen[0])
    return [*keys[at : at + 3], *keys[max(at - 1, 0) : at]]


def what_keys_do(title: str, expert: str | None, withheld: int) -> str:
    """Say what is shown and whose answers are recorded; ``withheld`` crystals are closed."""
    blind = f" {withheld} more are closed: you label them blind." if withheld else ""
    return (
        f"{title}. Enter flies to a crystal; class keys record the answer of {expert}, not blind, "
        f"as the others' are seen here.{blind}"
    )


def votes(entry: Reviewed) -> str:
    """Write everyone's answer, such as ``AY RES, MK unclear``."""
    words = {expert: said(answer) for expert, answer in entry.votes.items()}
    return ", ".join(f"{expert} {SPOKEN.get(word, word)}" for expert, word in words.items())


def trouble(entry: Reviewed, names: Mapping[str, str]) -> str:
    """Say why a prediction does not hold; empty if it does, or there is none."""
    if entry.standing is Standing.OLDER and entry.prediction is not None:
        older = names.get(entry.prediction.model_id, "another model")
        return f"Said by {older}, not by the model in use: predict again on Model."
    return TROUBLE.get(entry.standing, "")
