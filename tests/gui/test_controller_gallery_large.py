"""A gallery of so many crystals that looking at them again takes a while."""

import pytest
from window_material import CODES, add_model, shares

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.prediction import Prediction
from napari_mcn import slices
from napari_mcn.controllers import gallery_controller
from napari_mcn.controllers.gallery_controller import GalleryController
from napari_mcn.gallery_answers import GalleryAnswers
from napari_mcn.panels.gallery_page import GalleryPage
from napari_mcn.remarks import Remarks
from napari_mcn.slices import Slices


@pytest.fixture
def page(qtbot):
    made = GalleryPage()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def gallery(page, session, canvas, named, busy):
    controller = GalleryController(page, session, canvas, page, Slices(busy.task()))
    controller.activate(True)
    controller.open("Three crystals", named)
    yield controller
    controller.close()


@pytest.fixture
def patiently(gallery, monkeypatch):
    """Pause after every crystal from now on."""
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(gallery_controller, "AT_LEAST", 1)


@pytest.fixture
def other_model(store, session, named):
    """A model that calls every crystal PES."""
    model_id = add_model(store)
    outlines = [store.state.crystal(each).mask.digest for each in named]
    said = [
        Prediction(each, model_id, CODES, shares("PES", 0.7), outline)
        for each, outline in zip(named, outlines, strict=True)
    ]
    store.write_predictions(model_id, session.image_id, said)
    return model_id


@pytest.fixture
def looking(patiently, session, other_model):
    """Another model is in use; what it says is being looked up."""
    session.model_id = other_model


def badges(page):
    return {each.badge for each in page.plate.items}


def test_what_is_shown_stays_until_all_was_looked_at(looking, page, qtbot):
    at_once = badges(page)
    qtbot.waitUntil(lambda: badges(page) == {"PES"})
    assert at_once == {"RES"}


def test_it_stands_in_the_progress_row(looking, workbench):
    assert workbench.bar.isVisible()


def test_a_class_key_names_a_crystal_meanwhile(
    looking, gallery, page, session, canvas, store, named, qtbot
):
    page.plate.select([named[2]])
    GalleryAnswers(session, canvas, Remarks(), lambda: gallery.chosen).press_digit("1")
    qtbot.waitUntil(lambda: badges(page) == {"PES"})
    assert (store.state.label(named[2]).answer.cls, page.plate.selected) == ("RES", [named[2]])


def test_an_answer_given_meanwhile_is_seen(looking, page, store, named, qtbot):
    store.label(named[0], Answer("SA"))
    qtbot.waitUntil(lambda: badges(page) == {"PES"})
    page.plate.select([named[0]])
    assert "AY SA" in page._votes.text()


def test_an_answer_given_at_the_last_moment_is_seen(gallery, page, store, named):
    work = gallery.opening("Three crystals", named)
    told = [step.done for step in work if step.done == 3 and store.label(named[0], Answer("SA"))]
    page.plate.select([named[0]])
    assert (told, "AY SA" in page._votes.text()) == ([3], True)


def test_a_round_opened_meanwhile_hides_everything_at_once(
    looking, page, session, store, named, qtbot
):
    store.rounds.open([session.image_id], ["AY", "MK"])
    assert page.plate.items == ()


def test_other_crystals_that_are_opened_meanwhile_stay(looking, gallery, page, named, qtbot):
    gallery.open("One", named[:1])
    qtbot.wait(20)
    assert [each.key for each in page.plate.items] == [named[0]]


def test_cancel_leaves_nothing_of_the_former_model(looking, page, busy):
    busy.cancel()
    assert page.plate.items == ()


def test_the_next_expert_sees_nothing_of_it(looking, page, session, qtbot):
    session.become("MK")
    qtbot.wait(20)
    assert page.plate.items == ()


def test_a_model_that_speaks_while_others_are_opened_is_heard(
    gallery, page, session, other_model, named
):
    work = gallery.opening("Two", named[:2])
    next(work)
    session.model_id = other_model
    list(work)
    assert badges(page) == {"PES"}
