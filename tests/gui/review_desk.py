"""A micrograph on which a model contradicts one settled class."""

import pytest
from window_material import add_model, predicted, settle


@pytest.fixture
def named(session, store, crystals):
    """Settled RES, RES, AA; a model says RES for all."""
    settle(store, crystals, ["RES", "RES", "AA"])
    store.become("AY")
    held = [(session.image_id, each, "RES", "RES") for each in crystals[:2]]
    session.model_id = add_model(store, [*held, (session.image_id, crystals[2], "AA", "RES")])
    said = [predicted(session.model_id, each) for each in crystals]
    store.write_predictions(session.model_id, session.image_id, said)
    session.tell_predicted()
    return crystals
