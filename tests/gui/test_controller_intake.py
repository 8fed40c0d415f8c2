"""Bringing micrographs in: good files, bad files, folders, and files dropped on the viewer."""

import errno
import os

import pytest
from fakes import listeners
from lost_share import lost
from paged_files import write_detectors
from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import QInputDialog, QWidget
from window_material import NoDialogs

from napari_mcn.controllers.intake_controller import IntakeController
from napari_mcn.dialogs import SystemDialogs
from napari_mcn.panels.project_panel import ProjectPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = ProjectPanel()
    qtbot.addWidget(made)
    made.set_project("project", "")
    made.show()
    return made


@pytest.fixture
def dialogs():
    return NoDialogs()


@pytest.fixture
def opened():
    return []


@pytest.fixture
def intake(panel, session, canvas, dialogs, opened, workbench):
    controller = IntakeController(
        panel, session, canvas, dialogs=dialogs, open_project=opened.append, owner=workbench
    )
    yield controller
    controller.close()


def names(session):
    return [each.file_name for each in session.project.state.micrographs.values()]


def test_a_chosen_file_is_added_and_shown(qtbot, intake, panel, dialogs, session, draw, told):
    dialogs.path = draw("other.tif", seed=1)
    qtbot.mouseClick(panel.add_button, LEFT)
    assert (session.micrograph.file_name, told) == (
        "other.tif",
        [("info", "1 micrograph added.")],
    )


def test_a_dropped_folder_stands_for_its_images(intake, panel, session, draw, tmp_path, told):
    folder = tmp_path / "chips"
    folder.mkdir()
    draw("chips/a.tif", seed=1)
    draw("chips/b.tif", seed=2)
    (folder / "notes.txt").write_text("A is the better one.")
    panel.files_dropped.emit([folder])
    assert (names(session), told) == (
        ["chalk.tif", "a.tif", "b.tif"],
        [("info", "2 micrographs added.")],
    )


def test_a_file_that_is_there_already_is_only_shown(intake, session, tmp_path, told):
    intake.add([tmp_path / "chalk.tif"])
    assert (names(session), told) == (
        ["chalk.tif"],
        [("info", "What you chose is in the project already.")],
    )


def test_choosing_no_file_changes_nothing(qtbot, intake, panel, session, told):
    qtbot.mouseClick(panel.add_button, LEFT)
    assert (names(session), told) == (["chalk.tif"], [])


def test_a_file_that_is_not_there_is_refused(intake, session, tmp_path, told):
    intake.add([tmp_path / "gone.tif"])
    assert (names(session), len(told), "gone.tif" in told[0][1]) == (["chalk.tif"], 1, True)


def test_a_text_named_tif_is_refused(intake, session, tmp_path, told):
    (tmp_path / "letter.tif").write_text("Dear colleague,")
    intake.add([tmp_path / "letter.tif"])
    assert (names(session), len(told), "letter.tif" in told[0][1]) == (["chalk.tif"], 1, True)


def test_a_truncated_tiff_is_refused(intake, session, draw, told):
    path = draw("half.tif", seed=1)
    path.write_bytes(path.read_bytes()[:2000])
    intake.add([path])
    assert (names(session), [kind for kind, _ in told]) == (["chalk.tif"], ["warning"])


def test_an_empty_folder_says_that_there_is_nothing(intake, session, tmp_path, told):
    (tmp_path / "empty").mkdir()
    intake.add([tmp_path / "empty"])
    assert told == [("info", "There is no TIFF, PNG, JPEG or BMP file in what you chose.")]


def test_one_bad_file_does_not_keep_the_good_ones_out(intake, session, draw, tmp_path, told):
    (tmp_path / "letter.tif").write_text("Dear colleague,")
    intake.add([tmp_path / "letter.tif", draw("other.tif", seed=1)])
    assert (names(session), [kind for kind, _ in told]) == (
        ["chalk.tif", "other.tif"],
        ["info", "warning"],
    )


def test_a_folder_of_bad_files_is_refused_in_few_sentences(intake, tmp_path, told):
    files = [tmp_path / f"letter_{n}.tif" for n in range(9)]
    [file.write_text("Dear colleague,") for file in files]
    intake.add(files)
    assert (len(told), told[-1][1]) == (4, "6 more files could not be added either.")


def test_a_dropped_project_is_opened(intake, opened, store):
    intake.add([store.folder])
    assert opened == [store.folder]


def test_without_a_project_adding_says_what_to_do(intake, session, draw, told):
    session.close()
    intake.add([draw("other.tif", seed=1)])
    assert told == [("warning", "Start a project with New, or open one, then add micrographs.")]


