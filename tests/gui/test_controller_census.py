"""Choice, statistics, figures and samples of the Measure page, on three squares of 20 pixels."""

import csv

import pytest
from fakes import listeners
from qtpy.QtCore import Qt
from window_material import NoDialogs, square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer, Flag
from microcrystalnet.domain.sample import Sample, Texture
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.report.figure_registry import MEASURED, FigureSource
from microcrystalnet.statistics.collect import ClassFrom
from microcrystalnet.statistics.population import LENGTHS, classes_of, population
from microcrystalnet.statistics.summary import summarise
from microcrystalnet.statistics.tables import WORDS, three_digits
from napari_mcn.background import Background
from napari_mcn.census import Census
from napari_mcn.controllers.choice_controller import ChoiceController
from napari_mcn.controllers.measured_figures_controller import MeasuredFiguresController
from napari_mcn.controllers.samples_controller import SamplesController
from napari_mcn.controllers.statistics_controller import StatisticsController
from napari_mcn.panels.choice_section import ChoiceSection
from napari_mcn.panels.figures_page import FiguresPage
from napari_mcn.panels.row_table import TableRow
from napari_mcn.panels.samples_page import SamplesPage
from napari_mcn.panels.statistics_page import StatisticsPage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def census(session, canvas, crystals):
    """Three squares of 20 pixels, measured; the first is RES, the second SA."""
    session.project.label(crystals[0], Answer("RES"))
    session.project.label(crystals[1], Answer("SA", frozenset({Flag.OCCLUDED})))
    made = Census(session)
    made.activate(True)
    yield made
    made.close()


def shown(page, qtbot):
    qtbot.addWidget(page)
    page.show()
    return page


@pytest.fixture
def choice(census, session, qtbot):
    section = shown(ChoiceSection(), qtbot)
    controller = ChoiceController(section, session, census)
    section.fold.heading.click()
    yield section
    controller.close()


def ids(census):
    return [row.crystal_id for row in census.counted]


def pick(field, key):
    field.setCurrentIndex(field.findData(key))
    field.activated.emit(field.currentIndex())


def test_everything_counts_at_first(choice, census, crystals):
    assert ids(census) == crystals
    assert choice.fold.heading.text().endswith("Which crystals count: all 3, my labels")


def test_a_class_is_chosen(choice, census, crystals):
    pick(choice.class_field, "SA")
    assert ids(census) == [crystals[1]]
    assert choice.fold.heading.text().endswith("1 of 3, my labels")


def test_an_occluded_crystal_is_left_out_by_a_tick(choice, census, crystals):
    choice.occluded.click()
    assert ids(census) == [crystals[0], crystals[2]]


def test_sizes_that_contradict_each_other_are_told(choice):
    choice.smallest.setValue(30)
    choice.largest.setValue(10)
    assert "at least 30 and at most 10" in choice.fold.heading.text()


def test_a_sample_can_be_chosen_once_it_is_named(choice, census, session):
    session.project.set_samples({session.image_id: Sample("K-12")})
    pick(choice.place_field, "sample K-12")
    assert len(ids(census)) == 3


def test_closed_answers_are_no_source_of_classes(choice):
    at = choice.source_field.findData(ClassFrom.SETTLED)
    assert not choice.source_field.model().item(at).isEnabled()
    assert choice.source_field.itemText(at).endswith("open the answers on the Consensus page")


def test_open_answers_are_one(choice, session):
    session.answers_open = True
    at = choice.source_field.findText("settled by the experts")
    assert choice.source_field.model().item(at).isEnabled()


def test_a_changed_label_is_counted_at_once(choice, census, session, crystals):
    pick(choice.class_field, "RES")
    session.project.label(crystals[2], Answer("RES"))
    assert ids(census) == [crystals[0], crystals[2]]


def test_closing_lets_go_of_the_session(session, canvas, crystals):
    before = listeners(session, canvas)
    Census(session).close()
    assert listeners(session, canvas) == before


@pytest.fixture
def statistics(census, session, qtbot, tmp_path):
    page = shown(StatisticsPage(LENGTHS), qtbot)
    dialogs = NoDialogs(tmp_path / "s.csv")
    controller = StatisticsController(
        page, session, census, Background(), dialogs=dialogs, owner=page
    )
    controller.activate(True)
    qtbot.waitUntil(lambda: bool(page.table.rows))
    yield page
    controller.close()


def line(page, name):
    return next(row.values for row in page.table.rows if row.values[0] == name)


def test_statistics_have_a_column_for_each_class_and_one_for_all(statistics):
    assert line(statistics, "crystals") == ("crystals", 1, 1, 3)
    assert line(statistics, "number %") == ("number %", 50, 50, 100)


@pytest.mark.parametrize("name", WORDS)
def test_the_page_shows_the_numbers_of_the_command_line(statistics, session, name):
    store = session.project
    rows = FigureSource(store, classes=ClassFrom.OWN).rows
    found = summarise(population(rows), classes_of(rows, store.state.scheme.codes)).classes
    told = [each.figures[name].value for each in found]
    expected = [None if value is None else float(three_digits(value)) for value in told]
    assert list(line(statistics, WORDS[name])[1:]) == expected


def test_another_length_gives_other_numbers(statistics, qtbot):
    pick(statistics.length, "feret_min")
    qtbot.waitUntil(lambda: line(statistics, "mean")[1] == pytest.approx(20, abs=0.5))


