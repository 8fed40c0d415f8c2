"""The atlas: every class with pictures, and crystals of the project in it."""

import pytest
from fakes import listeners

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.scheme import FOUR_CLASSES, CrystalClass
from microcrystalnet.domain.scheme_rules import with_class
from napari_mcn.controllers.atlas_controller import AtlasController
from napari_mcn.panels.atlas_page import AtlasPage


@pytest.fixture
def page(qtbot):
    made = AtlasPage()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def atlas(qtbot, page, session, crystals, told):
    controller = AtlasController(page, session)
    with qtbot.waitSignal(controller._job.finished):
        controller.activate(True)
    yield controller
    controller.close()


def entries(page):
    return {each.code: each for each in page.pictures.entries}


def test_each_class_has_pictures_a_description_and_its_look_alikes(atlas, page):
    rhombic = entries(page)["RES"]
    assert (len(rhombic.pictures), [code for code, _ in rhombic.look_alikes]) == (6, ["PES", "PES"])
    assert "six faces" in rhombic.description


def test_a_new_class_comes_into_the_atlas(qtbot, atlas, page, session):
    dolomite = CrystalClass("DOL", "Dolomite", "#56b4e9", "5", (), "Cloudy rhombs.")
    with qtbot.waitSignal(atlas._job.finished):
        session.project.set_scheme(with_class(FOUR_CLASSES, dolomite))
    assert (entries(page)["DOL"].description, entries(page)["DOL"].pictures) == (
        "Cloudy rhombs.",
        [],
    )


def test_the_crystal_in_view_becomes_an_example_of_its_class(qtbot, atlas, page, session, crystals):
    session.crystal_id = crystals[0]
    session.project.label(crystals[0], Answer("PES"))
    with qtbot.waitSignal(atlas._job.finished):
        page.use_button.click()
    assert [told for told, _ in entries(page)["PES"].pictures] == ["PES, a crystal of this project"]


def test_it_is_taken_out_again(qtbot, atlas, page, session, crystals):
    session.crystal_id = crystals[0]
    session.project.show_example(crystals[0], "PES")
    with qtbot.waitSignal(atlas._job.finished):
        page.withdraw_button.click()
    assert len(entries(page)["PES"].pictures) == 6


def test_a_crystal_without_a_class_cannot_be_an_example(atlas, page, session, crystals, told):
    session.crystal_id = crystals[0]
    atlas.use_crystal()
    assert (page.use_button.isEnabled(), told) == (
        False,
        [("warning", "Select a crystal and name its class; then it can be an example.")],
    )


def test_behind_another_page_nothing_is_read(page, session, crystals):
    controller = AtlasController(page, session)
    session.project.show_example(crystals[0], "PES")
    assert (controller._asked, page.pictures.entries) == (0, ())
    controller.close()


def test_an_answer_that_comes_too_late_is_dropped(atlas, page):
    before = page.pictures.entries
    atlas._on_read((atlas._asked - 1, {}))
    assert page.pictures.entries == before


def test_closing_lets_go_of_the_session(page, session, canvas):
    before = listeners(session, canvas)
    AtlasController(page, session).close()
    assert listeners(session, canvas) == before
