"""Which filters a micrograph goes through before it is outlined, and what each one gains."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.imaging import filters
from microcrystalnet.imaging.noise import snr_db
from microcrystalnet.progress import Progress, Report, ignore_progress

Grey = NDArray[np.float32]
Denoiser = Callable[[Grey, Report], Grey]
LARGEST_ELEMENT_PX = 51


class FilterError(MicroCrystalError):
    """A micrograph cannot be filtered as asked."""


class Step(StrEnum):
    """One filter; the order is that of the paper's section 4.2."""

    NON_LOCAL_MEANS = "non-local means"
    BLIND_SPOT = "Noise2Void"
    UNSHARP = "unsharp mask"
    OPENING = "opening"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Recipe:
    """The filters and their strengths; 0 or False switches one off.

    ``non_local_means`` is in noise deviations, ``unsharp_radius_px`` and the diameters of
    ``opening_px`` and ``closing_px`` in pixels, ``unsharp`` a factor.
    """

    non_local_means: float = 0.0
    blind_spot: bool = False
    unsharp: float = 0.0
    unsharp_radius_px: float = 2.0
    opening_px: int = 0
    closing_px: int = 0

    def __post_init__(self) -> None:
        """Refuse strengths that no filter has.

        Raises
        ------
        FilterError
            If one is negative, not a number or too large.
        """
        if not (0 <= self.non_local_means <= 5 and 0 <= self.unsharp <= 10):
            raise FilterError("Strengths of filters go from 0 to 5 (unsharp mask: 10).")
        if not 0.3 <= self.unsharp_radius_px <= 50:
            raise FilterError(
                f"The radius of the unsharp mask is 0.3 to 50 pixels, not {self.unsharp_radius_px}."
            )
        if not all(0 <= each <= LARGEST_ELEMENT_PX for each in (self.opening_px, self.closing_px)):
            raise FilterError(f"Opening and closing take 0 to {LARGEST_ELEMENT_PX} pixels.")

    @property
    def steps(self) -> tuple[Step, ...]:
        """The filters that are on, in order."""
        on = {
            Step.NON_LOCAL_MEANS: self.non_local_means > 0,
            Step.BLIND_SPOT: self.blind_spot,
            Step.UNSHARP: self.unsharp > 0,
            Step.OPENING: self.opening_px > 1,
            Step.CLOSING: self.closing_px > 1,
        }
        return tuple(step for step, wanted in on.items() if wanted)

    @property
    def digest(self) -> str:
        """8 hexadecimal digits that change with any setting; empty if nothing is on."""
        if not self.steps:
            return ""
        return hashlib.blake2b(repr(astuple(self)).encode(), digest_size=4).hexdigest()


PRESETS = {
    "none": Recipe(),
    "light": Recipe(non_local_means=0.8),
    "paper": Recipe(non_local_means=0.8, blind_spot=True, unsharp=0.5, opening_px=5, closing_px=5),
}


def preset(name: str) -> Recipe:
    """Give a preset.

    Raises
    ------
    FilterError
        If there is none of this name.
    """
    if name not in PRESETS:
        raise FilterError(f"There is no preset {name!r}; take one of {', '.join(PRESETS)}.")
    return PRESETS[name]


@dataclass(frozen=True, slots=True)
class Gain:
    """The signal-to-noise ratio after a step, in decibels; None where it cannot be measured."""

    step: str
    snr_db: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """A filtered micrograph, (height, width) of the recorded dtype, and what each step gained."""

    pixels: NDArray[np.generic]
    gains: tuple[Gain, ...]


def preprocess(
    pixels: NDArray[np.generic],
    recipe: Recipe,
    *,
    region: Region | None = None,
    blind_spot: Denoiser | None = None,
    report: Report = ignore_progress,
) -> Filtered:
    """Run a micrograph through a recipe.

    Parameters
    ----------
    pixels : (height, width)
        Grey levels of any real dtype; not finite pixels stay as they are.
    recipe
        What to do; an empty one measures only.
    region
        The analysis region; what lies outside, such as a databar, is neither filtered nor
        measured.
    blind_spot
        What does the step `Step.BLIND_SPOT`.

    Raises
    ------
    FilterError
        If the recipe needs a blind-spot network and none is given.
    """
    window = _window(pixels, region)
    recorded = pixels[window]
    holes = ~np.isfinite(recorded)
    grey = _without_holes(recorded, holes)
    gains = [Gain("recorded", snr_db(_levels(grey, pixels.dtype)))]
    for step, result in _results(grey, recipe, blind_spot, report):
        gains.append(Gain(step.value, snr_db(_levels(result, pixels.dtype))))
        grey = result
    filtered = pixels.copy()
    if recipe.steps:
        filtered[window] = np.where(holes, recorded, _levels(grey, pixels.dtype))
    return Filtered(filtered, tuple(gains))


def _results(
    grey: Grey, recipe: Recipe, blind_spot: Denoiser | None, report: Report
) -> Iterator[tuple[Step, Grey]]:
    for done, step in enumerate(recipe.steps):
        report(Progress(done, len(recipe.steps), f"Filtering: {step.value}"))
        grey = _filter(grey, step, recipe, blind_spot, report)
        yield step, grey


def _filter(
    grey: Grey, step: Step, recipe: Recipe, blind_spot: Denoiser | None, report: Report
) -> Grey:
    match step:
        case Step.NON_LOCAL_MEANS:
            return filters.non_local_means(grey, recipe.non_local_means)
        case Step.UNSHARP:
            return filters.unsharp(grey, recipe.unsharp_radius_px, recipe.unsharp)
        case Step.OPENING:
            return filters.opening(grey, recipe.opening_px)
        case Step.CLOSING:
            return filters.closing(grey, recipe.closing_px)
    if blind_spot is None:
        raise FilterError("Noise2Void needs torch; switch it off or install the extra 'sam'.")
    return blind_spot(grey, report)


def _window(pixels: NDArray[np.generic], region: Region | None) -> tuple[slice, slice]:
    if region is None:
        return slice(0, pixels.shape[0]), slice(0, pixels.shape[1])
    return slice(region.row0, region.row1), slice(region.col0, region.col1)


def _without_holes(recorded: NDArray[np.generic], holes: NDArray[np.bool_]) -> Grey:
    grey = recorded.astype(np.float32)
    if holes.any():
        grey[holes] = 0.0 if holes.all() else np.median(grey[~holes])
    return grey


def _levels(grey: Grey, dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    """Round to the grey levels of the recording, none beyond what its dtype holds."""
    if dtype.kind not in "ui":
        return grey.astype(dtype)
    limits = np.iinfo(dtype)  # type: ignore[type-var]  # the kind was looked at
    return np.clip(np.rint(grey.astype(np.float64)), limits.min, limits.max).astype(dtype)
