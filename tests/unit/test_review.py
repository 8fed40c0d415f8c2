"""Crystals under review: truth, prediction, what still holds, and in which order they come."""

import numpy as np
import pytest
import tifffile
from window_material import CODES, add_model, settle, shares, square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import NOT_A_CRYSTAL, Answer
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.review import Order, Reviewer, Standing, misnamed, ordered
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def store(tmp_path):
    made = ProjectStore.create(tmp_path / "project", "AY", mirror_root=tmp_path / "mirror")
    path = tmp_path / "chalk.tif"
    tifffile.imwrite(path, np.zeros((60, 80), np.uint8))
    made.add_micrograph(path, describe(path))
    yield made
    made.close()


@pytest.fixture
def image_id(store):
    return next(iter(store.state.micrographs))


@pytest.fixture
def crystals(store, image_id):
    masks = [square(4, 4), square(4, 40), square(30, 4)]
    return [each.crystal_id for each in store.put_masks(image_id, masks, MaskSource.AUTO)]


def say(store, crystal_id, cls, sure=0.7, model_id=None):
    """Let a model, a new one unless given, name a crystal as it is outlined now."""
    crystal = store.state.crystal(crystal_id)
    model_id = model_id or add_model(store)
    said = Prediction(crystal_id, model_id, CODES, shares(cls, sure), crystal.mask.digest)
    store.write_predictions(model_id, crystal.image_id, [said])
    return model_id


def test_a_crystal_comes_with_its_truth_its_prediction_and_its_votes(store, crystals):
    settle(store, crystals[:1], ["RES"])
    (found,) = Reviewer(store, say(store, crystals[0], "PES")).show(crystals[:1]).entries
    assert (found.truth, found.prediction.cls, found.wrong) == ("RES", "PES", True)
    assert found.votes == {"AY": Answer("RES"), "MK": Answer("RES")}


def test_the_loss_is_minus_the_logarithm_of_the_settled_class(store, crystals):
    settle(store, crystals[:1], ["RES"])
    (found,) = Reviewer(store, say(store, crystals[0], "RES", 0.5)).show(crystals[:1]).entries
    assert found.loss == pytest.approx(np.log(2))


def test_disagreement_is_the_share_of_experts_who_say_something_else(store, crystals):
    store.label(crystals[0], Answer("RES"))
    store.become("MK")
    store.label(crystals[0], Answer("AA"))
    (found,) = Reviewer(store, say(store, crystals[0], "AA")).show(crystals[:1]).entries
    assert (found.disagreement, found.loss) == (0.5, None)


def test_where_nothing_is_predicted_the_most_split_votes_disagree_most(store, crystals):
    for expert, answers in {
        "AY": (Answer("RES"), Answer("RES"), Answer("RES")),
        "MK": (Answer("RES"), Answer("AA"), Answer("RES")),
        "RS": (Answer("RES"), NOT_A_CRYSTAL, Answer("SA")),
    }.items():
        store.become(expert)
        [store.label(each, answer) for each, answer in zip(crystals, answers, strict=True)]
    found = Reviewer(store, None).show(crystals).entries
    assert [each.disagreement for each in found] == pytest.approx([0, 2 / 3, 1 / 3])
    in_order = [each.crystal_id for each in ordered(found, Order.DISAGREEMENT)]
    assert in_order == [crystals[1], crystals[2], crystals[0]]


def test_a_changed_outline_makes_a_prediction_stale(store, crystals, image_id):
    model_id = say(store, crystals[0], "RES")
    store.put_mask(image_id, square(5, 5), MaskSource.MANUAL, crystal_id=crystals[0])
    (found,) = Reviewer(store, model_id).show(crystals[:1]).entries
    assert (found.standing, found.stale, found.prediction.cls) == (Standing.OUTLINE, True, "RES")


def test_predicting_again_makes_it_hold(store, crystals, image_id):
    model_id = say(store, crystals[0], "RES")
    store.put_mask(image_id, square(5, 5), MaskSource.MANUAL, crystal_id=crystals[0])
    say(store, crystals[0], "PES", model_id=model_id)
    (found,) = Reviewer(store, model_id).show(crystals[:1]).entries
    assert found.standing is Standing.CURRENT


def test_what_an_older_model_said_is_told_apart(store, crystals):
    older = say(store, crystals[0], "RES")
    (found,) = Reviewer(store, add_model(store)).show(crystals[:1]).entries
    assert (found.standing, found.prediction.model_id) == (Standing.OLDER, older)


def test_a_deleted_crystal_is_told_apart(store, crystals):
    model_id = say(store, crystals[0], "RES")
    store.delete_crystals(crystals[:1])
    (found,) = Reviewer(store, model_id).show(crystals[:1]).entries
    assert (found.standing, found.crystal) == (Standing.GONE, None)


