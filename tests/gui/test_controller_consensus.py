"""Consensus: closed until it is opened, and the way from one dispute to the next."""

import pytest
from fakes import listeners
from qtpy.QtCore import Qt
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer, Flag
from microcrystalnet.domain.verdict import State
from microcrystalnet.micrographs.reader import describe
from napari_mcn.controllers.consensus_controller import HIDDEN, ConsensusController
from napari_mcn.disputes import Disputes
from napari_mcn.panels.consensus_panel import ConsensusPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = ConsensusPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def consensus(panel, session):
    controller = ConsensusController(panel, session, Disputes())
    yield controller
    controller.close()


@pytest.fixture
def voted(consensus, session, crystals):
    """Two experts agree on the first of three crystals, and dispute the others."""
    vote(session, "AY", crystals, ("RES", "RES", "SA"))
    vote(session, "MK", crystals, ("RES", "PES", "AA"))
    return consensus


def vote(session, expert, crystals, classes):
    session.become(expert)
    for crystal_id, cls in zip(crystals, classes, strict=True):
        session.project.label(crystal_id, Answer(cls))


def test_answers_are_closed_at_first(voted, panel):
    assert (panel.hidden.isVisible(), panel.revealed.isVisible()) == (True, False)


def test_the_button_opens_them_the_most_doubtful_first(qtbot, voted, panel, crystals):
    qtbot.mouseClick(panel.reveal_button, LEFT)
    assert [row.key for row in panel.disputes.rows] == [crystals[2], crystals[1]]


def test_the_micrograph_of_the_next_dispute_is_expected(voted, session, crystals, draw):
    path = draw("other.tif", seed=1)
    other = session.project.add_micrograph(path, describe(path)).image_id
    there = session.project.put_mask(other, square(4, 4), MaskSource.MANUAL).crystal_id
    for expert, cls in (("AY", "RES"), ("MK", "PES")):
        vote(session, expert, [there], [cls])
    voted.reveal()
    heard = []
    session.expected.connect(heard.append)
    voted.next_disagreement()
    voted.next_disagreement()
    assert other in heard[-1]


def test_the_states_are_counted(voted, panel):
    voted.reveal()
    assert (panel.counts[State.AGREED].text(), panel.counts[State.DISPUTED].text()) == ("1", "2")


def test_the_answers_stand_beside_the_crystal_without_names(voted, panel):
    voted.reveal()
    assert panel.disputes.rows[1].values[1] in {"RES 1, PES 1", "PES 1, RES 1"}


def test_an_unsure_answer_says_why_the_crystal_is_disputed(voted, panel, session, crystals):
    unsure = Answer("RES", frozenset({Flag.UNSURE}))
    session.project.label(crystals[0], unsure)
    voted.reveal()
    assert panel.disputes.rows[-1].values[1] == "RES 2 (1 unsure)"


def test_how_far_they_agree_is_said(voted, panel):
    voted.reveal()
    assert panel.agreement.text() == "33 % of 3 crystals with two or more labels are unanimous."


def test_a_row_leads_to_its_crystal(voted, panel, session, crystals):
    voted.reveal()
    panel.crystal_chosen.emit(crystals[2])
    assert session.crystal_id == crystals[2]


def test_the_next_disagreement_is_selected_in_turn(voted, session, crystals):
    voted.reveal()
    voted.next_disagreement()
    voted.next_disagreement()
    assert session.crystal_id == crystals[1]


def test_the_selected_dispute_is_highlighted(voted, panel, crystals):
    voted.reveal()
    voted.next_disagreement()
    assert panel.disputes.chosen() == crystals[2]


def test_a_dispute_on_another_micrograph_is_shown_there(voted, session, store, draw):
    path = draw("other.tif", seed=1)
    other = store.add_micrograph(path, describe(path)).image_id
    there = store.put_mask(other, square(4, 4), MaskSource.MANUAL).crystal_id
    vote(session, "AY", [there], ["RES"])
    vote(session, "MK", [there], ["SA"])
    voted.reveal()
    voted.go_to(there)
    assert (session.image_id, session.crystal_id) == (other, there)


def test_the_key_does_not_open_closed_answers(voted, panel, session, told):
    voted.next_disagreement()
    assert (panel.revealed.isVisible(), session.crystal_id, told) == (
        False,
        None,
        [("warning", HIDDEN)],
    )


def test_another_expert_finds_them_closed_again(voted, panel, session):
    voted.reveal()
    session.become("RS")
    assert panel.hidden.isVisible()


def test_an_answer_changes_the_list_at_once(voted, panel, session, crystals):
    voted.reveal()
    session.project.label(crystals[1], Answer("RES"))
    assert [row.values[2] for row in panel.disputes.rows] == ["disputed", "not confirmed"]


def test_where_nothing_is_disputed_it_says_so(consensus, told):
    consensus.reveal()
    consensus.next_disagreement()
    assert told == [("info", "The experts disagree on no crystal.")]


def test_without_a_project_it_says_what_to_do(consensus, session, told):
    session.close()
    consensus.reveal()
    assert told == [
        ("warning", "No project is open; choose New, Open or Sample on the Project page.")
    ]


def test_closing_lets_go_of_the_session(panel, session, canvas):
    before = listeners(session, canvas)
    ConsensusController(panel, session, Disputes()).close()
    assert listeners(session, canvas) == before
