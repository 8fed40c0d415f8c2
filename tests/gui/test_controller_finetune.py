"""Fine-tuning by one button: what it learns from, what it gained, and what is refused."""

import pytest
from fakes import FakeClient, listeners
from qtpy.QtCore import Qt

from microcrystalnet.errors import TrainingError
from microcrystalnet.segmentation.finetune import FinetuneSummary
from napari_mcn.controllers.finetune_controller import FinetuneController, told
from napari_mcn.panels.finetune_section import FinetuneSection

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = FinetuneSection()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def client():
    return FakeClient()


@pytest.fixture
def used():
    return []


@pytest.fixture
def finetune(own_folders, panel, session, client, used, busy, workbench):
    controller = FinetuneController(
        panel,
        session,
        client,
        use=lambda engine, _text: used.append(engine),
        busy=busy,
        owner=workbench,
    )
    session.engine = "vit_b"
    yield controller
    controller.close()


@pytest.fixture
def learning(qtbot, finetune, panel, crystals):
    """SAM is learning from three crystals."""
    qtbot.mouseClick(panel.finetune_button, LEFT)
    return finetune


def summary(path, before=0.5, after=0.8, note=""):
    return FinetuneSummary(before, after, 3, 1, path, note)


def test_the_embedded_engine_cannot_be_taught(finetune, panel, session):
    session.engine = "embedded"
    assert (panel.finetune_button.isEnabled(), "Choose SAM" in panel.finetune_button.toolTip()) == (
        False,
        True,
    )


def test_it_learns_from_every_crystal_of_the_project(learning, client, session):
    ((path, masks),) = client.last.arguments["material"]
    assert (path, len(masks), client.last.arguments["engine"]) == (
        session.project.image_path(session.image_id),
        3,
        "vit_b",
    )


def test_what_was_gained_is_shown_before_it_is_used(learning, panel, client, used, tmp_path):
    client.last.listener.done(summary(tmp_path / "w.pth"))
    assert ("0.50 before, 0.80 after" in panel.result.text(), used) == (True, [])


def test_what_was_learnt_is_used_on_request(qtbot, learning, panel, client, used, tmp_path):
    client.last.listener.done(summary(tmp_path / "w.pth"))
    qtbot.mouseClick(panel.use_button, LEFT)
    assert used == [str(tmp_path / "w.pth")]


def test_a_loss_is_told_as_a_loss(tmp_path):
    assert "keep them" in told(summary(tmp_path, before=0.8, after=0.5))


def test_what_makes_the_figures_kind_is_told(tmp_path):
    assert told(summary(tmp_path, note="All on one micrograph.")).endswith("All on one micrograph.")


def test_cancelling_ends_the_child(qtbot, learning, panel, client):
    qtbot.mouseClick(panel.cancel_button, LEFT)
    assert (client.cancelled, panel.finetune_button.isVisible()) == ([1], True)


def test_an_answer_after_cancelling_is_not_shown(qtbot, learning, panel, client, tmp_path):
    qtbot.mouseClick(panel.cancel_button, LEFT)
    client.last.listener.done(summary(tmp_path / "w.pth"))
    assert panel.result.text() == ""


def test_what_was_learnt_before_the_cancel_is_shown(qtbot, learning, panel, client, told, tmp_path):
    client.late = True
    qtbot.mouseClick(panel.cancel_button, LEFT)
    client.last.listener.done(summary(tmp_path / "w.pth"))
    assert ("0.50 before" in panel.result.text(), told) == (True, [])


def test_a_refusal_is_told_and_it_can_be_tried_again(learning, panel, client, told):
    client.last.listener.failed(TrainingError("SAM needs more crystals."))
    assert (told, panel.finetune_button.isVisible()) == (
        [("warning", "SAM needs more crystals.")],
        True,
    )


def test_closing_the_project_cancels(learning, client, session):
    session.close()
    assert client.cancelled == [1]


def test_closing_lets_go_of_the_session(panel, session, canvas, client, busy, workbench):
    before = listeners(session, canvas)
    FinetuneController(
        panel, session, client, use=lambda *_: None, busy=busy, owner=workbench
    ).close()
    assert listeners(session, canvas) == before
