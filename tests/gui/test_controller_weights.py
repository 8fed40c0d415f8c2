"""Fetching weights in a child process: progress, pause, resume, refusal, use."""

import pytest
from fakes import FakeClient
from qtpy.QtCore import Qt

from microcrystalnet.errors import WeightsError
from microcrystalnet.progress import Progress
from microcrystalnet.published import weights_folder
from microcrystalnet.segmentation.weights import PUBLISHED
from napari_mcn.controllers.weights_controller import WeightsController
from napari_mcn.panels.weights_section import WeightsSection

LEFT = Qt.MouseButton.LeftButton


class FakeEngines:
    def __init__(self):
        self.offered, self.used = {}, []

    def offer(self, engine, text):
        self.offered[engine] = text

    def use(self, engine, text):
        self.offer(engine, text)
        self.used.append(engine)


@pytest.fixture
def panel(qtbot):
    made = WeightsSection()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def client():
    return FakeClient()


@pytest.fixture
def engines():
    return FakeEngines()


@pytest.fixture
def folder(own_folders):
    made = weights_folder()
    made.mkdir(parents=True)
    return made


@pytest.fixture
def weights(folder, panel, client, engines, busy, workbench):
    return WeightsController(panel, client, engines=engines, busy=busy, owner=workbench)


def put(folder, suffix="", content=b"abc"):
    (folder / (PUBLISHED["vit_b"].file_name + suffix)).write_bytes(content)


def fetch(qtbot, panel, name="vit_b"):
    qtbot.mouseClick(panel.buttons[name], LEFT)
    qtbot.mouseClick(panel.fetch_button, LEFT)


def test_nothing_is_fetched_before_the_user_agrees(qtbot, weights, panel, client):
    qtbot.mouseClick(panel.buttons["vit_b"], LEFT)
    assert client.asked == []


def test_what_the_user_agreed_to_is_fetched(qtbot, weights, panel, client):
    fetch(qtbot, panel)
    assert (client.last.method, client.last.arguments) == ("download", {"name": "vit_b"})


def test_how_far_it_is_stands_in_the_row_and_at_the_foot(qtbot, weights, panel, client, workbench):
    fetch(qtbot, panel)
    client.last.listener.progress(Progress(5 * 10**9, 10**10, "vit_b: 5 of 10 MB"))
    assert (panel._states["vit_b"].text(), workbench.bar.value()) == ("5 of 10 MB", 5 * 10**6)


def test_fetched_weights_outline_at_once(qtbot, weights, panel, client, engines, folder, told):
    fetch(qtbot, panel)
    put(folder)
    client.last.listener.done(folder)
    assert (engines.used, panel.buttons["vit_b"].text(), len(told)) == (["vit_b"], "Use", 1)


def test_a_pause_ends_the_child_and_keeps_what_came(qtbot, weights, panel, client, folder):
    fetch(qtbot, panel)
    put(folder, ".part")
    qtbot.mouseClick(panel.buttons["vit_b"], LEFT)
    assert (client.cancelled, panel.buttons["vit_b"].text()) == ([1], "Resume")


def test_cancel_at_the_foot_is_a_pause(qtbot, weights, panel, client, workbench):
    fetch(qtbot, panel)
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    assert client.cancelled == [1]


def test_after_a_pause_it_goes_on(qtbot, folder, panel, client, engines, busy, workbench):
    put(folder, ".part")
    kept = WeightsController(panel, client, engines=engines, busy=busy, owner=workbench)
    qtbot.mouseClick(panel.buttons["vit_b"], LEFT)
    assert client.last.arguments == {"name": "vit_b"}
    kept.close()


def test_an_answer_that_comes_after_the_pause_is_not_used(qtbot, weights, panel, client, engines):
    fetch(qtbot, panel)
    qtbot.mouseClick(panel.buttons["vit_b"], LEFT)
    client.last.listener.done(None)
    assert engines.used == []


def test_a_refusal_is_told_and_it_can_be_tried_again(qtbot, weights, panel, client, told, busy):
    fetch(qtbot, panel)
    client.last.listener.failed(WeightsError("The server has no such file."))
    assert (told, panel.buttons["vit_b"].text(), busy._running) == (
        [("warning", "The server has no such file.")],
        "Fetch…",
        [],
    )


def test_weights_of_an_earlier_day_are_offered(folder, panel, client, engines, busy, workbench):
    put(folder)
    (folder / "fine-tuned").mkdir()
    (folder / "fine-tuned" / "chalk.pth").touch()
    WeightsController(panel, client, engines=engines, busy=busy, owner=workbench)
    assert sorted(engines.offered.values()) == ["SAM vit_b", "SAM: chalk"]