def test_a_file_dropped_on_the_viewer_joins_the_project(qtbot, intake, canvas, session, draw, told):
    path = draw("other.tif", seed=1)
    canvas.files_dropped.emit([path])
    qtbot.waitUntil(lambda: bool(told))
    assert (session.micrograph.file_name, canvas.taken) == ("other.tif", [path])


def test_files_dropped_together_are_told_of_once(qtbot, intake, canvas, session, draw, told):
    canvas.files_dropped.emit([draw("a.tif", seed=1)])
    canvas.files_dropped.emit([draw("b.tif", seed=2)])
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("info", "2 micrographs added.")]


def test_a_dropped_file_that_is_refused_stays_a_layer(qtbot, intake, canvas, tmp_path, told):
    (tmp_path / "letter.tif").write_text("Dear colleague,")
    canvas.files_dropped.emit([tmp_path / "letter.tif"])
    qtbot.waitUntil(lambda: bool(told))
    assert canvas.taken == []


def test_without_a_project_a_dropped_file_stays_a_layer_and_the_way_is_told(
    qtbot, intake, canvas, session, draw, told
):
    session.close()
    canvas.files_dropped.emit([draw("other.tif", seed=1)])
    qtbot.waitUntil(lambda: bool(told))
    assert (canvas.taken, "belongs to no project" in told[0][1]) == ([], True)


def test_a_read_only_project_takes_nothing_in(intake, session, read_only, draw, told):
    session.open(read_only)
    intake.add([draw("other.tif", seed=1)])
    assert (names(session), [kind for kind, _ in told]) == (["chalk.tif"], ["warning"])


def test_closing_lets_go_of_the_canvas(panel, session, canvas, dialogs, workbench):
    before = listeners(session, canvas)
    IntakeController(
        panel, session, canvas, dialogs=dialogs, open_project=print, owner=workbench
    ).close()
    assert listeners(session, canvas) == before


def test_of_a_file_with_several_pictures_the_chosen_one_is_added(
    intake, dialogs, session, tmp_path
):
    dialogs.place = 1
    intake.add([write_detectors(tmp_path / "scan.tif")])
    assert dialogs.asked == [("scan.tif", ("page 1 (SE), 1024 x 768", "page 2 (BSE), 1024 x 768"))]
    assert (session.micrograph.file_name, session.micrograph.page) == ("scan_page2.tif", 2)


def test_choosing_no_picture_adds_nothing_and_says_so(intake, dialogs, session, tmp_path, told):
    dialogs.place = None
    intake.add([write_detectors(tmp_path / "scan.tif")])
    assert (names(session), told[-1][1]) == (
        ["chalk.tif"],
        "scan.tif was not added: none of its pictures was chosen.",
    )


def test_files_with_the_same_pages_are_asked_of_once(intake, dialogs, session, tmp_path):
    intake.add([write_detectors(tmp_path / name) for name in ("a.tif", "b.tif")])
    assert (len(dialogs.asked), names(session)) == (1, ["chalk.tif", "a_page1.tif"])


def test_the_question_of_the_picture_is_answered_by_keys_alone(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)

    def choose_the_second():
        keys = parent.findChild(QInputDialog)
        qtbot.keyClick(keys.focusWidget() or keys, Qt.Key.Key_Down)
        qtbot.keyClick(keys, Qt.Key.Key_Return)

    QTimer.singleShot(200, choose_the_second)
    assert SystemDialogs(parent).page("scan.tif", ("page 1 (SE)", "page 2 (BSE)")) == 1


def test_files_that_are_dropped_while_the_question_is_open_wait_for_the_answer(
    qtbot, intake, canvas, dialogs, session, draw, tmp_path, told, monkeypatch
):
    seen = []

    def asked(_name, _titles):
        canvas.files_dropped.emit([draw("other.tif", seed=1)])
        intake._take_dropped()
        seen.extend(names(session))
        return 1

    monkeypatch.setattr(dialogs, "page", asked)
    intake.add([write_detectors(tmp_path / "scan.tif")])
    qtbot.waitUntil(lambda: len(told) == 2)
    assert (seen, names(session)) == (["chalk.tif"], ["chalk.tif", "scan_page2.tif", "other.tif"])


def test_what_lies_on_a_share_that_went_away_is_refused_with_the_reason(
    intake, panel, session, draw, tmp_path, told
):
    folder = tmp_path / "share"
    folder.mkdir()
    with lost(folder, errno.ENOTCONN):
        intake.add([folder])
    assert [kind for kind, _ in told] == ["warning"]
    assert os.strerror(errno.ENOTCONN) in told[0][1]
