"""What every step of one workbench shares, and what a step can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qtpy.QtCore import QObject
    from qtpy.QtWidgets import QWidget

    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.engines.segmentation import SegmentationEngine
    from napari_mcn.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.preferences import Preferences
    from napari_mcn.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """The viewer, the engines and the working state that all steps work on."""

    session: Session
    canvas: Canvas
    busy: Busy
    dialogs: Dialogs
    preferences: Preferences
    segmentation: SegmentationEngine
    classifier: EngineClient
    owner: QObject
    go_to: Callable[[str], None]
    open_gallery: Callable[[str, Sequence[str]], None]


class Step(Protocol):
    """One page and what makes it work."""

    @property
    def panel(self) -> QWidget:
        """The page."""

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""

    def close(self) -> None:
        """Let go of the session, the viewer and the engines."""
