"""Which of a project's labels are compared: blind, unaided, planned, as they were at first."""

import json
from dataclasses import asdict

import pytest
from storage_scene import IMAGE, create, disc
from typer.testing import CliRunner

from microcrystalnet.blind_answers import answers_of, time_of
from microcrystalnet.cli import app as command_line
from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer, Label
from microcrystalnet.labelling.agreement import compare_experts
from microcrystalnet.labelling.answer_table import arrange

RES, PES = Answer("RES"), Answer("PES")


@pytest.fixture
def store(tmp_path):
    made = create(tmp_path)
    masks = [disc(40 * row, 40 * col, 12) for row in range(4) for col in range(10)]
    made.put_masks(IMAGE, masks, MaskSource.AUTO)
    yield made
    made.close()


@pytest.fixture
def crystal(store):
    return next(iter(store.state.crystals(IMAGE)))


def said(store):
    """Give the counted answers as (expert, label, pass), sorted."""
    return sorted((each.expert, each.label, each.turn) for each in answers_of(store).answers)


def label(store, expert, crystal_id, answer, **more):
    store.become(expert)
    store.label(crystal_id, answer, **more)


def test_an_answer_is_given_with_its_micrographs_file_name(store, crystal):
    label(store, "AY", crystal, RES)
    (answer,) = answers_of(store).answers
    assert (answer.image, answer.crystal, answer.label) == ("scene.tif", crystal, "RES")


def test_an_answer_changed_after_the_others_were_seen_counts_as_it_was(store, crystal):
    label(store, "BK", crystal, PES)
    label(store, "AY", crystal, RES)
    store.votes()
    label(store, "AY", crystal, PES)
    assert said(store) == [("AY", "RES", 0), ("BK", "PES", 0)]


def test_an_answer_changed_before_counts_as_it_is(store, crystal):
    label(store, "AY", crystal, RES)
    label(store, "AY", crystal, PES)
    assert said(store) == [("AY", "PES", 0)]


def test_an_answer_first_given_after_the_others_were_seen_is_left_out(store, crystal):
    label(store, "AY", crystal, RES)
    store.become("BK")
    store.votes()
    label(store, "BK", crystal, RES)
    counted = answers_of(store)
    assert (len(counted.answers), counted.left_out) == (1, 1)


def test_an_answer_with_a_prediction_in_view_is_left_out(store, crystal):
    label(store, "AY", crystal, RES, assist="prediction")
    counted = answers_of(store)
    assert (counted.answers, counted.left_out) == ((), 1)


def test_an_answer_changed_after_a_prediction_was_seen_counts_as_it_was(store, crystal):
    label(store, "AY", crystal, RES)
    store.tell([crystal])
    label(store, "AY", crystal, PES)
    counted = answers_of(store)
    assert ([each.label for each in counted.answers], counted.left_out) == (["RES"], 0)
    assert store.votes(blind=True)[crystal]["AY"].answer == RES
    assert store.votes()[crystal]["AY"].answer == PES


def test_nor_does_taking_the_changed_answer_back_change_what_was_said_first(store, crystal):
    label(store, "AY", crystal, RES)
    store.tell([crystal])
    label(store, "AY", crystal, PES)
    store.clear_label(crystal)
    assert (store.votes(), said(store)) == ({}, [("AY", "RES", 0)])


def test_an_answer_given_with_help_only_is_the_first_one_too(store, crystal):
    label(store, "AY", crystal, PES, assist="prediction")
    assert store.votes(blind=True)[crystal]["AY"].answer == PES


def test_a_label_taken_back_does_not_count(store, crystal):
    label(store, "AY", crystal, RES)
    store.clear_label(crystal)
    assert answers_of(store).answers == ()


def test_the_answers_on_a_deleted_crystal_do_not_count(store, crystal):
    label(store, "AY", crystal, RES)
    store.delete_crystals([crystal])
    assert answers_of(store).answers == ()


def answer_all(store, expert, answer):
    store.become(expert)
    while asked := store.rounds.work(IMAGE):
        store.label(asked[0], answer)
    store.rounds.seal(IMAGE)


def test_the_deciding_third_label_of_a_round_is_left_out(store):
    store.rounds.open([IMAGE], ["AY", "BK", "CL"], order_seed=3, repeat_frac=0.0)
    answer_all(store, "AY", RES)
    answer_all(store, "BK", PES)
    answer_all(store, "CL", RES)
    store.rounds.ask_thirds()
    disputed = [(who, crystal) for who in ("AY", "BK", "CL") for crystal in waiting(store, who)]
    [label(store, who, crystal, RES) for who, crystal in disputed]
    counted = answers_of(store)
    assert (len(counted.answers), counted.left_out) == (2 * 40, len(disputed))
    assert len(disputed) > 0


def waiting(store, expert):
    store.become(expert)
    return store.rounds.work(IMAGE)


def test_silent_repeats_come_as_a_second_pass(store):
    store.rounds.open([IMAGE], ["AY", "BK"], order_seed=3, repeat_frac=0.1)
    answer_all(store, "AY", RES)
    answer_all(store, "BK", RES)
    turns = [turn for *_, turn in said(store)]
    assert (turns.count(0), turns.count(1)) == (80, 8)


def test_a_repeat_tells_how_far_an_expert_agrees_with_themselves(store):
    store.rounds.open([IMAGE], ["AY", "BK"], order_seed=3, repeat_frac=0.1)
    answer_all(store, "AY", RES)
    answer_all(store, "BK", RES)
    found = compare_experts(arrange(answers_of(store).answers))
    assert found.intra_rater["AY"].n_repeats == 4
    assert found.intra_rater["AY"].agreement.value == 1


def test_an_expert_in_a_blind_round_gets_only_their_own_answers(store, crystal):
    label(store, "BK", crystal, PES)
    store.rounds.open([IMAGE], ["AY", "BK"], order_seed=3, repeat_frac=0.0)
    store.become("AY")
    store.label(store.rounds.work(IMAGE)[0], RES)
    assert {expert for expert, *_ in said(store)} == {"AY"}


def test_the_time_of_a_label_is_in_its_id():
    # 2016-07-30T23:54:10.259Z, the example of the ULID specification.
    label = Label("01ARYZ6S41TSV4RRFFQ69G5FAV", "c", "AY", RES, "m")
    assert time_of(label) == 1469918176385


def test_a_label_without_such_an_id_has_no_time():
    assert time_of(Label("!", "c", "AY", RES, "m")) is None


def test_the_command_compares_a_project_and_writes_the_answers_that_count(
    store, crystal, tmp_path, monkeypatch
):
    mirror = tmp_path / "mirror"
    monkeypatch.setattr("microcrystalnet.storage.project_store.default_mirror_root", lambda: mirror)
    monkeypatch.setattr("microcrystalnet.storage.open_project.default_mirror_root", lambda: mirror)
    label(store, "AY", crystal, RES)
    label(store, "BK", crystal, PES)
    store.flush()
    counted = tmp_path / "counted.csv"
    command = ["agreement", str(store.folder), "--labels", str(counted)]
    report = json.loads(CliRunner().invoke(command_line.app, command).stdout)
    again = json.loads(CliRunner().invoke(command_line.app, ["agreement", str(counted)]).stdout)
    expected = asdict(compare_experts(arrange(answers_of(store).answers)))
    assert report == json.loads(json.dumps(expected)) == again
