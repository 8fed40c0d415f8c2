"""A blind sitting in the real window, in a process that writes down every file that is opened.

``python tests/blind_window.py PROJECT`` labels by keys, moves, undoes, goes through every page and
presses what would show the others' answers; then it seals by the button and looks.
"""

import json
import sys
from pathlib import Path

import napari
from blind_sitting import listen, telling
from qtpy.QtWidgets import QApplication
from window_material import NoDialogs

from napari_mcn.docks import MicrocrystalDock
from napari_mcn.preferences import Preferences


def settle() -> None:
    """Let the window do what is waiting."""
    for _ in range(20):
        QApplication.instance().processEvents()


def work(dock: MicrocrystalDock) -> None:
    """Label, move, undo, and ask every page for what must stay closed."""
    label, store = dock.labelling.label, dock.session.project
    for _ in store.rounds.work(dock.session.image_id):
        label.next_unlabelled()
        label.press_digit("1")
    label.previous(), label.clear(), label.press_digit("2")
    dock.session.follow(store.undo()), dock.session.follow(store.redo())
    for step in (
        "Project",
        "Segment",
        "Label",
        "Consensus",
        "Model",
        "Review",
        "Explain",
        "Measure",
    ):
        dock.go_to(step)
        settle()
    dock.go_to("Consensus")
    for page, button in dock.experts.panel.buttons.items():
        button.click()
        settle()
        assert dock.experts.panel.page == page
    dock.experts.consensus.reveal(), dock.experts.agreement.reveal()
    dock.experts.consensus.next_disagreement(), dock.explaining.explain.explain()
    dock.projects.project.step(1), dock.projects.project.step(-1)
    store.flush()
    settle()


def main(folder: str) -> None:
    sys.addaudithook(listen)
    viewer = napari.Viewer(show=False)
    preferences = Preferences(Path(folder).parent / "preferences.json")
    preferences.expert = "BK"
    dock = MicrocrystalDock(viewer, NoDialogs(), preferences)
    dock.projects.project.open(Path(folder))
    work(dock)
    before = telling("BK")
    dock.experts.rounds_panel.seal_button.click()
    dock.experts.rounds_panel.reveal_button.click()
    settle()
    answers = len(dock.session.store.state.labels())
    sys.stdout.write(json.dumps({"before": before, "after": telling("BK"), "labels": answers}))
    sys.stdout.flush()
    dock.close_parts()
    viewer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
