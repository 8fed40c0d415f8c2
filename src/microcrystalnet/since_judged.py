"""How many labels that a model was judged by are others now."""

from typing import TYPE_CHECKING

from microcrystalnet.examples import verdict_of
from microcrystalnet.labelling.targets import TargetMode, target_of

if TYPE_CHECKING:
    from microcrystalnet.learning.judged import Judged
    from microcrystalnet.storage.project_store import ProjectStore


def since_judged(store: "ProjectStore", judged: "Judged") -> str:
    """Say how many of the labels that a model was judged by have changed; empty where none has.

    Of what the expert at the keyboard labels blind nothing is told, and nobody's labels count as
    seen by this. Everyone's answers must have been read.
    """
    withheld, reserve = store.rounds.withheld, store.rounds.reserve
    rows = zip(judged.crystal_ids, judged.image_ids, judged.truth, strict=True)
    known = [row for row in rows if row[1] not in withheld and row[0] not in reserve(row[1])]
    changed = sum(not _holds(store, *row) for row in known)
    if not changed:
        return ""
    return (
        f"{changed} of these {len(known)} labels {'has' if changed == 1 else 'have'} changed since "
        "the model was judged; the figures are those of then, until you train again."
    )


def _holds(store: "ProjectStore", crystal_id: str, image_id: str, truth: str) -> bool:
    """Say whether a crystal is there and would be taught as the same class."""
    if not store.state.exists(crystal_id, image_id):
        return False
    codes, labels = store.state.scheme.codes, store.adjudication.labels_of(crystal_id)
    target = target_of(verdict_of(store, crystal_id), labels, codes, TargetMode.SOFT)
    return target is not None and codes[target.hard] == truth
