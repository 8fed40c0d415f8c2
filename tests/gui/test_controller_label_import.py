"""Importing labels by the page: what is shown first, what can be changed, what is refused."""

import pytest
from fakes import FakeClient, listeners
from label_files import HEADER, written
from qtpy.QtCore import Qt
from window_material import NoDialogs

from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets import bring_in
from microcrystalnet.spreadsheets.export_source import write_back
from microcrystalnet.spreadsheets.table import read_table
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn.controllers.label_import_controller import LabelImportController
from napari_mcn.panels.label_import_panel import LabelImportPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = LabelImportPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def client(tmp_path):
    return WorkingClient(tmp_path / "mirror")


class WorkingClient(FakeClient):
    """Does what a child process would do, when a test says so."""

    def __init__(self, mirror):
        super().__init__()
        self._mirror = mirror

    def work(self):
        """Answer the latest request."""
        if self.last.method == "columns":
            self.last.listener.done(read_table(self.last.arguments["path"]).columns)
            return
        does = {
            "preview": bring_in.preview_import,
            "import_labels": bring_in.import_labels,
            "take_back": bring_in.take_back,
            "write_back": write_back,
        }
        try:
            answer = does[self.last.method](**self.last.arguments, mirror_root=self._mirror)
        except LabelTableError as refusal:
            self.last.listener.failed(refusal)
        else:
            self.last.listener.done(answer)


@pytest.fixture
def page(panel, session, client, busy, workbench, tmp_path, crystals, store):
    store.flush()
    controller = LabelImportController(
        panel,
        session,
        client,
        dialogs=NoDialogs(tmp_path / "table.csv"),
        busy=busy,
        owner=workbench,
    )
    yield controller
    controller.close()


@pytest.fixture
def choose(qtbot, page, panel, client, tmp_path):
    """Give a function that writes a table and chooses it."""

    def write(*lines):
        written(tmp_path / "table.csv", *lines)
        qtbot.mouseClick(panel.table_button, LEFT)
        client.work()

    return write


LONG = "image,crystal,expert,label"


def test_a_table_is_shown_before_anything_is_imported(choose, panel, client):
    choose(LONG, "chalk,1,MK,RES", "chalk,9,MK,PES")
    (shown,) = panel.micrographs.rows
    assert (shown.values, shown.hints[0]) == (
        ("chalk", 2, 1, "number"),
        "Without a crystal: 9",
    )
    assert [each.method for each in client.asked] == ["preview"]


def test_the_button_imports_what_is_shown(qtbot, choose, panel, client, store, crystals, told):
    choose(LONG, "chalk,1,MK,RES")
    qtbot.mouseClick(panel.import_button, LEFT)
    client.work()
    assert store.votes(reveal=False)[crystals[0]]["MK"].answer.cls == "RES"
    sentence = "1 label was imported. “Take back” on this page removes them again; Ctrl+Z does not."
    assert told == [("info", sentence)]


def test_own_labels_are_on_the_micrograph_at_once(qtbot, choose, panel, client, canvas, crystals):
    choose(LONG, "chalk,1,AY,RES")
    qtbot.mouseClick(panel.import_button, LEFT)
    client.work()
    assert canvas.sheet.class_map.classes == {crystals[0]: "RES"}


def test_an_import_is_taken_back(qtbot, choose, panel, client, canvas, told):
    choose(LONG, "chalk,1,AY,RES")
    qtbot.mouseClick(panel.import_button, LEFT)
    client.work()
    choose(LONG, "chalk,1,AY,RES")
    qtbot.mouseClick(panel.take_back_button, LEFT)
    client.work()
    assert told[-1] == ("info", "1 label was taken back.")
    assert canvas.sheet.class_map.classes == {}


def test_the_last_import_is_taken_back_without_choosing_it_again(
    qtbot, choose, panel, client, canvas
):
    choose(LONG, "chalk,1,AY,RES")
    qtbot.mouseClick(panel.import_button, LEFT)
    client.work()
    qtbot.mouseClick(panel.take_back_button, LEFT)
    client.work()
    assert (canvas.sheet.class_map.classes, panel.take_back_button.isVisible()) == ({}, False)


def test_an_unknown_word_must_be_mapped_first(qtbot, choose, panel, client, store, crystals):
    choose(LONG, "chalk,1,MK,cubic")
    assert not panel.import_button.isEnabled()
    chooser = panel.words.choosers["cubic"]
    chooser.setCurrentIndex(chooser.findData("PES"))
    chooser.activated.emit(chooser.currentIndex())
    qtbot.mouseClick(panel.import_button, LEFT)
    client.work()
    assert store.votes(reveal=False)[crystals[0]]["MK"].answer.cls == "PES"


def test_another_column_is_read_again(choose, panel, client):
    choose(f"{LONG},second", "chalk,1,MK,RES,AA")
    chooser = panel.columns.choosers["label"]
    chooser.setCurrentIndex(chooser.findData("second"))
    chooser.activated.emit(chooser.currentIndex())
    client.work()
    assert list(panel.words.choosers) == ["AA"]


def test_columns_that_are_not_understood_can_be_named_by_hand(choose, panel, client, told):
    choose("image,Korn,expert,label", "chalk,1,MK,RES")
    client.work()
    chooser = panel.columns.choosers["crystal"]
    chooser.setCurrentIndex(chooser.findData("Korn"))
    chooser.activated.emit(chooser.currentIndex())
    client.work()
    assert "has no column that names the crystals" in told[0][1]
    assert panel.import_button.text() == "Import 1 label of MK"


