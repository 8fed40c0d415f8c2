"""What the figures of a paper are drawn from, gathered where the project is open."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.errors import ModelError
from microcrystalnet.examples import example
from microcrystalnet.labelling.consensus import settle_all
from microcrystalnet.learning.dataset import Example
from microcrystalnet.report.drawn import stems
from microcrystalnet.review import Standing, standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from microcrystalnet.storage.project_store import ProjectStore


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

    Nobody's labels count as seen by this; micrographs that are labelled blind are left out.

    Raises
    ------
    ModelError
        If no crystal has a settled class.
    """
    verdicts = settle_all(store.votes(reveal=False), store.adjudication.cases())
    shown = [i for i in store.state.micrographs if i not in store.rounds.withheld]
    names = stems(store.state.micrographs.values())
    sheets = []
    for image_id in shown:
        said, crystals = store.predictions(model_id, image_id), []
        for number, crystal in enumerate(store.state.crystals(image_id).values(), 1):
            found, verdict = said.get(crystal.crystal_id), verdicts.get(crystal.crystal_id)
            holds = standing(found, model_id, crystal) is Standing.CURRENT
            truth = verdict.cls if verdict and verdict.settled else None
            crystals.append(
                FigureCrystal(number, example(store, crystal), truth, found if holds else None)
            )
        sheets.append(
            FigureSheet(store.state.micrograph(image_id), names[image_id], tuple(crystals))
        )
    colours = {each.code: each.colour for each in store.state.scheme.known}
    material = FigureMaterial(tuple(sheets), colours)
    if not material.settled:
        raise ModelError(
            "No crystal has a settled class yet, so there is nothing to draw: let two experts "
            "label the same crystals first."
        )
    return material
