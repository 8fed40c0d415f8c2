"""Whose word the classes on the Measure page are, and that everything there says so."""

import csv

import pytest
from qtpy.QtCore import Qt
from window_material import NoDialogs

from microcrystalnet.domain.label import Answer
from microcrystalnet.report.figure_registry import FigureSource
from microcrystalnet.statistics.collect import ClassFrom
from microcrystalnet.statistics.population import LENGTHS
from napari_mcn.background import Background
from napari_mcn.census import Census
from napari_mcn.controllers.choice_controller import ChoiceController
from napari_mcn.controllers.measure_controller import MeasureController
from napari_mcn.controllers.statistics_controller import StatisticsController
from napari_mcn.panels.choice_section import ChoiceSection
from napari_mcn.panels.measure_panel import MeasurePanel
from napari_mcn.panels.statistics_page import StatisticsPage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def said(session, canvas, crystals):
    """AY and MK agree on the first crystal; AY alone has named the second."""
    project, me = session.project, session.project.actor
    project.label(crystals[0], Answer("RES"))
    project.label(crystals[1], Answer("SA"))
    project.become("MK")
    project.label(crystals[0], Answer("RES"))
    project.become(me)
    return project


@pytest.fixture
def measured(session, said):
    """Give a census that has just come into view, as after a restart."""
    made = []

    def look():
        session.answers_open = False
        made.append(Census(session))
        made[-1].activate(True)
        return made[-1]

    yield look
    [each.close() for each in made]


def classes(census):
    return [row.cls for row in census.rows]


def test_own_labels_count_while_the_others_answers_are_closed(measured):
    census = measured()
    assert (census.source, classes(census)) == (ClassFrom.OWN, ["RES", "SA", None])
    assert census.said == ("Classes are your own labels. Open the answers on the Consensus page.")


def test_settled_classes_count_once_the_answers_are_open(measured, session):
    census = measured()
    session.answers_open = True
    assert (census.source, classes(census)) == (ClassFrom.SETTLED, ["RES", None, None])
    assert census.said == "Classes are those settled by the experts."


def test_after_a_restart_the_window_counts_what_the_command_line_counts(measured, said):
    said.votes()  # which the expert was shown
    census = measured()
    told = FigureSource(said).rows
    assert census.source is ClassFrom.SETTLED
    assert classes(census) == [row.cls for row in told]


def test_what_others_said_since_is_not_shown_unasked(measured, said, crystals):
    said.votes()
    said.become("MK")
    said.label(crystals[1], Answer("PES"))
    said.become("AY")
    assert measured().source is ClassFrom.OWN


def test_own_labels_count_in_a_blind_round(measured, said, session):
    said.votes()
    said.rounds.open([session.image_id], ["AY", "MK"])
    census = measured()
    assert census.source is ClassFrom.OWN
    assert census.said.endswith("labels. Settled classes are closed while you label blind.")


def test_a_round_that_opens_closes_the_settled_classes(measured, said, session):
    census = measured()
    session.answers_open = True
    census.choose(census.wanted, ClassFrom.OWN, only_shown=False)
    census.choose(census.wanted, ClassFrom.SETTLED, only_shown=False)
    said.rounds.open([session.image_id], ["AY", "MK"])
    assert census.source is ClassFrom.OWN


def test_where_nothing_is_settled_own_labels_count(measured, said, session, crystals):
    said.label(crystals[0], Answer("PES"))
    census = measured()
    session.answers_open = True
    assert census.source is ClassFrom.OWN


def test_what_somebody_chose_stays(measured, session, crystals):
    census = measured()
    session.answers_open = True
    census.choose(census.wanted, ClassFrom.OWN, only_shown=False)
    session.project.label(crystals[2], Answer("AA"))
    assert classes(census) == ["RES", "SA", "AA"]


def test_the_closed_form_says_whose_word_classes_are(measured, session, qtbot):
    section = ChoiceSection()
    qtbot.addWidget(section)
    controller = ChoiceController(section, session, measured())
    own = section.fold.heading.text()
    session.answers_open = True
    assert own.endswith("Which crystals count: all 3, my labels")
    assert section.fold.heading.text().endswith("all 3, settled")
    controller.close()


@pytest.fixture
def table(measured, session, qtbot, tmp_path):
    panel, dialogs = MeasurePanel(), NoDialogs(tmp_path / "sizes.csv")
    qtbot.addWidget(panel)
    background = Background(newest_only=False)
    controller = MeasureController(
        panel, session, measured(), background, dialogs=dialogs, owner=panel
    )
    controller.activate(True)
    yield panel
    controller.close()


def test_the_table_and_its_file_say_whose_word_classes_are(table, qtbot, tmp_path, told):
    qtbot.mouseClick(table.export_button, LEFT)
    qtbot.waitUntil(lambda: bool(told))
    with (tmp_path / "sizes.csv").open() as file:
        assert {row["classes_from"] for row in csv.DictReader(file)} == {"labels of AY"}
    assert "Classes are your own labels." in table.summary.text()


@pytest.fixture
def statistics(measured, session, qtbot, tmp_path):
    page, dialogs = StatisticsPage(LENGTHS), NoDialogs(tmp_path / "s.csv")
    qtbot.addWidget(page)
    controller = StatisticsController(
        page, session, measured(), Background(), dialogs=dialogs, owner=page
    )
    controller.activate(True)
    qtbot.waitUntil(lambda: bool(page.table.rows))
    yield page
    controller.close()


def test_the_statistics_and_their_file_say_whose_word_classes_are(
    statistics, session, qtbot, tmp_path, told
):
    session.answers_open = True
    qtbot.waitUntil(lambda: statistics.note.text().startswith("Classes are those settled by"))
    qtbot.mouseClick(statistics.export_button, LEFT)
    with (tmp_path / "s.csv").open() as file:
        found = {row["classes_from"] for row in csv.DictReader(file)}
    assert found == {"settled by the experts"}
