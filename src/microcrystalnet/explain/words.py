"""What explanations and their checks mean, in plain sentences."""

import numpy as np

from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.explain.outline import ClassOutline
from microcrystalnet.explain.pixel_curves import LEAST_GAIN, PixelCurves
from microcrystalnet.explain.sanity import Cascade
from microcrystalnet.imaging.colour_scales import BLUE_ORANGE, INFERNO, ColourScale

NAMES = {
    "saliency": "Gradient saliency",
    "smoothgrad": "SmoothGrad",
    "integrated": "Integrated gradients",
    "gradcam": "Grad-CAM",
}
EXPLAINING = "Explaining"  # what a method reports while it counts crystals
MEANINGS = {
    "saliency": "Bright pixels move the score of {cls} most.",
    "smoothgrad": "Bright pixels move the score of {cls} most, averaged over 25 noisy copies.",
    "integrated": "Orange pixels speak for {cls}, blue ones against it{sums}.",
    "gradcam": "Bright places hold what {block} takes as signs of {cls}.",
}
SUM = "; they sum to the change of its score from a black crop"
NO_SUM = "; what else counts is not shown, so that they do not sum to the change of its score"
NOTHING = "Nothing in this crystal moves the score of {cls}, as this method sees it."
UNSEEN = (
    "No pixel of this crystal is in the crop that the network looks at: it is too thin, or lies "
    "outside the analysis region."
)
NO_SIGN = "{block} finds no sign of {cls} in this crystal."  # other blocks may, and other methods
FAR, NEAR = 1.15, 0.87  # about 15 % more or less than the area would let expect


def scale_of(method: str) -> ColourScale:
    """Give the colours of a method's maps; those with a sign have zero in the middle."""
    return BLUE_ORANGE if method == "integrated" else INFERNO


def meaning(method: str, cls: str, block: object = None, sums: str = "") -> str:
    """Say what the colours of a map tell; ``sums`` is `SUM`, `NO_SUM` or what `on_sums` gives."""
    return MEANINGS[method].format(cls=cls, block=_named(block), sums=sums)


def on_map(explanation: Explanation, block: object = None, *, whole: bool = True) -> str:
    """Say what the colours of one crystal's map tell, or that it is empty, or shows nothing.

    ``whole`` says whether all that the network saw of the crystal is shown.
    """
    if not np.isfinite(explanation.values).any():
        return UNSEEN
    if not np.nan_to_num(explanation.values).any():
        if explanation.method == "gradcam":
            said = NO_SIGN.format(cls=explanation.cls, block=_named(block))
            return said[0].upper() + said[1:]
        return NOTHING.format(cls=explanation.cls)
    return meaning(explanation.method, explanation.cls, block, SUM if whole else NO_SUM)


def on_sums(whole: int, crystals: int) -> str:
    """Say of how many crystals on one map the values sum to the change of a score."""
    if not whole:
        return NO_SUM
    most = "" if whole == crystals else f" (but for {crystals - whole} of {crystals})"
    return f"; those of each crystal{most} sum to the change of its score from a black crop"


def _named(block: object) -> str:
    return "the last convolution block" if block is None else f"convolution block {block}"


def on_curves(curves: PixelCurves) -> str:
    """Say whether the pixels that a map calls important are."""
    return on_gains(curves.deletion_gain, curves.insertion_gain, curves.cls)


def on_gains(gone: float, back: float, cls: str = "its class") -> str:
    """Say what the gains of deletion and insertion over a random order mean."""
    verdicts = {
        (True, True): "The pixels it marks do carry the class.",
        (True, False): "Taking its pixels away hurts more than chance, but they alone hardly "
        "bring the class back sooner.",
        (False, True): "Its pixels bring the class back sooner than chance, but the class "
        "survives without them.",
        (False, False): "It is no better than a random order: do not rely on this map.",
    }
    verdict = verdicts[gone > LEAST_GAIN, back > LEAST_GAIN]
    return (
        f"{verdict} Against a random order, the area under the curve of {cls} is {_grown(-gone)} "
        f"when pixels are taken away and {_grown(back)} when they return."
    )


def _grown(by: float) -> str:
    """Say how much larger an area is, to two digits."""
    size = f"{abs(by):.2f}"
    if size == "0.00":
        return "the same"
    return f"{size} {'larger' if by > 0 else 'smaller'}"


def on_cascade(found: Cascade) -> str:
    """Say whether a method's maps depend on what the network learned."""
    last = found.stages[-1]
    alike = f"rank correlation {last.rank:.2f}, structural similarity {last.structure:.2f}"
    if found.passed:
        return (
            "The map changes when the network forgets what it learned, so it tells about the "
            f"network and not only about the picture ({alike} with the map of a random network)."
        )
    return (
        "The map hardly changes when the network forgets what it learned: it shows edges of the "
        f"picture rather than reasons; use another method ({alike})."
    )


def on_outline(found: ClassOutline) -> str:
    """Say whether the network looks at the outline or the interior of a class."""
    beginning = (
        f"{found.cls} ({found.crystals}): {100 * found.attribution:.0f} % of the map lies along "
        f"the outline, which is {100 * found.area:.0f} % of the area"
    )
    if found.ratio > FAR:
        return f"{beginning}; the outline counts {found.ratio:.1f} times as much as its area."
    if found.ratio < NEAR:
        return f"{beginning}; the interior counts more than its area."
    return f"{beginning}; outline and interior count about as much as their areas."
