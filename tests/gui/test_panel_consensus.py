"""The consensus panel: hidden until asked for, then counts, agreement and disputes."""

import pytest
from qtpy.QtCore import Qt

from microcrystalnet.domain.verdict import State
from napari_mcn.panels.consensus_panel import ConsensusPanel, DisputeRow

LEFT = Qt.MouseButton.LeftButton
DISPUTES = [
    DisputeRow("c1", "Crystal 1", "RES 1, PES 1", State.DISPUTED),
    DisputeRow("c2", "Crystal 2", "AA 1, SA 1", State.DISPUTED),
]


@pytest.fixture
def panel(qtbot):
    """A panel whose votes are revealed, with two disputes."""
    panel = ConsensusPanel()
    qtbot.addWidget(panel)
    panel.set_hidden(None)
    panel.set_rows(DISPUTES)
    panel.show()
    return panel


def test_votes_are_hidden_at_first(qtbot):
    panel = ConsensusPanel()
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.disputes.isVisible()


def test_the_votes_can_be_asked_for(panel, qtbot):
    panel.set_hidden("You still label blind.")
    with qtbot.waitSignal(panel.reveal_requested):
        qtbot.mouseClick(panel.reveal_button, LEFT)


def test_why_the_votes_are_hidden_is_said(panel):
    panel.set_hidden("You still label blind.")
    assert panel.reason.text() == "You still label blind."


def test_hiding_again_takes_the_disputes_away(panel):
    panel.set_hidden("You still label blind.")
    assert not panel.disputes.isVisible()


def test_a_clicked_dispute_is_told(panel, qtbot):
    table = panel.disputes
    spot = table.visualRect(table.model().index(1, 1)).center()
    with qtbot.waitSignal(panel.crystal_chosen) as told:
        qtbot.mouseClick(table.viewport(), LEFT, pos=spot)
    assert told.args == ["c2"]


def test_the_next_disagreement_can_be_asked_for(panel, qtbot):
    with qtbot.waitSignal(panel.next_disagreement_requested):
        qtbot.mouseClick(panel.next_button, LEFT)


def test_there_is_no_next_disagreement_where_all_agree(panel):
    panel.set_rows([])
    assert not panel.next_button.isEnabled()


def test_crystals_are_counted_by_state(panel):
    panel.set_counts({State.DISPUTED: 22, State.UNLABELLED: 1206})
    texts = {state: label.text() for state, label in panel.counts.items()}
    assert (texts[State.DISPUTED], texts[State.UNLABELLED], texts[State.AGREED]) == (
        "22",
        "1,206",
        "0",
    )


def test_every_state_has_words(panel):
    assert set(panel.counts) == set(State)


def test_the_agreement_is_said(panel):
    panel.set_agreement("Krippendorff's alpha 0.71")
    assert panel.agreement.text() == "Krippendorff's alpha 0.71"
