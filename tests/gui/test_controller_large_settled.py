"""Settled crystals of a large project are looked for while the window answers."""

import pytest
from window_material import NoDialogs

from microcrystalnet.learning.weights_file import WeightsFile
from napari_mcn import slices
from napari_mcn.controllers.finetune_controller import FinetuneController
from napari_mcn.controllers.import_controller import ImportController
from napari_mcn.panels.finetune_section import FinetuneSection
from napari_mcn.panels.model_panel import ModelPanel


@pytest.fixture(autouse=True)
def patiently(monkeypatch):
    """Pause after every step, as in a project of many answers."""
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(slices, "AT_LEAST", 1)


@pytest.fixture
def asked_later(child, qtbot):
    """Give a function that says what was asked at once, and what the child is asked in the end."""

    def asked(before=0):
        at_once = len(child.asked) - before
        qtbot.waitUntil(lambda: len(child.asked) > before)
        return at_once, child.last.method

    return asked


def test_before_orders_of_classes_are_compared(
    qtbot, session, child, busy, workbench, settled, tmp_path, asked_later
):
    panel = ModelPanel()
    qtbot.addWidget(panel)
    dialogs = NoDialogs(tmp_path / "cnn.h5")
    controller = ImportController(
        panel, session, child, dialogs=dialogs, busy=busy, owner=workbench
    )
    controller.pick()
    child.last.listener.done(WeightsFile(tmp_path / "cnn.h5", 64, 4, (), 9, "a" * 64, ""))
    qtbot.waitUntil(panel.imports.check_button.isEnabled)
    controller.check()
    assert asked_later(1) == (0, "check_class_order")
    controller.close()


def test_before_sam_learns(qtbot, session, child, busy, workbench, settled, asked_later):
    panel = FinetuneSection()
    qtbot.addWidget(panel)
    session.engine = "vit_b"
    controller = FinetuneController(
        panel, session, child, use=lambda *_: None, busy=busy, owner=workbench
    )
    controller.finetune()
    assert asked_later() == (0, "finetune")
    controller.close()
