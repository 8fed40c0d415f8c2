"""Three computers with a copy of one project each, and the experts who sit at them."""

import shutil
from contextlib import contextmanager

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication, QLineEdit
from user import User
from window_material import NoDialogs

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.labelling.consensus import settle_all
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn.docks import MicrocrystalDock
from napari_mcn.preferences import Preferences
from napari_mcn.samples import sample_copy

EXPERTS = ("Ana", "Ben", "Cleo")
KEYS = {"RES": Qt.Key.Key_1, "PES": Qt.Key.Key_2, "AA": Qt.Key.Key_3, "SA": Qt.Key.Key_4}
KEYS |= {"unclear": Qt.Key.Key_5}
CLASSES = ("RES", "PES", "AA", "SA")


def unlabelled_copies(home):
    """Outline the sample's crystals in a new project, and give each computer a copy of it."""
    sample = ProjectStore.open(
        sample_copy(home / "sample"), "nobody", mirror_root=home / "sample mirror"
    )
    made = ProjectStore.create(home / "made", "Ana", mirror_root=home / "made mirror")
    for image_id in sample.state.micrographs:
        path = sample.image_path(image_id)
        made.add_micrograph(path, describe(path))
        masks = [each.mask for each in sample.state.crystals(image_id).values()]
        made.put_masks(image_id, masks, MaskSource.IMPORT)
    sample.close()
    made.flush(60)
    made.close()
    for expert in EXPERTS:
        shutil.copytree(home / "made", home / expert / "project")


def opinion(expert, number):
    """Give what an expert calls the crystal of this number; they agree on two of three."""
    offset = EXPERTS.index(expert) if number % 3 == 0 else 0
    return "unclear" if (number + offset) % 17 == 5 else CLASSES[(number + offset) % 4]


@contextmanager
def at_computer(viewer, home, expert, monkeypatch):
    """Sit an expert down at their own computer, with the project open."""
    monkeypatch.setenv("XDG_DATA_HOME", str(home / expert / "data"))
    preferences = Preferences(home / expert / "preferences.json")
    preferences.expert = expert
    dock = MicrocrystalDock(viewer, NoDialogs(), preferences)
    viewer.window.add_dock_widget(dock, name="Microcrystal workbench", area="right")
    dock.projects.project.open(home / expert / "project")
    user = User(dock)
    user.canvas.setFocus()
    try:
        yield user
    finally:
        dock.session.project.flush(60)
        dock.close_parts()
        if dock._docked:
            viewer.window.remove_dock_widget(dock)


def label_everything(user, expert):
    """Go through all micrographs by keys: a class for each crystal, N for the next micrograph."""
    state = user.session.project.state
    numbers = {}
    for image_id in state.micrographs:
        numbers |= {each: len(numbers) + at for at, each in enumerate(state.crystals(image_id))}
    user.go_to("Label")
    for image_id in state.micrographs:
        assert user.session.image_id == image_id
        user.canvas.setFocus()
        user.press(Qt.Key.Key_K)
        for _ in state.crystals(image_id):
            user.press(KEYS[opinion(expert, numbers[user.session.crystal_id])])
        user.press(Qt.Key.Key_N)


def send(user, target, qtbot):
    """Send one's labels as a zip, by the button."""
    _press_exchange(user, target, user.dock.projects.exchange_panel.send_zip, qtbot)


def bring(user, source, qtbot):
    """Bring a zip in, by the button."""
    _press_exchange(user, source, user.dock.projects.exchange_panel.bring_zip, qtbot)


def _press_exchange(user, path, button, qtbot):
    user.dock._dialogs.path = path
    user.go_to("Project")
    user.click(user.dock.projects.panel.buttons["Exchange"])
    user.click(button)
    panel = user.dock.projects.exchange_panel
    qtbot.waitUntil(lambda: panel.outcome.text() != "" and button.isEnabled(), timeout=60_000)


def everything_of(home, expert):
    """Give all answers and verdicts that an expert's copy of the project holds."""
    folder = home / expert / "project"
    store = ProjectStore.open(folder, "reader", mirror_root=home / "reader" / expert)
    votes = store.votes(reveal=False)
    verdicts = settle_all(votes, store.adjudication.cases())
    answers = {
        crystal: {name: label.answer for name, label in labels.items()}
        for crystal, labels in votes.items()
    }
    store.close()
    return answers, dict(verdicts)


def settle_all_disputes(user, beside):
    """Decide every dispute by keys: a class each."""
    step = user.dock.experts
    user.go_to("Consensus")
    user.click(step.panel.buttons["Disputes"])
    user.click(step.disputes.sitting.buttons[beside])
    user.click(step.disputes.sitting.begin_button)
    step.disputes.go_on.setChecked(True)
    user.canvas.setFocus()
    user.press(Qt.Key.Key_G)
    for number in range(len(step.consensus._disputes.order)):
        user.press(KEYS[CLASSES[number % 4]])
        _give_a_reason(user)


def _give_a_reason(user):
    """Against a majority a field asks why."""
    field = QApplication.focusWidget()
    if isinstance(field, QLineEdit):
        user.type("seen together at 10,000 x")
        user.press(Qt.Key.Key_Return)
