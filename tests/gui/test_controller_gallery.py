"""The gallery: what it shows, in which order, and what its keys do."""

import numpy as np
import pytest
from fakes import listeners
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from window_material import CODES, add_model, settle, shares, square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.errors import BlindError, ProjectError, SilentFolderError
from microcrystalnet.micrographs.reader import describe
from napari_mcn.controllers.gallery_controller import GalleryController
from napari_mcn.gallery_answers import GalleryAnswers
from napari_mcn.gallery_opening import GalleryOpening
from napari_mcn.panels.gallery_page import GalleryPage
from napari_mcn.remarks import Remarks
from napari_mcn.slices import Slices


@pytest.fixture
def page(qtbot):
    made = GalleryPage()
    qtbot.addWidget(made)
    made.resize(380, 600)
    made.show()
    return made


@pytest.fixture
def named(session, store, crystals):
    """Settled RES, RES, AA; a model says RES for all, and is least sure of the second."""
    settle(store, crystals, ["RES", "RES", "AA"])
    store.become("AY")
    session.model_id = add_model(store)
    predict(store, session.model_id, zip(crystals, (0.9, 0.4, 0.8), strict=True))
    session.tell_predicted()
    return crystals


def predict(store, model_id, pairs):
    """Let a model call crystals RES, as they are outlined now."""
    known = [(store.state.crystal(each), sure) for each, sure in pairs]
    said = [
        Prediction(each.crystal_id, model_id, CODES, shares("RES", sure), each.mask.digest)
        for each, sure in known
    ]
    store.write_predictions(model_id, known[0][0].image_id, said)


@pytest.fixture
def gallery(page, session, canvas, named, qtbot):
    controller = GalleryController(page, session, canvas, page)
    controller.activate(True)
    controller.open("Three crystals", named)
    yield controller
    controller.close()


@pytest.fixture
def answers(gallery, session, canvas):
    return GalleryAnswers(session, canvas, Remarks(), lambda: gallery.chosen)


def shown(page):
    return [each.key for each in page.plate.items]


def test_the_micrographs_that_enter_leads_to_are_expected(gallery, page, session, named):
    heard = []
    session.expected.connect(heard.append)
    page.plate.select([named[1]])
    assert heard == [[session.image_id] * 3]


def test_the_crystal_with_the_least_likely_settled_class_comes_first(gallery, page, named):
    assert shown(page) == [named[2], named[1], named[0]]


def test_the_least_sure_can_come_first(gallery, page, named):
    page.order_chosen.emit("confidence")
    assert shown(page)[0] == named[1]


def test_one_settled_class_can_be_shown_alone(gallery, page, named):
    page.class_chosen.emit("AA")
    assert shown(page) == [named[2]]


def test_one_micrograph_can_be_shown_alone(gallery, page, session):
    page.image_chosen.emit("another")
    assert shown(page) == []


def test_a_card_says_what_experts_and_network_say(gallery, page, named):
    page.plate.select([named[2]])
    assert "Experts: AA\nNetwork: RES 80 %" in page._said.text()
    assert page._votes.text() == "Votes: AY AA, MK AA"


def test_frames_tell_the_settled_class_and_badges_the_networks(gallery, page, store, named):
    item = next(each for each in page.plate.items if each.key == named[2])
    assert (item.badge, item.colour) == ("RES", store.state.scheme["AA"].colour)


def test_choosing_a_crystal_here_flies_to_it(gallery, page, session, named):
    page.plate.select([named[1]])
    assert session.crystal_id == named[1]


def test_enter_flies_to_a_crystal_of_another_micrograph(gallery, page, session, store, draw, named):
    path = draw("other.tif", seed=1)
    other = store.add_micrograph(path, describe(path)).image_id
    there = store.put_mask(other, square(4, 4), MaskSource.MANUAL).crystal_id
    gallery.open("Two", [named[0], there])
    page.plate.select([there])
    assert session.image_id != other
    QTest.keyClick(page.plate, Qt.Key.Key_Return)
    assert (session.image_id, session.crystal_id) == (other, there)


def test_arrows_move(gallery, page, named):
    page.plate.select([named[2]])
    QTest.keyClick(page.plate, Qt.Key.Key_Right)
    assert page.plate.selected == [named[1]]


def test_a_class_key_is_the_current_experts_answer(gallery, answers, page, store, named):
    page.plate.select([named[0]])
    answers.press_digit("2")
    label = store.state.label(named[0])
    assert (label.expert, label.answer.cls, label.blind) == ("AY", "PES", False)


def test_the_card_follows_an_answer_and_its_undo(gallery, answers, page, store, named):
    page.plate.select([named[0]])
    answers.press_digit("2")
    assert page._votes.text() == "Votes: AY PES, MK RES"
    store.undo()
    assert page._votes.text() == "Votes: AY RES, MK RES"


