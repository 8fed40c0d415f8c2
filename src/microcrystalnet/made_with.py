"""Says with what an outline is being made, for the record that the project keeps of it."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from microcrystalnet.domain.outlining import Outlining
from microcrystalnet.imaging.preprocess import PRESETS, Recipe, Step

CUSTOM = "custom"


def made_with(engine: str, recipe: Recipe) -> Outlining:
    """Describe an engine, ``embedded`` or a file of weights, and the filters before it."""
    preset = next((name for name, each in PRESETS.items() if each == recipe), CUSTOM)
    strengths = _strengths(recipe)
    filters = tuple((step.value, strengths[step]) for step in recipe.steps)
    return Outlining(Path(engine).name, _version(), preset if filters else "none", filters)


def _strengths(recipe: Recipe) -> dict[Step, float]:
    """Give the strength of each filter; Noise2Void is on or off."""
    return {
        Step.NON_LOCAL_MEANS: recipe.non_local_means,
        Step.BLIND_SPOT: float(recipe.blind_spot),
        Step.UNSHARP: recipe.unsharp,
        Step.OPENING: float(recipe.opening_px),
        Step.CLOSING: float(recipe.closing_px),
    }


def _version() -> str:
    try:
        return version("napari-mcn")
    except PackageNotFoundError:  # run from a checkout that nobody installed
        return "unknown"
