"""The Explain tab without a viewer, and answers of its engine."""

import numpy as np
import pytest
from fakes import FakeClient
from window_material import CODES, add_model, shares

from microcrystalnet.errors import SilentFolderError
from microcrystalnet.explain.activations import BlockActivation, CrystalActivations
from microcrystalnet.explain.blocks import Block
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.imaging.crops import CropFrame
from napari_mcn.controllers.explain_controller import ExplainController
from napari_mcn.exhibit import Exhibit
from napari_mcn.inquiry import Inquiry
from napari_mcn.panels.explain_panel import ExplainPanel

FRAME = CropFrame(3.5, 3.5, 20.0, 64)


@pytest.fixture
def explain_panel(qtbot):
    made = ExplainPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def explainer():
    return FakeClient()


@pytest.fixture
def exhibit(canvas):
    return Exhibit(canvas)


@pytest.fixture
def inquiry():
    return Inquiry()


@pytest.fixture
def explanation(session):
    """Give a map with one bright diagonal, by the model that is chosen."""

    def make(crystal_id, values=1.0, frame=FRAME, method="saliency"):
        maps = values * np.eye(64, dtype=np.float32)
        return Explanation(
            crystal_id, session.model_id, "RES", CODES, shares("RES"), frame, maps, method
        )

    return make


@pytest.fixture
def modelled(session, store, crystals):
    """A project with three crystals and a model; the first crystal is selected."""
    session.model_id = add_model(store)
    session.crystal_id = crystals[0]
    return session


@pytest.fixture
def round_open(store, session, crystals):
    """The expert labels the micrograph blind from now on."""
    store.rounds.open([session.image_id], ["AY", "MK"])


def seen(count=2, masked=False):
    """Give what ``count`` convolution blocks of 4 channels see; the last channel is strongest."""
    ramp = np.ones((8, 8, 4), np.float32) * np.arange(4, dtype=np.float32)
    blocks = tuple(
        BlockActivation(Block(number, f"block{number}", 8, 3.5, 8.0), 64, ramp)
        for number in range(1, count + 1)
    )
    return CrystalActivations(FRAME, masked, blocks)


def ids(asked):
    """Give the crystals that the engine was asked about."""
    return [each.crystal_id for each in asked.arguments["examples"]]


@pytest.fixture
def silent_share(store, monkeypatch):
    """Let the folder of the project not answer; gives what it says then."""

    def refuse(_image_id):
        raise SilentFolderError("The folder does not answer.")

    monkeypatch.setattr(store, "image_path", refuse)
    return "The folder does not answer."


@pytest.fixture
def explain(explain_panel, session, exhibit, inquiry, explainer, busy, workbench):
    controller = ExplainController(
        explain_panel, session, exhibit, inquiry, explainer, busy=busy, owner=workbench
    )
    yield controller
    controller.close()


@pytest.fixture
def asked(explain, session, store, crystals):
    """The page is in front, and the first crystal was selected."""
    session.model_id = add_model(store)
    explain.activate(True)
    session.crystal_id = crystals[0]
    return explain
