"""Crystals compared with reference masks: a sentence, a table, boxes on the micrograph."""

import numpy as np
import pytest
import tifffile
from fakes import Later, Now, listeners
from qtpy.QtCore import QObject, Qt
from window_material import NoDialogs, square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage import fold, shared_project
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn import slices
from napari_mcn.background import Background
from napari_mcn.controllers import compare_controller
from napari_mcn.controllers.compare_controller import CompareController
from napari_mcn.panels.compare_section import CompareSection

LEFT = Qt.MouseButton.LeftButton
ELSEWHERE = square(30, 50)


@pytest.fixture
def section(qtbot):
    made = CompareSection()
    qtbot.addWidget(made)
    made.fold.heading.setChecked(True)
    made.show()
    return made


@pytest.fixture
def reference(tmp_path):
    """A label image: the crystal at (4, 4), most of the one at (4, 40), and one elsewhere."""
    labels = np.zeros((60, 80), np.uint16)
    labels[4:24, 4:24], labels[4:20, 40:60], labels[30:50, 50:70] = 1, 2, 3
    path = tmp_path / "reference.tif"
    tifffile.imwrite(path, labels)
    return path


@pytest.fixture
def build(section, session, canvas, reference, busy):
    """Give a function that makes the controller with a way to work."""
    built = []

    def make(background):
        parts = {"dialogs": NoDialogs(reference), "busy": busy, "owner": QObject(section)}
        built.append(CompareController(section, session, canvas, background, **parts))
        built[0].activate(True)
        return built[0]

    yield make
    built[0].close()


@pytest.fixture
def compare(build, crystals):
    return build(Now())


@pytest.fixture
def compared(compare, section, qtbot):
    qtbot.mouseClick(section.label_image_button, LEFT)
    return compare


def test_the_agreement_is_said_in_sentences(compared, section):
    assert section._said.text() == (
        "F1 0.67 at IoU 0.5 against reference.tif. 2 of 3 reference crystals found with a mean "
        "IoU of 0.90; 1 missed (orange), 1 invented (magenta)."
    )


def test_what_is_missed_and_invented_is_boxed(compared, canvas):
    assert canvas.judged == ([ELSEWHERE], [square(30, 4)])


def test_every_outline_has_a_row_with_its_overlap(compared, section):
    said = {(row.values[0], row.values[1]) for row in section.table.rows}
    assert said == {("missed", 0.0), ("invented", 0.0), ("matched", 1.0), ("matched", 0.8)}


def test_a_row_leads_to_its_outline(compared, section, canvas, session):
    section.row_chosen.emit("missed 2")
    assert (canvas.flights, session.crystal_id) == ([ELSEWHERE], None)


def test_a_row_of_an_invented_crystal_selects_it(compared, section, session, crystals):
    section.row_chosen.emit("invented 2")
    assert session.crystal_id == crystals[2]


def test_mending_an_outline_mends_the_comparison(compared, canvas, session, crystals):
    session.project.delete_crystals([crystals[2]])
    session.project.put_mask(session.image_id, ELSEWHERE, MaskSource.MANUAL)
    assert canvas.judged == ([], [])


def test_ending_the_comparison_takes_the_boxes_away(qtbot, compared, section, canvas):
    qtbot.mouseClick(section.end_button, LEFT)
    assert (canvas.judged, section.table.isVisible()) == (([], []), False)


def test_another_micrograph_ends_the_comparison(compared, section, session, draw):
    path = draw("other.tif", seed=1)
    session.show(session.project.add_micrograph(path, describe(path)).image_id)
    assert not section.table.isVisible()


def test_on_other_pages_there_are_no_boxes(compared, canvas):
    compared.activate(False)
    away = canvas.judged
    compared.activate(True)
    assert (away, canvas.judged) == (([], []), ([ELSEWHERE], [square(30, 4)]))


@pytest.fixture
def elsewhere(tmp_path, draw):
    """The folder of another expert's project, with two crystals here, and a label of AY."""
    other = ProjectStore.create(tmp_path / "of RS", "RS", mirror_root=tmp_path / "mirror")
    path = draw()
    image_id = other.add_micrograph(path, describe(path)).image_id
    drawn = other.put_masks(image_id, [square(4, 4), ELSEWHERE], MaskSource.MANUAL)
    other.become("AY")
    other.label(drawn[0].crystal_id, Answer("RES"))
    other.close()
    return other.folder


