import os
import signal

import pytest
from engines_listening import Ear
from segmentation_material import CENTRES, disc, discs

from microcrystalnet.domain.prompt import Click, Prompt
from microcrystalnet.engines.segmentation import SegmentationEngine
from microcrystalnet.engines.segmentation_service import EMBEDDINGS_KEPT, SegmentationService
from microcrystalnet.errors import NotPreparedError, SegmentationError, WeightsError
from microcrystalnet.segmentation.segmenter import EverythingSettings

HERE = Prompt((Click(40, 40),))
ELSEWHERE = Prompt((Click(110, 75),))


@pytest.fixture
def engine():
    engine = SegmentationEngine()
    yield engine
    engine.close()


def show(engine, image_id="a", pixels=None, name="embedded"):
    ear = Ear()
    engine.show(image_id, discs() if pixels is None else pixels, name, ear)
    return ear


def propose(engine, prompt=HERE):
    ear = Ear()
    ear.number = engine.propose(prompt, ear)
    return ear


def found(outcome):
    return outcome.masks[0].iou(disc((40, 40))) > 0.9


def test_a_prompt_on_the_shown_micrograph_is_answered(engine):
    assert show(engine).outcome() is None
    assert found(propose(engine).outcome())


def test_a_prompt_may_be_asked_before_the_preparation_is_done(engine):
    show(engine)
    assert found(propose(engine).outcome())


def test_a_prompt_before_any_micrograph_is_refused(engine):
    with pytest.raises(SegmentationError, match="Open a micrograph"):
        propose(engine)


def test_everything_is_answered(engine):
    show(engine)
    ear = Ear()
    engine.everything(EverythingSettings(), ear)
    assert len(ear.outcome()) == len(CENTRES)


def test_a_killed_engine_looks_again_and_answers(engine):
    show(engine).outcome()
    os.kill(engine.process_id, signal.SIGKILL)
    assert found(propose(engine).outcome())


def test_a_killed_engine_answers_the_automatic_pass_as_well(engine):
    show(engine).outcome()
    os.kill(engine.process_id, signal.SIGKILL)
    ear = Ear()
    engine.everything(EverythingSettings(), ear)
    assert len(ear.outcome()) == len(CENTRES)


def test_everything_is_answered_though_another_micrograph_is_shown_meanwhile(engine):
    show(engine).outcome()
    os.kill(engine.process_id, signal.SIGKILL)
    ear = Ear()
    engine.everything(EverythingSettings(), ear)
    show(engine, "b")
    assert len(ear.outcome()) == len(CENTRES)


def test_a_cancelled_prompt_is_silent_and_the_next_is_answered(engine):
    show(engine).outcome()
    first = propose(engine)
    engine.cancel(first.number)
    assert propose(engine, ELSEWHERE).outcome().masks[0].contains(110, 75)


def test_a_refused_prompt_is_a_sentence_and_the_engine_lives_on(engine):
    show(engine).outcome()
    pid = engine.process_id
    assert "outside" in str(propose(engine, Prompt((Click(900, 3),))).outcome())
    assert found(propose(engine).outcome())
    assert engine.process_id == pid


def test_weights_that_cannot_be_opened_are_a_sentence(engine, tmp_path):
    assert isinstance(show(engine, name=str(tmp_path / "gone.pth")).outcome(), WeightsError)


def test_a_prompt_with_weights_that_cannot_be_opened_is_the_same_sentence(engine, tmp_path):
    show(engine, name=str(tmp_path / "gone.pth")).outcome()
    assert isinstance(propose(engine).outcome(), WeightsError)


def test_the_service_refuses_a_micrograph_it_does_not_hold():
    with pytest.raises(NotPreparedError):
        SegmentationService().propose("a", "embedded", HERE)


def test_the_service_forgets_the_micrograph_used_longest_ago():
    service = SegmentationService()
    names = [f"image {number}" for number in range(EMBEDDINGS_KEPT + 1)]
    [service.prepare(name, discs(), "embedded") for name in names]
    with pytest.raises(NotPreparedError):
        service.propose(names[0], "embedded", HERE)
    assert found(service.propose(names[1], "embedded", HERE))