def test_what_the_edge_cuts_counts_for_shares_but_not_for_sizes(statistics, session, qtbot):
    [cut] = session.project.put_masks(session.image_id, [square(0, 60, 9)], MaskSource.AUTO)
    session.project.label(cut.crystal_id, Answer("RES"))
    qtbot.waitUntil(lambda: line(statistics, "crystals")[1] == 2)
    assert (line(statistics, "whole")[1], line(statistics, "number %")[1]) == (1, 66.7)
    assert line(statistics, "mean")[1] == pytest.approx(22.6, abs=0.1)


def test_without_ten_micrographs_the_page_says_why_there_is_no_interval(statistics):
    assert "Intervals need 10 micrographs" in statistics.note.text()


def test_intervals_leave_the_names_of_the_rows_their_room(statistics):
    statistics.resize(340, 500)  # what a dock of 380 pixels leaves
    words = (WORDS["geometric_mean"], *["0.604\n0.767"] * 5)
    statistics.set_table(["", "RES", "PES", "AA", "SA", "all"], [TableRow("g", words)], "")
    table, letters = statistics.table, statistics.table.fontMetrics()
    assert table.columnWidth(0) >= letters.horizontalAdvance(words[0])
    assert table.rowHeight(0) >= 2 * letters.height()
    assert table.horizontalHeader().length() <= 340


def test_statistics_are_written_out(statistics, qtbot, tmp_path, told):
    qtbot.mouseClick(statistics.export_button, LEFT)
    with (tmp_path / "s.csv").open() as file:
        assert [row["class"] for row in csv.DictReader(file)] == ["RES", "SA", "all"]


@pytest.fixture
def figures(census, session, qtbot, tmp_path):
    page = shown(FiguresPage({name: kind.title for name, kind in MEASURED.items()}), qtbot)
    page.resize(360, 500)
    controller = MeasuredFiguresController(
        page,
        session,
        census,
        Background(),
        saving=Background(newest_only=False),
        dialogs=NoDialogs(tmp_path / "Figure 3.1"),
        owner=page,
    )
    controller.activate(True)
    yield page
    controller.close()


def test_a_figure_is_drawn_beside_the_window(figures, qtbot):
    qtbot.waitUntil(lambda: not figures.preview.picture.isNull(), timeout=30_000)
    assert figures.save_button.isEnabled()


def test_a_dot_leads_to_its_crystal(figures, session, crystals, qtbot):
    pick(figures.chooser, "scatter")
    spot = figures.dots.place(figures.dots.dots[0]).toPoint()
    qtbot.mouseClick(figures.dots, LEFT, pos=spot)
    assert session.crystal_id in crystals


def test_a_figure_is_saved_as_four_files(figures, qtbot, tmp_path, told):
    qtbot.waitUntil(figures.save_button.isEnabled, timeout=30_000)
    qtbot.mouseClick(figures.save_button, LEFT)
    qtbot.waitUntil(lambda: bool(told), timeout=30_000)
    written = {path.name.removeprefix("Figure 3.1") for path in tmp_path.glob("Figure*")}
    assert written == {".svg", ".pdf", ".png", ".csv"}


def test_where_a_figure_has_nothing_to_show_it_says_so(figures, session, crystals, qtbot):
    session.project.clear_labels(crystals)
    pick(figures.chooser, "cumulative")
    qtbot.waitUntil(lambda: "label crystals, choose" in figures.next_step.text(), timeout=30_000)
    assert not figures.save_button.isEnabled()
    assert figures.all_button.isEnabled()  # the others can be drawn


@pytest.fixture
def samples(session, crystals, qtbot, tmp_path):
    page = shown(SamplesPage(), qtbot)
    controller = SamplesController(page, session, NoDialogs(tmp_path / "samples.csv"))
    yield page
    controller.close()


def test_a_table_is_joined_by_a_button(samples, session, qtbot, tmp_path):
    (tmp_path / "samples.csv").write_text("file,sample,depth\nchalk.tif,K-12,20\nx.tif,L,1\n")
    qtbot.mouseClick(samples.join_button, LEFT)
    assert session.micrograph.sample == Sample("K-12", 20.0)
    assert samples.table.rows[0].values[:3] == ("chalk.tif", "K-12", "20")
    assert "1 micrograph has a sample in this table, 1 changed." in samples.note.text()
    assert "Not in the project: x.tif." in samples.note.text()


def test_a_table_that_makes_no_sense_is_told(samples, session, qtbot, tmp_path, told):
    (tmp_path / "samples.csv").write_text("a,b\n1,2\n")
    qtbot.mouseClick(samples.join_button, LEFT)
    assert "no column for the micrograph's file" in told[0][1]


def test_the_texture_of_the_field_of_view_is_named_and_undone(samples, session):
    pick(samples.texture, "fitted")
    assert session.micrograph.texture is Texture.FITTED
    session.project.undo()
    assert samples.texture.currentText() == "not named"


def test_new_crystals_are_measured_in_slices_while_the_window_answers(census, session, qtbot):
    masks = [square(2 + row, 2 + col, 3) for row in range(0, 50, 5) for col in range(0, 70, 5)]
    session.project.put_masks(session.image_id, masks, MaskSource.AUTO)
    qtbot.waitUntil(lambda: not census.busy)
    assert len(census.rows) == 3 + len(masks)


def test_a_very_large_project_counts_the_micrograph_in_view_until_all_are_asked_for(
    census, choice, session, draw, monkeypatch
):
    monkeypatch.setattr("napari_mcn.census.LARGE", 3)
    path = draw("second.tif", 1)
    first, other = session.image_id, session.project.add_micrograph(path, describe(path))
    session.project.put_masks(other.image_id, [square(5, 5)], MaskSource.AUTO)
    assert {row.micrograph.image_id for row in census.rows} == {first}
    pick(choice.place_field, "all")
    assert len(census.rows) == 4
