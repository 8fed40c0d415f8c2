"""The crystals of a project as examples for the classifier."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from microcrystalnet.account import account
from microcrystalnet.cli.console import remark
from microcrystalnet.cli.sitting import opened
from microcrystalnet.domain.verdict import State, Verdict
from microcrystalnet.errors import BlindError
from microcrystalnet.examples import example
from microcrystalnet.labelling.consensus import settle_all
from microcrystalnet.learning.dataset import Example
from microcrystalnet.storage.project_store import ProjectStore


@dataclass(frozen=True, slots=True)
class ProjectCrystal:
    """A crystal of a project with its micrograph's file name and what the experts agreed on."""

    example: Example
    file_name: str
    verdict: Verdict


@contextmanager
def open_project(folder: Path, expert: str | None = None) -> Iterator[ProjectStore]:
    """Open a project as an expert, or as the account; only what is noted as seen is written.

    Raises
    ------
    ProjectError
        If the folder is not a project, or what was noted did not reach it.
    """
    with opened(ProjectStore.open(folder, expert or account())) as store:
        if withheld := len(store.rounds.withheld):
            where = "" if store.rounds.blind_session else f"on {withheld} of the micrographs "
            remark(
                f"{store.actor} labels blind: {where}only your own answers count, and no "
                "predictions, until you seal what you label blind."
            )
        yield store


def not_blind(store: ProjectStore, examples: Sequence[Example]) -> list[Example]:
    """Leave out crystals that one labels blind, or may still be asked for the deciding label.

    What a classifier says of them, and why, is closed to whoever labels them (STORAGE.md 2).

    Raises
    ------
    BlindError
        If none is left.
    """
    rounds = store.rounds
    shown = [
        each
        for each in examples
        if not rounds.blind_on(each.image_id)
        and each.crystal_id not in rounds.reserve(each.image_id)
    ]
    if examples and not shown:
        raise BlindError(
            f"{store.actor} labels every crystal of this project blind, so what the network says "
            "of them stays closed until they are sealed: mcn round seal, or Consensus > Rounds."
        )
    return shown


def crystals_of(store: ProjectStore) -> list[ProjectCrystal]:
    """Give every crystal of a project; nobody's labels count as seen by this."""
    verdicts = settle_all(store.votes(reveal=False), store.adjudication.cases())
    return [
        ProjectCrystal(
            example(store, crystal),
            micrograph.file_name,
            verdicts.get(crystal_id) or Verdict(crystal_id, State.UNLABELLED, None, 0),
        )
        for image_id, micrograph in store.state.micrographs.items()
        for crystal_id, crystal in store.state.crystals(image_id).items()
    ]


def count_states(crystals: list[ProjectCrystal]) -> dict[str, int]:
    """Count the crystals in each state, by the state's name."""
    states = [crystal.verdict.state for crystal in crystals]
    return {state.value: states.count(state) for state in State}
