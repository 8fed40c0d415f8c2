import pytest
from adjudication_scene import PES, RES, crystal, say, store, verdict  # noqa: F401  fixtures
from storage_scene import IMAGE, disc, outline, reopen

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.decision import Method, Outcome, Ruling
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.verdict import State
from microcrystalnet.errors import DecisionError, NoVotesError, ProjectError
from microcrystalnet.examples import settled_examples
from microcrystalnet.storage.layout import ADJUDICATION


def test_a_decision_is_there_when_the_project_is_opened_again(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    assert verdict(reopen(store, "CM"), crystal).state is State.ADJUDICATED


def test_a_decision_lists_who_was_there_and_who_had_said_something_else(store, crystal):
    decision = store.adjudication.decide(crystal, RES, ["AY", "BK"], " clear faces ")
    assert (decision.participants, decision.dissent, decision.by) == (("AY", "BK"), ("BK",), "BK")
    assert (decision.rationale, decision.method) == ("clear faces", Method.TOGETHER)


def test_a_decided_class_is_taught(store, crystal, monkeypatch):
    monkeypatch.setattr(type(store), "image_path", lambda _self, image_id: image_id)
    store.adjudication.decide(crystal, PES, ["AY", "BK"])
    assert settled_examples(store)[1] == ["PES"]


def test_a_decision_is_undone_and_done_again(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    assert store.undo().text == "Undone: Decided RES"
    assert verdict(store, crystal).state is State.DISPUTED
    assert store.redo().text == "Redone: Decided RES"
    assert verdict(store, crystal).state is State.ADJUDICATED


def test_undone_decisions_stay_undone_after_opening_again(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.undo()
    assert verdict(reopen(store), crystal).state is State.DISPUTED


def test_a_new_label_makes_a_decision_fall_until_it_is_undone(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.label(crystal, Answer("SA"))
    assert verdict(store, crystal).state is State.DISPUTED
    store.undo()
    assert verdict(store, crystal).state is State.ADJUDICATED


def test_a_label_and_a_decision_undone_and_done_again_are_as_they_were(store, crystal):
    store.label(crystal, Answer("SA"))
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.undo(), store.undo()
    store.redo(), store.redo()
    assert verdict(store, crystal).state is State.ADJUDICATED


def test_a_label_that_came_back_has_its_id_after_opening_again(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.label(crystal, Answer("SA"))
    store.undo()
    assert verdict(reopen(store), crystal).state is State.ADJUDICATED


def test_a_small_correction_of_the_outline_keeps_a_decision(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.put_mask(IMAGE, disc(99, 99, 21), MaskSource.MANUAL, crystal_id=crystal)
    assert verdict(store, crystal).state is State.ADJUDICATED


def test_another_outline_makes_a_decision_fall_until_it_is_undone(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.put_mask(IMAGE, disc(radius=30), MaskSource.MANUAL, crystal_id=crystal)
    assert verdict(store, crystal).reason == "The outline has changed since the decision."
    store.undo()
    assert verdict(store, crystal).state is State.ADJUDICATED


def test_another_outline_is_noticed_after_opening_again(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.put_mask(IMAGE, disc(radius=30), MaskSource.MANUAL, crystal_id=crystal)
    assert verdict(reopen(store), crystal).state is State.DISPUTED


def test_labels_given_to_another_outline_no_longer_agree(store, crystal):
    store.label(crystal, Answer("RES"))
    store.put_mask(IMAGE, disc(radius=30), MaskSource.MANUAL, crystal_id=crystal)
    assert verdict(store, crystal).reason == "The outline has changed since an expert named it."


def test_a_decision_about_a_deleted_crystal_comes_back_with_it(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.delete_crystals([crystal])
    assert not store.adjudication.cases()
    store.undo()
    assert verdict(store, crystal).state is State.ADJUDICATED


def test_a_dissenter_signs(store, crystal):
    decision = store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.adjudication.sign(crystal)
    assert store.adjudication.case(crystal).signers(decision.act_id) == ("BK",)
    assert verdict(store, crystal).state is State.ADJUDICATED


def test_somebody_who_sits_beside_signs_by_name(store, crystal):
    decision = store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.adjudication.sign(crystal, "AY")
    assert store.adjudication.case(crystal).signers(decision.act_id) == ("AY",)


def test_nobody_signs_twice(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.adjudication.sign(crystal)
    with pytest.raises(DecisionError, match="BK has signed this decision already"):
        store.adjudication.sign(crystal)


def test_there_is_nothing_to_sign_before_a_decision(store, crystal):
    with pytest.raises(DecisionError, match="Nothing has been decided"):
        store.adjudication.sign(crystal)


def test_an_objection_is_answered_by_the_next_decision(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.adjudication.object_to(crystal, "the corners are round")
    assert verdict(store, crystal).reason == "BK wants it discussed: the corners are round"
    store.adjudication.decide(crystal, PES, ["AY", "BK"])
    assert (verdict(store, crystal).cls, verdict(store, crystal).history) == ("PES", 3)


def test_an_objection_is_undone(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.adjudication.object_to(crystal)
    store.undo()
    assert verdict(store, crystal).state is State.ADJUDICATED


def test_nobody_objects_twice_before_an_answer(store, crystal):
    store.adjudication.object_to(crystal)
    with pytest.raises(DecisionError, match="BK has asked already"):
        store.adjudication.object_to(crystal)


def test_a_decision_is_taken_up_again_with_its_history(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.adjudication.reopen(crystal)
    found = verdict(store, crystal)
    assert (found.state, found.history, found.votes) == (State.DISPUTED, 2, 2)


def test_a_decision_is_taken_up_again_once(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.adjudication.reopen(crystal)
    with pytest.raises(DecisionError, match="taken up again already"):
        store.adjudication.reopen(crystal)


def test_overruling_a_majority_asks_for_a_reason_and_changes_nothing(store, crystal):
    say(store, "CM", crystal, "RES")
    with pytest.raises(DecisionError, match="write down why"):
        store.adjudication.decide(crystal, PES, ["AY", "CM"], "  ")
    assert not store.adjudication.cases()


def test_a_majority_is_overruled_with_a_reason(store, crystal):
    say(store, "CM", crystal, "RES")
    store.adjudication.decide(crystal, PES, ["AY", "CM"], "more than six faces")
    assert verdict(store, crystal).decision.dissent == ("AY", "CM")


def test_a_crystal_without_labels_is_not_decided(store, crystal):
    with pytest.raises(NoVotesError, match="label it first"):
        store.adjudication.decide(outline(store, 200), PES, ["AY", "BK"])


def test_a_class_that_the_scheme_lacks_is_refused(store, crystal):
    with pytest.raises(ProjectError, match="no class XX"):
        store.adjudication.decide(crystal, Ruling(Outcome.CLASS, "XX"), ["AY", "BK"])


def test_deciding_ends_blind_labelling_of_that_crystal(store, crystal):
    store.adjudication.decide(crystal, RES, ["AY", "BK"])
    assert not store.label(crystal, Answer("PES")).blind


def test_a_damaged_decision_is_listed_and_left_out(store, crystal, monkeypatch):
    monkeypatch.setattr(store.state, "apply", lambda *_event: None)
    store._desk.note(ADJUDICATION, "adj.decide", {"crystal": crystal, "image": IMAGE, "cls": None})
    again = reopen(store)
    assert verdict(again, crystal).state is State.DISPUTED
    assert "adj.decide" in again.problems()[0].text


def test_nobody_takes_back_what_another_said(store, crystal):
    decision = store.adjudication.decide(crystal, RES, ["AY", "BK"])
    store.become("AY")
    details = {"crystal": crystal, "image": IMAGE, "act": decision.act_id}
    store._desk.note(ADJUDICATION, "adj.undo", details)
    assert verdict(reopen(store), crystal).state is State.ADJUDICATED
