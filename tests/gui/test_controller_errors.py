"""The table of errors where the experts agreed and disagreed, and the figures for a paper."""

import pytest
from fakes import FakeClient, listeners
from maps_desk import page  # noqa: F401
from window_material import NoDialogs, add_model

from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import ModelError
from napari_mcn import slices
from napari_mcn.controllers.errors_controller import CLICK, READING, ErrorsController
from napari_mcn.controllers.figures_controller import FiguresController
from napari_mcn.panels.errors_page import ErrorsPage


@pytest.fixture
def opened():
    """What was to be shown in the gallery."""
    return []


@pytest.fixture
def errors(qtbot, session, named, opened):
    page = ErrorsPage()
    qtbot.addWidget(page)
    page.show()
    made = ErrorsController(page, session, lambda title, ids: opened.append(tuple(ids)))
    made.activate(True)
    yield made
    made.close()


def test_the_table_counts_errors_where_experts_agreed(errors):
    texts = [errors._page.table.item(0, at).text().replace("\xa0", " ") for at in range(3)]
    assert texts == ["all", "1 of 3 (33 %)", "no crystal"]


def test_a_number_stands_on_one_line_and_an_empty_column_is_hidden(errors):
    errors._page.resize(380, 500)
    counts = [("all", "12 of 34 (35 %)", "10 of 12 (83 %)", ""), ("AA", "0 of 1", "0 of 1", "")]
    errors._page.set_rows("", counts, "")
    table = errors._page.table
    assert (table.rowHeight(0), table.isColumnHidden(3)) == (table.rowHeight(1), True)


def test_a_number_with_its_interval_breaks_before_the_bracket(errors):
    rows = [
        ("all", "12 of 34 (35 %, 20 to 50)", "10 of 12 (83 %, 60 to 95)", "+48 points, 20 to 61")
    ]
    errors._page.set_rows("", rows, "")
    parts = errors._page.table.item(0, 1).text().split(" ")
    assert [each.replace("\xa0", " ") for each in parts] == ["12 of 34", "(35 %,", "20 to 50)"]


def test_a_difference_is_shown_where_there_is_one(errors):
    rows = [("all", "12 of 34 (35 %)", "10 of 12 (83 %)", "+48 points (20 to 61)")]
    errors._page.set_rows("", rows, "")
    assert not errors._page.table.isColumnHidden(3)


def test_a_large_project_is_read_while_the_window_answers(errors, session, monkeypatch, qtbot):
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(slices, "AT_LEAST", 1)
    errors.activate(True)
    at_once = errors._page.next_step.text()
    qtbot.waitUntil(lambda: errors._page.table.isVisible())
    assert (at_once, errors._page.next_step.text()) == (READING, CLICK)


def test_a_number_leads_to_its_crystals(errors, opened, named):
    errors._page.table.cellClicked.emit(0, 1)
    assert opened == [(named[2],)]


def test_the_gallery_says_as_what_errors_were_judged(errors, session, named, qtbot):
    titles = []
    errors._open_gallery = lambda title, _ids: titles.append(title)
    errors._page.table.cellClicked.emit(0, 1)
    errors._page.table.cellClicked.emit(2, 1)
    assert titles == [
        "Errors where the experts agreed",
        "Errors where the experts agreed, settled as AA when judged",
    ]


def test_the_page_says_how_many_labels_have_changed_since(errors, store, named):
    before = errors._page._remark.text()
    store.label(named[2], Answer("PES"))
    errors.activate(True)
    assert "changed" not in before
    assert errors._page._remark.text().endswith(
        "1 of these 3 labels has changed since the model was judged; the figures are those of "
        "then, until you train again."
    )


def test_no_error_behind_a_number_is_said_so(errors, told):
    errors._page.table.cellClicked.emit(0, 2)
    assert told == [("warning", "The network names none of these crystals wrongly.")]


def test_a_model_that_was_never_judged_has_no_table(errors, session, store):
    session.model_id = add_model(store)
    assert (errors._page.table.isVisible(), errors._page.next_step.text()) == (
        False,
        "This model was not judged on crystals of this project, so its errors are not known.",
    )


def test_closing_the_errors_lets_go_of_the_session(qtbot, session, canvas):
    before, page = listeners(session, canvas), ErrorsPage()
    qtbot.addWidget(page)
    ErrorsController(page, session, lambda *_: None).close()
    assert listeners(session, canvas) == before


@pytest.fixture
def figures(page, session, named, busy, qtbot, tmp_path):
    made = FiguresController(
        page, session, FakeClient(), dialogs=NoDialogs(tmp_path / "figures"), busy=busy, owner=page
    )
    yield made
    made.close()


def test_figures_are_asked_of_a_child(figures, page, named, tmp_path):
    page.figures_button.click()
    asked = figures._engine.last
    assert (asked.method, asked.arguments["out"]) == ("figures", tmp_path / "figures")
    assert [each.wrong for each in asked.arguments["material"].settled] == [False, False, True]
    assert not page.figures_button.isEnabled()


def test_a_large_project_is_read_for_them_while_the_window_answers(
    figures, page, qtbot, monkeypatch
):
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(slices, "AT_LEAST", 1)
    page.figures_button.click()
    at_once = len(figures._engine.asked)
    qtbot.waitUntil(lambda: len(figures._engine.asked) == 1)
    assert at_once == 0


def test_they_can_be_cancelled(figures, page, workbench):
    page.figures_button.click()
    workbench.cancel_button.click()
    assert (figures._engine.cancelled, page.figures_button.isEnabled()) == ([1], True)


def test_a_refusal_is_told(figures, page, told, qtbot):
    page.figures_button.click()
    figures._engine.last.listener.failed(ModelError("No."))
    qtbot.waitUntil(page.figures_button.isEnabled)
    assert told == [("warning", "No.")]


def test_closing_the_figures_lets_go_of_the_session(page, session, canvas, busy):
    before = listeners(session, canvas)
    FiguresController(
        page, session, FakeClient(), dialogs=NoDialogs(), busy=busy, owner=page
    ).close()
    assert listeners(session, canvas) == before
