"""The Model tab without a viewer, a judged model, and answers of the classifier's process."""

import numpy as np
import pytest
from fakes import FakeClient
from window_material import CODES, NoDialogs, add_model

from microcrystalnet.learning.feature_map import FeatureMap
from napari_mcn.controllers.results_controller import ResultsController
from napari_mcn.judgement import Judgement
from napari_mcn.panels.model_panel import ModelPanel


@pytest.fixture
def model_panel(qtbot):
    made = ModelPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def classifier():
    return FakeClient()


@pytest.fixture
def judged(session, store, crystals):
    """A model that was judged on three crystals: the second is wrong."""
    image, said = session.image_id, ("RES", "RES", "SA")
    rows = zip(crystals, ("RES", "PES", "SA"), said, strict=True)
    session.model_id = add_model(store, [(image, *row) for row in rows])
    return crystals


@pytest.fixture
def many(session, store, outline):
    """A model that was judged on twelve crystals."""
    crystals = outline(places=[(4 * row, 5 * col) for row in range(3) for col in range(4)])
    rows = [(session.image_id, each, "RES", "PES") for each in crystals]
    session.model_id = add_model(store, rows)
    return crystals


@pytest.fixture
def judgement(session):
    return Judgement(session)


@pytest.fixture
def dialogs(tmp_path):
    return NoDialogs(tmp_path / "figure")


@pytest.fixture
def results(model_panel, session, judgement, classifier, dialogs, busy, workbench, judged):
    controller = ResultsController(
        model_panel, session, judgement, classifier, dialogs=dialogs, busy=busy, owner=workbench
    )
    yield controller
    controller.close()


def laid_out(crystals, groups):
    places = np.linspace(0.2, 0.8, 2 * len(crystals)).reshape(-1, 2)
    return FeatureMap(tuple(crystals), tuple(groups), CODES, places, np.zeros((4, 64, 64)))
