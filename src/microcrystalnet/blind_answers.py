"""The answers of a project that may be compared: blind, planned, and as they were before."""

from typing import TYPE_CHECKING

from ulid import ULID

from microcrystalnet.domain.label import Label
from microcrystalnet.labelling.answers import GivenAnswer, said

if TYPE_CHECKING:
    from microcrystalnet.storage.project_store import ProjectStore


def answers_of(store: "ProjectStore", *, reveal: bool = False) -> list[GivenAnswer]:
    """Give every blind answer as a line of a table.

    Images are named as `image_names` does, crystals by their id. With ``reveal`` the labels count
    as seen by the expert at the keyboard.
    """
    votes, names = store.votes(reveal=reveal), image_names(store)
    places = {crystal_id: store.state.image_of(crystal_id) for crystal_id in votes}
    return [
        _given(label, names[image_id])
        for crystal_id, image_id in places.items()
        if image_id in names
        for label in votes[crystal_id].values()
        if label.blind
    ]


def image_names(store: "ProjectStore") -> dict[str, str]:
    """Give each micrograph's file name by image id; files of one name are numbered."""
    names: dict[str, str] = {}
    for image_id, micrograph in store.state.micrographs.items():
        name, number = micrograph.file_name, 1
        while name in names.values():
            number += 1
            name = f"{micrograph.file_name} ({number})"
        names[image_id] = name
    return names


def _given(label: Label, image: str) -> GivenAnswer:
    word, time_ms = said(label.answer), time_of(label)
    return GivenAnswer(image, label.crystal_id, label.expert, word, label.turn, time_ms)


def time_of(label: Label) -> int | None:
    """Give when a label was first said, in milliseconds since 1970 by its expert's clock.

    The id of a journal event is a ULID, which begins with the time.
    """
    try:
        return int(ULID.from_str(label.label_id).milliseconds)
    except ValueError:
        return None
