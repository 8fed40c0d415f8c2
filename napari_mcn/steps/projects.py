"""The Project page: opening, creating, micrographs in and out, who labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.closing import close_all
from napari_mcn.controllers.intake_controller import IntakeController
from napari_mcn.controllers.project_controller import ProjectController
from napari_mcn.panels.project_panel import ProjectPanel
from napari_mcn.samples import sample_copy

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class ProjectStep:
    """The Project page and its controllers."""

    def __init__(self, place: Place) -> None:
        self.panel = ProjectPanel()
        self.project = ProjectController(
            self.panel,
            place.session,
            dialogs=place.dialogs,
            preferences=place.preferences,
            copy_sample=sample_copy,
        )
        self.intake = IntakeController(
            self.panel,
            place.session,
            place.canvas,
            dialogs=place.dialogs,
            open_project=self.project.open,
            owner=place.owner,
        )

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""
        self.project.activate(active)

    def close(self) -> None:
        """Let go of the session."""
        close_all([self.intake, self.project])
