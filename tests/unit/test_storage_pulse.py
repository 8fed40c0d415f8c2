"""A project folder that does not answer."""

import pytest
from silent_share import SilentShare

from microcrystalnet.errors import SilentFolderError
from microcrystalnet.storage.pulse import Pulse


def test_a_folder_that_is_there_answers(tmp_path):
    assert Pulse(tmp_path, patience_s=10).answers()


def test_a_folder_that_is_gone_answers_too(tmp_path):
    assert Pulse(tmp_path / "gone", patience_s=10).answers()


def test_a_share_that_hangs_does_not_answer_and_says_what_to_do(tmp_path):
    share, pulse = SilentShare(tmp_path), Pulse(tmp_path)
    with share.silent(), pytest.raises(SilentFolderError, match="does not answer"):
        pulse.require()


def test_while_one_question_waits_no_other_is_asked(tmp_path):
    share, pulse = SilentShare(tmp_path), Pulse(tmp_path)
    with share.silent():
        answers = [pulse.answers(), pulse.answers()]
        asking = pulse._asked
    assert answers == [False, False]
    assert asking.wait(10)


def test_a_share_that_is_back_answers_again(tmp_path):
    share, pulse = SilentShare(tmp_path), Pulse(tmp_path, patience_s=10)
    pulse._patience_s = 0.01
    with share.silent():
        pulse.answers()
    pulse._asked.wait(10)
    pulse._patience_s = 10
    assert pulse.answers()
