"""Three crystals that experts dispute, and people who sit over them."""

import pytest

from microcrystalnet.domain.label import Answer
from napari_mcn.controllers.adjudication_controller import (
    AdjudicationController,
)
from napari_mcn.controllers.consensus_controller import ConsensusController
from napari_mcn.disputes import Disputes
from napari_mcn.panels.consensus_panel import ConsensusPanel


@pytest.fixture
def consensus_panel(qtbot):
    made = ConsensusPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def disputes():
    return Disputes()


@pytest.fixture
def together(consensus_panel, session, canvas, disputes, crystals):
    """Three crystals, opened: two against one, one each, and agreed; AY at the keyboard."""
    vote(session, "RS", crystals, ("RES", "AA", "SA"))
    vote(session, "MK", crystals, ("RES", "PES", "SA"))
    vote(session, "AY", crystals, ("PES", "RES", "SA"))
    consensus = ConsensusController(consensus_panel, session, disputes)
    controller = AdjudicationController(consensus_panel, session, canvas, disputes)
    controller.activate(True)
    consensus.reveal()
    yield controller
    controller.close()
    consensus.close()


@pytest.fixture
def sitting(together, consensus_panel, session, crystals):
    """AY and MK sit there, before the crystal on which three experts say three things."""
    consensus_panel.sitting.buttons["MK"].click()
    consensus_panel.sitting.begin_button.click()
    session.crystal_id = crystals[1]
    return together


def vote(session, expert, crystals, classes):
    session.become(expert)
    for crystal_id, cls in zip(crystals, classes, strict=True):
        session.project.label(crystal_id, Answer(cls))
