"""The classes are changed on the Classes page, and everything follows."""

import pytest
from fakes import listeners
from qtpy.QtCore import Qt
from window_material import NoDialogs

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.storage.scheme_records import read_scheme
from napari_mcn.controllers.scheme_controller import SchemeController
from napari_mcn.panels.scheme_page import SchemePage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot):
    made = SchemePage()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialogs(tmp_path):
    return NoDialogs(tmp_path / "classes.json")


@pytest.fixture
def classes(page, session, dialogs, told):
    controller = SchemeController(page, session, dialogs)
    yield controller
    controller.close()


def codes(session):
    return session.project.state.scheme.codes


def fill_in(page, code="DOL", name="Dolomite"):
    page.new_button.click()
    page.code.setText(code)
    page.name.setText(name)


def test_the_classes_of_the_project_are_listed(classes, page):
    assert page.table.rows[0].values == (
        "1",
        "RES",
        "Rhombic euhedral-subhedral",
    )


def test_a_class_is_added_with_a_colour_of_its_own(qtbot, classes, page, session):
    fill_in(page)
    qtbot.mouseClick(page.add_button, LEFT)
    scheme = session.project.state.scheme
    assert (scheme.codes[-1], scheme["DOL"].colour, scheme.version) == ("DOL", "#56b4e9", 2)


def test_what_the_fields_lack_is_said_and_nothing_changes(qtbot, classes, page, session, told):
    fill_in(page, name="")
    qtbot.mouseClick(page.add_button, LEFT)
    sentence = "The class DOL has no name; give it one."
    assert (codes(session), told) == (FOUR_CLASSES.codes, [("warning", sentence)])


def test_a_refused_class_stays_in_the_fields(qtbot, classes, page):
    fill_in(page, code="two words")
    qtbot.mouseClick(page.add_button, LEFT)
    assert (page.code.text(), page.name.text()) == ("two words", "Dolomite")


def test_a_class_is_renamed_recoloured_and_gets_another_key(qtbot, classes, page, session):
    page.table.row_chosen.emit("AA")
    page.name.setText("Shapeless")
    page.colour.setText("#D55E00")
    page.key.setCurrentIndex(page.key.findData("7"))
    qtbot.mouseClick(page.change_button, LEFT)
    cls = session.project.state.scheme["AA"]
    assert (cls.name, cls.colour, cls.key) == ("Shapeless", "#d55e00", "7")


def test_other_names_are_written_with_commas(qtbot, classes, page, session):
    page.table.row_chosen.emit("AA")
    page.aliases.setText("amorphous, xenomorph ,")
    qtbot.mouseClick(page.change_button, LEFT)
    assert session.project.state.scheme.resolve("Xenomorph") == "AA"


def test_the_code_of_a_class_cannot_be_changed(classes, page):
    page.table.row_chosen.emit("AA")
    assert page.code.isReadOnly()


def test_a_class_moves_up(qtbot, classes, page, session):
    page.table.row_chosen.emit("PES")
    page.table.select("PES")
    qtbot.mouseClick(page.up_button, LEFT)
    assert (codes(session)[:2], page.table.chosen()) == (("PES", "RES"), "PES")


def test_a_move_that_changes_nothing_is_no_new_version(qtbot, classes, page, session):
    page.table.row_chosen.emit("RES")
    page.table.select("RES")
    qtbot.mouseClick(page.up_button, LEFT)
    assert session.project.state.scheme.version == 1


def test_a_retired_class_can_be_offered_again(qtbot, classes, page, session):
    page.table.row_chosen.emit("AA")
    page.table.select("AA")
    qtbot.mouseClick(page.retire_button, LEFT)
    without = codes(session)
    qtbot.mouseClick(page.restore_button, LEFT)
    assert (without, codes(session)) == (("RES", "PES", "SA"), ("RES", "PES", "SA", "AA"))


def test_a_label_outlives_its_class(classes, page, session, crystals):
    session.project.label(crystals[0], Answer("AA"))
    classes.retire("AA")
    label = session.project.state.label(crystals[0])
    assert session.project.state.scheme[label.answer.cls].name == "Amorphous anhedral"


def test_the_classes_go_into_a_file_and_come_back(classes, session, dialogs):
    classes.write_file()
    classes.retire("AA")
    classes.take_file()
    assert (codes(session), read_scheme(dialogs.path).codes) == (
        FOUR_CLASSES.codes,
        FOUR_CLASSES.codes,
    )


def test_a_file_that_holds_no_classes_is_refused(classes, session, dialogs, told):
    dialogs.path.write_text("{}")
    classes.take_file()
    assert ("is not a scheme" in told[0][1], codes(session)) == (True, FOUR_CLASSES.codes)


def test_without_a_project_nothing_can_be_changed(classes, page, session):
    session.close()
    assert not page.isEnabled()


def test_in_a_project_for_looking_only_nothing_changes(classes, session, read_only, told):
    session.open(read_only)
    classes.retire("AA")
    assert (codes(session), told[-1][0]) == (FOUR_CLASSES.codes, "warning")


def test_closing_lets_go_of_the_session(page, session, canvas, dialogs):
    before = listeners(session, canvas)
    SchemeController(page, session, dialogs).close()
    assert listeners(session, canvas) == before


def test_the_words_for_the_form_are_changed_and_undone(qtbot, classes, page, session):
    page.shapes.setText("cubic, platy")
    page.definitions.clear()
    qtbot.mouseClick(page.forms_button, LEFT)
    scheme = session.project.state.scheme
    assert (scheme.shapes, scheme.definitions, scheme.version) == (("cubic", "platy"), (), 2)
    session.project.undo()
    assert page.shapes.text() == ", ".join(FOUR_CLASSES.shapes)


def test_a_class_that_was_added_is_undone(qtbot, classes, page, session):
    fill_in(page)
    qtbot.mouseClick(page.add_button, LEFT)
    session.project.undo()
    assert (codes(session), len(page.table.rows)) == (FOUR_CLASSES.codes, 4)