def test_another_experts_project_is_compared_and_not_changed(compare, section, elsewhere):
    before = sorted(each.stat().st_mtime_ns for each in elsewhere.rglob("*"))
    compare.compare_with_project(elsewhere)
    assert section._said.text().startswith("F1 0.40 at IoU 0.5 against of RS. 1 of 2")
    assert sorted(each.stat().st_mtime_ns for each in elsewhere.rglob("*")) == before


def test_nobodys_labels_are_read_for_a_comparison(compare, section, elsewhere, monkeypatch):
    read = []
    monkeypatch.setattr(fold, "label_from_json", lambda *said, **_: read.append(said))
    compare.compare_with_project(elsewhere)
    assert (section._said.text()[:7], read) == ("F1 0.40", [])


def test_the_garbage_collector_does_not_look_at_the_open_project_again(
    compare, elsewhere, monkeypatch
):
    looked = []
    monkeypatch.setattr(shared_project, "look_at_all_again", lambda: looked.append(True))
    compare.compare_with_project(elsewhere)
    assert looked == []


def test_another_project_is_read_while_the_window_answers(
    qtbot, build, section, crystals, elsewhere
):
    build(Background()).compare_with_project(elsewhere)
    at_once = section.table.isVisible()
    qtbot.waitUntil(section.table.isVisible)
    assert not at_once


@pytest.fixture
def reading(build, crystals, reference):
    """A comparison whose reference masks are still being read, and the thread that reads."""
    later = Later()
    controller = build(later)
    controller.compare_with_labels(reference)
    return controller, later


def test_what_is_read_stands_in_the_progress_row(reading, workbench, section):
    meanwhile = workbench.bar.isVisible()
    reading[1].answer(0)
    assert (meanwhile, workbench.bar.isVisible(), section.table.isVisible()) == (True, False, True)


def test_cancel_leaves_the_reference_alone(reading, busy, section):
    busy.cancel()
    reading[1].answer(0)
    assert not section.table.isVisible()


def test_what_was_read_for_another_micrograph_is_not_compared(reading, section, session, draw):
    path = draw("other.tif", seed=1)
    session.show(session.project.add_micrograph(path, describe(path)).image_id)
    reading[1].answer(0)
    assert not section.table.isVisible()


def test_a_file_asked_for_later_wins(reading, section, elsewhere):
    reading[0].compare_with_project(elsewhere)
    reading[1].answer(1)
    reading[1].answer(0)
    assert "against of RS" in section._said.text()


def test_a_project_without_this_micrograph_is_refused(compare, tmp_path, told):
    ProjectStore.create(tmp_path / "empty", "RS", mirror_root=tmp_path / "mirror").close()
    compare.compare_with_project(tmp_path / "empty")
    assert "has no crystal on chalk.tif" in told[-1][1]


def test_labels_of_another_size_are_refused_and_the_comparison_stays(
    compared, section, tmp_path, told
):
    tifffile.imwrite(tmp_path / "small.tif", np.ones((5, 5), np.uint8))
    compared.compare_with_labels(tmp_path / "small.tif")
    assert "5 x 5 pixels but the micrograph 80 x 60" in told[-1][1]
    assert section.table.isVisible()


def test_without_crystals_there_is_nothing_to_compare(compare, reference, session, crystals, told):
    session.project.delete_crystals(crystals)
    compare.compare_with_labels(reference)
    assert told[-1][1].startswith("There is nothing to compare yet")


def test_changing_ones_mind_compares_nothing(compare, section, qtbot):
    compare._dialogs.path = None
    qtbot.mouseClick(section.project_button, LEFT)
    assert not section.table.isVisible()


def test_closing_lets_go_of_the_session(build, session, canvas):
    before = listeners(session, canvas)
    build(Now()).close()
    assert listeners(session, canvas) == before


def test_many_outlines_are_compared_while_the_window_answers(
    compare, section, qtbot, reference, monkeypatch
):
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(compare_controller, "AT_LEAST", 1)
    compare.compare_with_labels(reference)
    at_once = section._said.text()
    qtbot.waitUntil(lambda: section._said.text().startswith("F1 0.67"))
    assert not at_once.startswith("F1")
