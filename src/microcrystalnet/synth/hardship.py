"""What makes a scene hard to classify: how microscope sessions, piles and shapes get worse."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.errors import MicroCrystalError

if TYPE_CHECKING:
    from microcrystalnet.synth.camera import CameraSettings
    from microcrystalnet.synth.pile import PileSettings
    from microcrystalnet.synth.scene import SceneSettings


def check_difficulty(difficulty: float) -> None:
    """Refuse what is not a share.

    Raises
    ------
    MicroCrystalError
        If ``difficulty`` is not within 0 and 1.
    """
    if not 0 <= difficulty <= 1:
        raise MicroCrystalError(
            f"A difficulty of {difficulty:g} cannot be rendered; choose from 0 (clear) to 1 (hard)."
        )


def harden(
    settings: "SceneSettings", difficulty: float, random: np.random.Generator
) -> "SceneSettings":
    """Make a scene harder, from 0 (as it was, and nothing is drawn) to 1.

    Crystals become smaller, more uneven in size, sunk deeper and more alike; the micrograph gets
    blur, charging, noise and low contrast, each drawn anew, as bad sessions differ. What is hidden
    too much gets no label, as nobody could give it one.
    """
    if difficulty == 0:
        return settings
    return replace(
        settings,
        pile=_pile(settings.pile, difficulty),
        camera=_camera(settings.camera, difficulty, random),
        light=replace(settings.light, blotches=settings.light.blotches + 0.10 * difficulty),
        least_share=settings.least_share + 0.15 * difficulty,
        least_diameter=settings.least_diameter * (1 - 0.25 * difficulty),
    )


def _pile(pile: "PileSettings", difficulty: float) -> "PileSettings":
    return replace(
        pile,
        diameter=pile.diameter * (1 - 0.35 * difficulty),
        spread=pile.spread + 0.15 * difficulty,
        layers=pile.layers + 0.2 * difficulty,
        sink=pile.sink + 0.05 * difficulty,
        crumbs=pile.crumbs + 3.0 * difficulty,
        likeness=difficulty,
    )


def _camera(
    camera: "CameraSettings", difficulty: float, random: np.random.Generator
) -> "CameraSettings":
    blur, charging, noise, flatness = difficulty * random.random(4)
    return replace(
        camera,
        beam=camera.beam + 2.2 * blur,
        charging=camera.charging + 0.8 * charging,
        dose=camera.dose * (1 - 0.8 * noise),
        contrast=1 - 0.6 * flatness,
    )
