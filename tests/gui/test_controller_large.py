"""Everyone's answers opened in a project so large that it takes a while."""

import pytest
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.verdict import State
from napari_mcn import slices as module
from napari_mcn.controllers.consensus_controller import READING, ConsensusController
from napari_mcn.controllers.rounds_controller import RoundsController
from napari_mcn.disputes import Disputes
from napari_mcn.panels.consensus_panel import ConsensusPanel
from napari_mcn.panels.rounds_panel import RoundsPanel
from napari_mcn.slices import Slices


@pytest.fixture(autouse=True)
def _slow(monkeypatch):
    """Pause after every step."""
    monkeypatch.setattr(module, "SLICE_S", 0)
    monkeypatch.setattr(module, "AT_LEAST", 1)


@pytest.fixture
def panel(qtbot):
    made = ConsensusPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def disputes():
    return Disputes()


@pytest.fixture
def consensus(panel, session, disputes, busy, crystals):
    """The first crystal is disputed."""
    for expert, cls in (("AY", "RES"), ("MK", "PES")):
        session.become(expert)
        session.project.label(crystals[0], Answer(cls))
    controller = ConsensusController(panel, session, disputes, Slices(busy.task()))
    yield controller
    controller.close()


@pytest.fixture
def opened(qtbot, consensus, disputes):
    """Give a function that waits until all is shown."""

    def wait():
        qtbot.waitUntil(lambda: disputes.opened and not consensus.reading)

    return wait


def test_the_page_says_that_it_reads(consensus, panel, workbench):
    consensus.reveal()
    assert (panel.reason.text(), panel.reveal_button.isEnabled()) == (READING, False)
    assert workbench.bar.isVisible()


def test_the_disputes_are_listed_when_all_is_read(consensus, opened, panel, crystals):
    consensus.reveal()
    opened()
    assert ([row.key for row in panel.disputes.rows], panel.revealed.isVisible()) == (
        [crystals[0]],
        True,
    )


def test_cancel_leaves_the_answers_closed_and_blind(
    consensus, panel, busy, session, crystals, disputes
):
    consensus.reveal()
    busy.cancel()
    assert (panel.reveal_button.isEnabled(), disputes.opened, session.answers_open) == (
        True,
        False,
        False,
    )
    session.become("RS")
    assert session.project.label(crystals[0], Answer("RES")).blind


def test_another_expert_at_the_keyboard_stops_it(consensus, session, disputes):
    consensus.reveal()
    session.become("RS")
    assert (consensus.reading, disputes.opened) == (False, False)


def test_closing_the_project_stops_it(consensus, session):
    consensus.reveal()
    session.close()
    assert not consensus.reading


def test_a_label_given_meanwhile_counts(consensus, opened, session, crystals, disputes):
    consensus.reveal()
    session.project.label(crystals[1], Answer("RES"))
    opened()
    assert disputes.state(crystals[1]) is State.SINGLE


def test_a_crystal_outlined_meanwhile_is_counted(consensus, opened, session, disputes):
    consensus.reveal()
    session.project.put_mask(session.image_id, square(40, 60), MaskSource.MANUAL)
    opened()
    assert disputes.counts[State.UNLABELLED] == 3


def test_a_dispute_that_arises_while_the_queue_is_ordered_is_in_it(
    consensus, opened, panel, session, crystals, disputes
):
    consensus.reveal()
    opened()
    panel.together.setChecked(False)
    session.project.label(crystals[1], Answer("RES", frozenset({"unsure"})))
    session.project.adjudication.object_to(crystals[1])
    opened()
    assert crystals[1] in disputes.order


def test_the_rounds_page_opens_the_answers_when_all_is_read(
    qtbot, consensus, opened, session, busy
):
    panel, shown = RoundsPanel(), []
    qtbot.addWidget(panel)
    rounds = RoundsController(panel, session, lambda: shown.append("disputes"), Slices(busy.task()))
    rounds.reveal()
    assert (shown, session.answers_open) == ([], False)
    opened()
    assert (shown, session.answers_open) == (["disputes"], True)
    rounds.close()
