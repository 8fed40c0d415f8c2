"""Who labels a micrograph blind is shown nothing that the network makes of it."""

import pytest
from window_material import add_model, predicted


@pytest.fixture
def blind(explain, session, store, crystals):
    """The expert labels the micrograph blind, and a model has named its crystals."""
    session.model_id = add_model(store)
    said = [predicted(session.model_id, crystals[0])]
    store.write_predictions(session.model_id, session.image_id, said)
    store.rounds.open([session.image_id], ["AY", "MK"])
    explain.activate(True)
    session.crystal_id = crystals[0]
    return explain


def test_who_labels_blind_is_shown_neither_prediction_nor_map(blind, explainer, explain_panel):
    assert "explain" not in [each.method for each in explainer.asked]
    assert explain_panel.why.bars.bars == ()
    assert "stays closed until you seal it" in explain_panel.next_step.text()


def test_who_labels_blind_and_asks_why_is_told_when_it_opens(blind, explainer, told):
    blind.explain()
    assert "blind" in told[-1][1]
    assert "explain" not in [each.method for each in explainer.asked]


def test_on_a_micrograph_labelled_blind_nothing_is_asked_before_the_seal(
    explain, session, store, crystals, explainer, told, explain_panel
):
    session.model_id = add_model(store)
    store.rounds.open([session.image_id], ["AY", "BK"])
    explain.activate(True)
    session.crystal_id = crystals[0]
    explain.explain()
    before = [each.method for each in explainer.asked]
    assert "You label this micrograph blind" in told[-1][1]
    assert explain_panel.next_step.text().startswith("You label this micrograph blind")
    store.rounds.seal(session.image_id)
    session.crystal_id = crystals[1]
    assert ("explain" in before, explainer.last.method) == (False, "explain")