def test_a_stale_prediction_is_no_error(store, crystals, image_id):
    settle(store, crystals[:1], ["PES"])
    model_id = say(store, crystals[0], "RES")
    store.put_mask(image_id, square(5, 5), MaskSource.MANUAL, crystal_id=crystals[0])
    assert misnamed(store, model_id, [image_id]) == ()


def test_a_prediction_that_contradicts_the_settled_class_is_an_error(store, crystals, image_id):
    settle(store, crystals[:1], ["PES"])
    assert misnamed(store, say(store, crystals[0], "RES"), [image_id]) == tuple(crystals[:1])


def test_looking_for_errors_shows_nobodys_answers(store, crystals, image_id):
    store.label(crystals[0], Answer("PES"))
    model_id = say(store, crystals[0], "RES")
    store.become("MK")
    misnamed(store, model_id, [image_id])
    assert store.label(crystals[0], Answer("PES")).blind


def test_only_outlines_of_the_micrograph_in_question_are_read(store, crystals, image_id, tmp_path):
    model_id, path = say(store, crystals[0], "RES"), tmp_path / "other.tif"
    tifffile.imwrite(path, np.ones((60, 80), np.uint8))
    store.add_micrograph(path, describe(path))
    store.close()
    again = ProjectStore.open(store.folder, "AY", mirror_root=tmp_path / "mirror")
    misnamed(again, model_id, [image_id])
    Reviewer(again, model_id).show(crystals[:1])
    assert again.state.loaded == {image_id}
    again.close()


def test_a_crystal_nobody_predicted_has_no_figures(store, crystals):
    (found,) = Reviewer(store, None).show(crystals[:1]).entries
    assert (found.standing, found.confidence, found.loss) == (Standing.NOTHING, None, None)


def test_ids_the_project_does_not_know_are_left_out(store, crystals):
    assert Reviewer(store, None).show(["nobody"]).entries == ()


def test_who_saw_the_answers_is_not_blind_any_more(store, crystals):
    store.label(crystals[0], Answer("RES"))
    store.become("MK")
    Reviewer(store, None).show(crystals)
    given = [store.label(each, Answer("AA")).blind for each in crystals[:2]]
    assert given == [False, True]


def test_micrographs_that_are_labelled_blind_are_left_out(store, crystals, image_id):
    model_id = say(store, crystals[0], "RES")
    store.rounds.open([image_id], ["AY", "MK"])
    found = Reviewer(store, model_id).show(crystals)
    assert (found.entries, found.withheld) == ((), 3)


@pytest.mark.parametrize(
    ("order", "first"), [(Order.CONFIDENCE, 1), (Order.LOSS, 2), (Order.PLACE, 0)]
)
def test_the_most_questionable_comes_first(store, crystals, image_id, order, first):
    settle(store, crystals, ["RES", "RES", "AA"])
    model_id = add_model(store)
    said = zip(crystals, ("RES", "RES", "RES"), (0.9, 0.4, 0.8), strict=True)
    outlines = [store.state.crystal(each).mask.digest for each in crystals]
    store.write_predictions(
        model_id,
        image_id,
        [
            Prediction(each, model_id, CODES, shares(cls, sure), outline)
            for (each, cls, sure), outline in zip(said, outlines, strict=True)
        ],
    )
    entries = Reviewer(store, model_id).show(crystals).entries
    assert ordered(entries, order)[0].crystal_id == crystals[first]


def test_what_does_not_hold_comes_last(store, crystals, image_id):
    model_id = say(store, crystals[0], "RES", 0.3)
    store.put_mask(image_id, square(5, 5), MaskSource.MANUAL, crystal_id=crystals[0])
    say(store, crystals[1], "RES", 0.9, model_id)
    entries = Reviewer(store, model_id).show(crystals[:2]).entries
    assert ordered(entries, Order.CONFIDENCE)[0].crystal_id == crystals[1]


def test_what_the_model_said_when_it_was_judged_comes_first(store, crystals):
    model_id = say(store, crystals[0], "RES")
    judged = {crystals[0]: Prediction(crystals[0], model_id, CODES, shares("AA"))}
    (found,) = Reviewer(store, model_id, judged).show(crystals[:1]).entries
    assert found.prediction.cls == "AA"


def test_nothing_counts_as_seen_before_all_was_looked_at(store, crystals):
    settle(store, crystals, ["RES", "RES", "RES"])
    store.become("CM")
    work = Reviewer(store, None).showing(crystals)
    next(step for step in work if step.done == len(crystals))
    before = store.label(crystals[0], Answer("RES")).blind
    list(work)
    assert (before, store.label(crystals[1], Answer("RES")).blind) == (True, False)