def test_a_crystal_can_be_discarded_and_called_unclear(gallery, answers, page, store, named):
    page.plate.select([named[0]])
    answers.discard()
    assert store.state.label(named[0]).answer.discards
    answers.press_digit("5")
    assert store.state.label(named[0]).answer == Answer(None)


def test_an_answer_can_be_withdrawn(gallery, answers, page, store, named):
    page.plate.select([named[0]])
    answers.clear()
    assert store.state.label(named[0]) is None


def test_it_says_whose_answer_a_class_key_records(gallery, page):
    assert "record the answer of AY, not blind" in page.next_step.text()


def test_nothing_can_be_answered_before_a_crystal_is_chosen(gallery, page, named):
    before = page.answers.buttons["PES"].isEnabled()
    page.plate.select([named[0]])
    assert (before, page.answers.buttons["PES"].isEnabled()) == (False, True)


def test_keys_mean_the_gallery_only_while_it_is_in_front(gallery, page, named):
    page.plate.select([named[0]])
    assert gallery.deciding
    gallery.activate(False)
    assert not gallery.deciding


def test_a_crystal_clicked_on_the_micrograph_is_chosen(gallery, page, session, named):
    session.crystal_id = named[1]
    assert page.plate.selected == [named[1]]


def test_one_that_is_not_in_the_gallery_is_not(gallery, page, session, named):
    gallery.open("Two", named[:2])
    session.crystal_id = named[2]
    assert (page.plate.selected, gallery.deciding) == ([], False)


def test_a_changed_outline_fades_the_crystal_and_says_why(gallery, page, session, store, named):
    page.plate.select([named[0]])
    store.put_mask(session.image_id, square(5, 5), MaskSource.MANUAL, crystal_id=named[0])
    item = next(each for each in page.plate.items if each.key == named[0])
    assert (item.faded, page.trouble.isVisible()) == (True, True)
    assert "outline was changed" in page.trouble.text()


def test_predicting_again_clears_it(gallery, page, session, store, named):
    store.put_mask(session.image_id, square(5, 5), MaskSource.MANUAL, crystal_id=named[0])
    predict(store, session.model_id, [(named[0], 0.9)])
    session.tell_predicted()
    assert not any(each.faded for each in page.plate.items)


def test_what_an_older_model_said_is_faded(gallery, page, session, store, named):
    page.plate.select([named[0]])
    session.model_id = add_model(store)
    assert all(each.faded for each in page.plate.items)
    assert "Said by Model 1" in page.trouble.text()


def test_a_deleted_crystal_stays_and_cannot_be_flown_to(gallery, page, store, named, told):
    store.delete_crystals(named[:1])
    gallery.fly_to(named[0])
    assert told == [("warning", "This crystal was deleted, so there is no place to fly to.")]


def test_the_next_expert_does_not_see_it(gallery, page, session):
    session.become("MK")
    assert shown(page) == []


def test_while_labelling_blind_it_stays_closed(gallery, page, session, store, named):
    store.rounds.open([session.image_id], ["AY", "MK"])
    assert shown(page) == []
    with pytest.raises(BlindError):
        gallery.open("Three", named)


def test_after_the_seal_it_opens_and_answers_are_not_blind(
    gallery, answers, page, session, store, named
):
    store.rounds.open([session.image_id], ["AY", "MK"])
    store.rounds.seal(session.image_id)
    gallery.open("Three", named)
    page.plate.select([named[0]])
    answers.press_digit("3")
    assert not store.state.label(named[0]).blind


def test_unsettled_crystals_come_by_disagreement(gallery, page, store, named):
    store.label(named[0], Answer("SA"))
    gallery.open("One", named[:1])
    assert page.order.currentData() == "disagreement"


def test_nothing_behind_a_figure_is_said_so(gallery):
    with pytest.raises(ProjectError, match="no crystal behind this"):
        gallery.open("Gone", ["nobody"])


def test_all_errors_can_be_asked_for(gallery, page, session, named):
    opening = GalleryOpening(session, Slices(), gallery.opening, page.show)
    opening.open_errors()
    opening.close()
    assert shown(page) == [named[2]]


def test_pictures_come_from_a_thread(gallery, page, named, qtbot):
    qtbot.waitUntil(lambda: gallery._supply.picture(named[0]) is not None)
    assert np.ptp(gallery._supply.picture(named[0])) > 0


def test_a_folder_that_hangs_costs_the_pictures_and_not_the_edit(
    gallery, session, store, named, told, monkeypatch
):
    def hangs(_image_id):
        raise SilentFolderError("The folder does not answer.")

    monkeypatch.setattr(store, "image_path", hangs)
    store.delete_crystals(named[:1])
    assert (named[0] in session.crystals, told) == (
        False,
        [("warning", "The folder does not answer.")],
    )


def test_closing_lets_go_of_the_session(page, session, canvas):
    before = listeners(session, canvas)
    GalleryController(page, session, canvas, page).close()
    assert listeners(session, canvas) == before
