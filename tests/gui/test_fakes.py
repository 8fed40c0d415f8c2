"""The stand-ins have what the real ones have."""

from fakes import FakeCanvas, FakeClient, FakeEngine
from window_material import NoDialogs

from microcrystalnet.engines.client import EngineClient
from microcrystalnet.engines.segmentation import SegmentationEngine
from napari_mcn.dialogs import SystemDialogs
from napari_mcn.layers.canvas import Canvas


def public(thing):
    return {name for name in dir(thing) if not name.startswith("_")}


def test_the_fake_canvas_has_every_method_and_signal_of_the_real_one():
    assert public(Canvas) <= public(FakeCanvas())


def test_the_fake_classifier_has_what_controllers_call():
    assert public(FakeClient) - {"last"} <= public(EngineClient)


def test_the_fake_engine_has_what_controllers_call():
    assert public(FakeEngine) - {"last", "request", "forget"} <= public(SegmentationEngine)


def test_the_silent_dialogs_answer_every_question():
    assert public(SystemDialogs) == public(NoDialogs)
