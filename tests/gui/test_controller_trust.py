"""Whether a kind of map can be trusted, in plain words."""

import pytest
from explain_desk import ids
from qtpy.QtCore import Qt

from microcrystalnet.errors import EngineError
from microcrystalnet.explain.outline import OutlineShare
from microcrystalnet.explain.pixel_curves import PixelCurves
from microcrystalnet.explain.sanity import Cascade, Forgotten
from napari_mcn.controllers import trust_controller
from napari_mcn.controllers.trust_controller import TrustController

LEFT = Qt.MouseButton.LeftButton
CURVES = PixelCurves("RES", "saliency", (0, 1), (1, 0), (1, 1), (1, 0.5), (0.5, 1))
FORGOT = Cascade("saliency", (Forgotten("block1", 0.1, 0.3),))


@pytest.fixture
def panel(explain_panel):
    return explain_panel


@pytest.fixture
def trust(panel, modelled, inquiry, explainer, busy, workbench):
    controller = TrustController(panel, modelled, inquiry, explainer, busy=busy, owner=workbench)
    panel.set_model("Model 1")
    panel.set_crystal("Selected crystal")
    controller.check()
    yield controller
    controller.close()


def test_the_three_checks_run_one_after_the_other(trust, explainer, crystals):
    explainer.last.listener.done(CURVES)
    explainer.last.listener.done(FORGOT)
    explainer.last.listener.done([OutlineShare(crystals[0], "i", "RES", 0.8, 0.4)])
    assert [each.method for each in explainer.asked] == ["curves", "cascade", "outline"]
    assert ids(explainer.last) == crystals


def test_of_many_crystals_some_are_taken_evenly_spread(
    panel, modelled, inquiry, explainer, busy, workbench, crystals, monkeypatch
):
    monkeypatch.setattr(trust_controller, "MOST", 2)
    controller = TrustController(panel, modelled, inquiry, explainer, busy=busy, owner=workbench)
    controller.check()
    explainer.last.listener.done(CURVES)
    explainer.last.listener.done(FORGOT)
    controller.close()
    assert ids(explainer.last) == [crystals[0], crystals[2]]
    assert "2 of 3 crystals, evenly spread," in panel.trust.subject.text()


def test_each_check_is_shown_with_plain_words(trust, explainer, panel):
    explainer.last.listener.done(CURVES)
    explainer.last.listener.done(FORGOT)
    explainer.last.listener.done([OutlineShare("c", "i", "RES", 0.8, 0.4)])
    page = panel.trust
    assert "do carry the class" in page.pixel_words.text()
    assert "tells about the network" in page.forgetting_words.text()
    assert "the outline counts 2.0 times" in page.outline_words.text()


def test_crystals_too_small_for_an_interior_are_said_to_be(trust, explainer, panel):
    explainer.last.listener.done(CURVES)
    explainer.last.listener.done(FORGOT)
    explainer.last.listener.done([])
    assert panel.trust.outline_words.text().startswith("No crystal is large enough")


def test_checking_can_be_cancelled(trust, explainer, workbench, panel, qtbot):
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    explainer.last.listener.done(CURVES)
    assert (len(explainer.asked), explainer.forgotten[-1]) == (1, 1)
    assert panel.trust.pixels.isHidden()
    assert panel.trust.subject.text().endswith("stopped. What is not below was not checked.")


def test_what_was_found_before_a_cancel_stays(trust, explainer, workbench, panel, qtbot):
    explainer.last.listener.done(CURVES)
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    assert (panel.trust.pixels.isHidden(), panel.trust.forgetting.isHidden()) == (False, True)


def test_another_crystal_takes_the_checks_away(trust, explainer, panel, session, crystals):
    explainer.last.listener.done(CURVES)
    session.crystal_id = crystals[1]
    assert panel.trust.pixels.isHidden()


def test_a_refused_check_is_told_and_the_others_are_not_run(trust, explainer, told):
    explainer.last.listener.failed(EngineError("The explainer engine stopped."))
    assert told == [("warning", "The explainer engine stopped.")]
    assert len(explainer.asked) == 1


def test_maps_of_a_micrograph_labelled_blind_are_not_checked(round_open, told, trust, explainer):
    assert explainer.asked == []
    assert "blind" in told[-1][1]
