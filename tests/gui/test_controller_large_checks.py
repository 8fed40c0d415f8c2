"""A large project is read for checks of maps and for layouts while the window answers."""

import pytest

from napari_mcn import slices
from napari_mcn.controllers.layout_controller import LayoutController
from napari_mcn.controllers.trust_controller import TrustController
from napari_mcn.judgement import Judgement


@pytest.fixture(autouse=True)
def patiently(monkeypatch):
    """Pause after every step, as in a project of many answers."""
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(slices, "AT_LEAST", 1)


@pytest.fixture
def trust(explain_panel, modelled, inquiry, explainer, busy, workbench):
    controller = TrustController(
        explain_panel, modelled, inquiry, explainer, busy=busy, owner=workbench
    )
    yield controller
    controller.close()


def test_it_is_read_before_maps_are_checked(trust, explainer, qtbot):
    trust.check()
    at_once = list(explainer.asked)
    qtbot.waitUntil(lambda: explainer.asked != [])
    assert (at_once, explainer.last.method) == ([], "curves")


def test_another_crystal_ends_the_reading(trust, explainer, session, crystals, qtbot):
    trust.check()
    session.crystal_id = crystals[1]
    qtbot.wait(20)
    assert explainer.asked == []


@pytest.fixture
def layout(model_panel, session, store, judged, classifier, busy, workbench):
    judgement = Judgement(session)
    judgement.read()
    controller = LayoutController(
        model_panel.results, session, judgement, classifier, busy=busy, owner=workbench
    )
    yield controller
    controller.close()


def test_it_is_read_before_crystals_are_laid_out(layout, classifier, qtbot):
    layout.activate(True)
    at_once = list(classifier.asked)
    qtbot.waitUntil(lambda: classifier.asked != [])
    assert (at_once, classifier.last.method) == ([], "lay_out")


def test_a_closed_project_ends_the_reading(layout, classifier, session, qtbot):
    layout.activate(True)
    session.close()
    qtbot.wait(20)
    assert classifier.asked == []
