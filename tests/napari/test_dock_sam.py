"""SAM in the real window: a small SAM of the real architecture, in its real child processes."""

import subprocess
import sys
from pathlib import Path

import pytest
from qtpy.QtCore import Qt
from user import PLACES, at_work, make_project

from microcrystalnet.domain.crystal import MaskSource

TESTS = Path(__file__).parents[1]
PATIENCE = 90_000
MAKE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from segmentation_material import small_checkpoint
small_checkpoint(Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """A checkpoint, made in a process of its own: this one has Qt in it."""
    folder = tmp_path_factory.mktemp("weights")
    subprocess.run([sys.executable, "-c", MAKE, str(TESTS), str(folder)], check=True)
    return folder / "small.pth"


@pytest.fixture
def user(viewer, tmp_path, checkpoint, qtbot, monkeypatch):
    """A user who picked the checkpoint from disk, ready on the Segment page."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with at_work(viewer, tmp_path) as open_one:
        made = open_one(make_project(tmp_path / "project", micrographs=2))
        made.dock._dialogs.path = checkpoint
        made.go_to("Segment")
        made.click(made.dock.outlining.panel.checkpoint_button)
        button = made.dock.outlining.panel.everything_button
        qtbot.waitUntil(button.isEnabled, timeout=PATIENCE)
        yield made


def embeddings(folder):
    return sorted((folder / "cache" / "napari-mcn" / "embeddings").glob("*.npz"))


def test_tab_goes_through_the_sizes_that_sam_proposes(qtbot, user):
    panel = user.dock.outlining.panel
    user.press(Qt.Key.Key_S)
    user.click_at(124, 6)
    qtbot.waitUntil(lambda: panel.proposal.text().startswith("Outline 1 of"), timeout=PATIENCE)
    user.canvas.setFocus()
    user.press(Qt.Key.Key_Tab)
    assert panel.proposal.text().startswith("Outline 2 of 3")
    user.press(Qt.Key.Key_C)
    assert user.session.crystal.source is MaskSource.SAM


def test_the_next_micrograph_is_looked_at_while_the_user_works(qtbot, user, tmp_path):
    qtbot.waitUntil(lambda: len(embeddings(tmp_path)) == 2, timeout=PATIENCE)
    user.press(Qt.Key.Key_N)
    button = user.dock.outlining.panel.everything_button
    qtbot.waitUntil(button.isEnabled, timeout=PATIENCE)
    assert len(embeddings(tmp_path)) == 2


def test_sam_learns_from_the_project_and_is_used_on_request(qtbot, user):
    section = user.dock.outlining.panel.finetuning
    _unfold(user.dock.outlining.panel)
    user.click(section.finetune_button)
    qtbot.waitUntil(section.use_button.isVisible, timeout=PATIENCE)
    assert f"One click on {len(PLACES)} crystals that were held out" in section.result.text()
    user.click(section.use_button)
    qtbot.waitUntil(user.dock.outlining.panel.everything_button.isEnabled, timeout=PATIENCE)
    assert "fine-tuned" in user.session.engine


def test_learning_can_be_cancelled(qtbot, user, told):
    section = user.dock.outlining.panel.finetuning
    _unfold(user.dock.outlining.panel)
    user.click(section.finetune_button)
    user.click(section.cancel_button)
    assert (section.finetune_button.isVisible(), "unchanged" in told[-1][1]) == (True, True)


def _unfold(panel):
    for name in ("weights", "finetuning"):
        getattr(panel, name).parent().heading.setChecked(True)
