"""What the figures of a paper are drawn from, gathered where the project is open."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.errors import ModelError
from microcrystalnet.examples import AT_ONCE, example, verdict_of
from microcrystalnet.learning.dataset import Example
from microcrystalnet.progress import Progress, to_the_end
from microcrystalnet.report.drawn import stems
from microcrystalnet.review import Standing, standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from microcrystalnet.storage.project_store import ProjectStore

GATHERING = "Gathering what is drawn …"


@dataclass(frozen=True, slots=True)
class FigureCrystal:
    """A crystal with its number on the micrograph, its settled class and what the model says.

    Either is None where there is none; a prediction of another outline counts as none.
    """

    number: int
    example: Example
    truth: str | None
    prediction: Prediction | None

    @property
    def wrong(self) -> bool:
        """Whether the model contradicts the settled class."""
        return None not in {self.truth, self.said} and self.truth != self.said

    @property
    def said(self) -> str | None:
        """The predicted class, or None."""
        return self.prediction.cls if self.prediction else None


@dataclass(frozen=True, slots=True)
class FigureSheet:
    """One micrograph with its crystals; ``stem`` names its files."""

    micrograph: Micrograph
    stem: str
    crystals: tuple[FigureCrystal, ...]


@dataclass(frozen=True, slots=True)
class FigureMaterial:
    """Every micrograph that may be shown, and the class colours (``#rrggbb``) by code."""

    sheets: tuple[FigureSheet, ...]
    colours: "Mapping[str, str]"

    @property
    def settled(self) -> tuple[FigureCrystal, ...]:
        """The crystals with a settled class."""
        return tuple(
            each for sheet in self.sheets for each in sheet.crystals if each.truth is not None
        )


def gather_material(store: "ProjectStore", model_id: str) -> FigureMaterial:
    """Gather a project's crystals, and what a model says of them.

    Nobody's labels count as seen by this, but by `note_shown`; micrographs that are labelled blind
    are left out.

    Raises
    ------
    ModelError
        If no crystal has a settled class.
    """
    return to_the_end(gathering_material(store, model_id))


def gathering_material(
    store: "ProjectStore", model_id: str
) -> Generator[Progress, None, FigureMaterial]:
    """Do what `gather_material` does, with a pause after every few answers and crystals."""
    yield from store.reading_answers()
    shown = [i for i in store.state.micrographs if i not in store.rounds.withheld]
    names = stems(store.state.micrographs.values())
    sheets = []
    for done, image_id in enumerate(shown):
        yield from store.reading_outlines(image_id)
        said, crystals = store.predictions(model_id, image_id), []
        for number, crystal in enumerate(store.state.crystals(image_id).values(), 1):
            crystals.append(_drawn(store, model_id, number, crystal, said.get(crystal.crystal_id)))
            if number % AT_ONCE == 0:
                yield Progress(done, len(shown), GATHERING)
        sheets.append(
            FigureSheet(store.state.micrograph(image_id), names[image_id], tuple(crystals))
        )
        yield Progress(done + 1, len(shown), GATHERING)
    colours = {each.code: each.colour for each in store.state.scheme.known}
    material = FigureMaterial(tuple(sheets), colours)
    if not material.settled:
        raise ModelError(
            "No crystal has a settled class yet, so there is nothing to draw: let two experts "
            "label the same crystals first."
        )
    return material


def note_shown(store: "ProjectStore", material: FigureMaterial) -> None:
    """Note that the expert at the keyboard is shown what people and the model say of crystals."""
    drawn = [each for sheet in material.sheets for each in sheet.crystals]
    known = [it.example.crystal_id for it in drawn if it.truth is not None or it.said is not None]
    store.see(known)
    store.tell(known)


def _drawn(
    store: "ProjectStore", model_id: str, number: int, crystal: Crystal, said: Prediction | None
) -> FigureCrystal:
    verdict = verdict_of(store, crystal.crystal_id)
    holds = standing(said, model_id, crystal) is Standing.CURRENT
    truth = verdict.cls if verdict.settled else None
    return FigureCrystal(number, example(store, crystal), truth, said if holds else None)
