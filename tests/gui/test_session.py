"""The session: what is open and selected, and where an undo leads."""

import pytest

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.domain.scheme_rules import with_retired
from microcrystalnet.errors import ProjectError
from microcrystalnet.micrographs.reader import describe
from napari_mcn.session import EMBEDDED, Session


@pytest.fixture
def other_image(session, draw):
    """A second micrograph of the project."""
    path = draw("other.tif", seed=1)
    return session.project.add_micrograph(path, describe(path)).image_id


def test_without_a_project_asking_for_it_says_what_to_do():
    with pytest.raises(ProjectError, match="choose New, Open or Sample"):
        _ = Session().project


def test_opening_shows_the_first_micrograph(session, store):
    assert session.image_id == next(iter(store.state.micrographs))


def test_opening_takes_over_the_expert(session):
    assert session.expert == "AY"


def test_another_micrograph_begins_with_nothing_selected(session, crystals, other_image):
    session.crystal_id = crystals[0]
    session.show(other_image)
    assert session.crystal_id is None


def test_a_deleted_crystal_is_no_longer_the_selected_one(session, crystals):
    session.crystal_id = crystals[0]
    session.project.delete_crystals([crystals[0]])
    assert session.crystal is None


def test_going_to_a_crystal_shows_its_micrograph(session, crystals, other_image):
    first = session.image_id
    session.show(other_image)
    session.go_to(first, crystals[1])
    assert (session.image_id, session.crystal.crystal_id) == (first, crystals[1])


def test_undoing_a_label_selects_its_crystal(session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    session.crystal_id = crystals[1]
    session.follow(session.project.undo())
    assert session.crystal_id == crystals[0]


def test_undoing_a_deletion_selects_what_came_back(session, crystals):
    session.project.delete_crystals([crystals[2]])
    session.follow(session.project.undo())
    assert session.crystal_id == crystals[2]


def test_undoing_an_outline_leaves_nothing_selected(session, crystals):
    mask = session.crystals[crystals[0]].mask
    made = session.project.put_mask(session.image_id, mask, MaskSource.MANUAL)
    session.crystal_id = made.crystal_id
    session.follow(session.project.undo())
    assert session.crystal_id is None


def test_undo_goes_to_the_micrograph_it_happened_on(session, crystals, other_image):
    first = session.image_id
    session.project.label(crystals[0], Answer("RES"))
    session.show(other_image)
    session.follow(session.project.undo())
    assert session.image_id == first


def test_nothing_to_undo_changes_nothing(session, crystals):
    session.crystal_id = crystals[0]
    session.follow(None)
    assert session.crystal_id == crystals[0]


def test_another_expert_takes_the_keyboard(session):
    session.become("MK")
    assert (session.expert, session.project.actor) == ("MK", "MK")


def test_masks_of_the_embedded_engine_are_automatic(session):
    assert (session.engine, session.mask_source) == (EMBEDDED, MaskSource.AUTO)


def test_masks_of_a_checkpoint_are_sams(session):
    session.engine = "/weights/fine_tuned.pth"
    assert session.mask_source is MaskSource.SAM


def test_without_a_model_nothing_is_predicted(session, crystals):
    assert session.predictions() == {}


def test_new_predictions_are_seen_at_once(session, crystals):
    session.model_id = "m1"
    before = dict(session.predictions())
    predict(session, crystals[0], session.project.state.scheme.codes)
    assert (before, list(session.predictions())) == ({}, [crystals[0]])


def test_predictions_of_classes_the_project_does_not_know_are_left_out(session, crystals):
    session.model_id = "m1"
    predict(session, crystals[0], ("quartz", "mica", "RES", "PES"))
    assert session.predictions() == {}


def test_predictions_of_a_class_that_was_retired_are_left_out(session, crystals):
    session.model_id = "m1"
    predict(session, crystals[0], session.project.state.scheme.codes)
    session.project.set_scheme(with_retired(FOUR_CLASSES, "AA"))
    assert session.predictions() == {}


def test_predictions_that_cannot_be_read_are_told_once_and_are_none(session):
    session.model_id, troubles = "m1", []
    session.troubled.connect(troubles.append)
    place = session.project.folder / "predictions" / "m1" / f"{session.image_id}.jsonl"
    place.mkdir(parents=True)
    assert (session.predictions(), session.predictions()) == ({}, {})
    assert ["cannot be read" in str(each) for each in troubles] == [True]


def test_closing_forgets_the_project(session):
    session.close()
    assert (session.store, session.image_id, session.model_id) == (None, None, None)


def predict(session, crystal_id, classes):
    said = Prediction(crystal_id, "m1", tuple(classes), (0.7, 0.1, 0.1, 0.1))
    session.project.write_predictions("m1", session.image_id, [said])
    session.tell_predicted()
