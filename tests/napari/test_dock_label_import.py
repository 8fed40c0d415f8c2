"""A table of labels is chosen, its word mapped and imported in the real window, by a real child."""

import pytest
from label_files import written
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from user import at_work, make_project

PATIENCE = 60_000


@pytest.fixture
def user(viewer, tmp_path):
    """A user who chose a table of AY's and MK's labels with a word that nobody knows."""
    with at_work(viewer, tmp_path) as open_one:
        made = open_one(make_project(tmp_path / "project"))
        made.dock._dialogs.path = written(
            tmp_path / "labels.csv",
            "image;grain;AY;MK",
            "chip_0.tif;1;Rounded;rhombic",
            "chip_0.tif;2;cubic;PES",
            "chip_0.tif;77;PES;PES",
        )
        made.go_to("Project")
        made.click(made.dock.projects.panel.buttons["Import labels"])
        made.click(made.dock.projects.label_import_panel.table_button)
        yield made


def test_labels_come_in_after_their_unknown_word_was_mapped(user, qtbot, told):
    panel = user.dock.projects.label_import_panel
    qtbot.waitUntil(lambda: "cubic" in panel.words.choosers, timeout=PATIENCE)
    assert not panel.import_button.isEnabled()
    chooser = panel.words.choosers["cubic"]
    chooser.setFocus()
    QTest.keyClick(chooser, Qt.Key.Key_P)  # as one chooses PES from the keyboard
    chooser.activated.emit(chooser.currentIndex())
    user.click(panel.import_button)
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    assert told[-1][1].startswith("4 labels were imported. 2 rows have no crystal yet")
    assert sorted(user.answers) == ["PES", "SA"]
    assert set(user.session.project.experts()) == {"AY", "MK"}