def test_whether_the_answers_were_blind_can_be_said(qtbot, choose, panel, client, store, crystals):
    choose(LONG, "chalk,1,MK,RES")
    qtbot.mouseClick(panel.blind, LEFT)
    qtbot.mouseClick(panel.import_button, LEFT)
    client.work()
    assert store.votes(reveal=False)[crystals[0]]["MK"].blind


def test_a_table_of_nobody_asks_for_the_name(choose, panel, client, qtbot, told):
    choose("image,crystal,label", "chalk,1,RES")
    client.work()
    assert "does not say whose labels it holds" in told[0][1]
    assert panel.expert.isVisible()
    panel.expert.setText("MK")
    panel.expert.editingFinished.emit()
    client.work()
    assert panel.import_button.text() == "Import 1 label of MK"


def test_a_file_of_the_source_team_needs_no_columns(choose, panel):
    choose(HEADER, "1,1,rhombic,,,,,,")
    assert not panel.columns.isVisible()


def test_a_table_that_cannot_be_read_is_refused_in_a_sentence(choose, panel, told):
    choose("just one column", "x")
    assert told == [
        (
            "warning",
            "table.csv has one column only, “just one column”; a table of labels names a crystal "
            "and its class in separate columns.",
        )
    ]
    assert not panel.import_button.isEnabled()


def test_cancel_ends_the_reading(qtbot, page, panel, client, workbench, tmp_path):
    written(tmp_path / "table.csv", LONG, "chalk,1,MK,RES")
    qtbot.mouseClick(panel.table_button, LEFT)
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    assert client.cancelled == [1]


def test_an_answer_that_comes_after_the_cancel_is_not_shown(
    qtbot, page, panel, client, workbench, tmp_path
):
    written(tmp_path / "table.csv", LONG, "chalk,1,MK,RES")
    qtbot.mouseClick(panel.table_button, LEFT)
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    client.work()
    assert not panel.micrographs.rows


def test_a_project_for_looking_only_takes_no_labels(page, panel, session, read_only):
    session.open(read_only)
    assert not panel.table_button.isEnabled()


def test_nothing_listens_after_closing(panel, session, client, busy, workbench, canvas):
    before = listeners(session, canvas)
    controller = LabelImportController(
        panel, session, client, dialogs=NoDialogs(), busy=busy, owner=workbench
    )
    controller.close()
    assert listeners(session, canvas) == before


def test_the_source_teams_files_are_written_again(
    qtbot, choose, page, panel, client, tmp_path, told
):
    choose(HEADER, "1,1,rhombic,,,,,,")
    page._dialogs.path = written(tmp_path / "chalk_Issac.csv", HEADER, "1,1,rhombic,q,,,,,")
    qtbot.mouseClick(panel.table_button, LEFT)
    client.work()
    qtbot.mouseClick(panel.import_button, LEFT)
    client.work()
    page._dialogs.path = tmp_path / "out"
    qtbot.mouseClick(panel.write_back_button, LEFT)
    client.work()
    assert told[-1] == ("info", "1 file was written into out.")
    (again,) = (tmp_path / "out").rglob("*.csv")
    assert again.read_bytes() == (tmp_path / "chalk_Issac.csv").read_bytes()


def test_writing_back_without_an_import_is_refused(qtbot, page, panel, client, told):
    qtbot.mouseClick(panel.write_back_button, LEFT)
    client.work()
    assert told[0][1].startswith("No label file of the source team was imported")


def test_an_import_that_ends_when_its_project_is_closed_is_not_told_in_the_next(
    qtbot, choose, panel, client, session, told, tmp_path
):
    choose(LONG, "chalk,1,MK,RES")
    qtbot.mouseClick(panel.import_button, LEFT)
    session.open(ProjectStore.create(tmp_path / "next", "AY", mirror_root=tmp_path / "m"))
    before = list(told)
    client.work()
    assert told == before


def test_what_went_wrong_in_a_project_that_was_closed_is_not_told_in_the_next(
    qtbot, choose, panel, client, session, told
):
    choose(LONG, "chalk,1,MK,RES")
    qtbot.mouseClick(panel.import_button, LEFT)
    session.close()
    before = list(told)
    client.last.listener.failed(LabelTableError("The table is gone."))
    assert told == before


def test_labels_that_were_imported_before_the_cancel_are_told(
    qtbot, choose, panel, client, workbench, told
):
    choose(LONG, "chalk,1,MK,RES")
    qtbot.mouseClick(panel.import_button, LEFT)
    client.late = True
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    client.work()
    assert [text.split(".")[0] for _, text in told] == ["1 label was imported"]


def test_a_cancelled_import_says_what_stays_and_shows_it(
    qtbot, choose, panel, client, workbench, told, canvas, crystals
):
    choose(LONG, "chalk,1,AY,RES")
    qtbot.mouseClick(panel.import_button, LEFT)
    bring_in.import_labels(**client.last.arguments, mirror_root=client._mirror)
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    ((_, sentence),) = told
    assert sentence.startswith("Importing was cancelled; what was imported by then stays.")
    assert canvas.sheet.class_map.classes == {crystals[0]: "RES"}
