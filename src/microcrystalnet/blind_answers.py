"""The answers of a project that may be compared: blind, planned, and as they were before."""

from typing import TYPE_CHECKING

from ulid import ULID

from microcrystalnet.domain.label import Label
from microcrystalnet.labelling.answers import GivenAnswer, said

if TYPE_CHECKING:
    from microcrystalnet.storage.project_store import ProjectStore


def answers_of(store: "ProjectStore") -> list[GivenAnswer]:
    """Give every blind answer as a line of a table; nobody's labels count as seen by this.

    Images are named by their file, crystals by their id.
    """
    votes = store.votes(reveal=False)
    state = store.state
    return [
        _given(label, micrograph.file_name)
        for image_id, micrograph in state.micrographs.items()
        for crystal_id in state.crystals(image_id)
        for label in votes.get(crystal_id, {}).values()
        if label.blind
    ]


def _given(label: Label, image: str) -> GivenAnswer:
    return GivenAnswer(
        image, label.crystal_id, label.expert, said(label.answer), time_ms=time_of(label)
    )


def time_of(label: Label) -> int | None:
    """Give when a label was first said, in milliseconds since 1970 by its expert's clock.

    The id of a journal event is a ULID, which begins with the time.
    """
    try:
        return int(ULID.from_str(label.label_id).milliseconds)
    except ValueError:
        return None
