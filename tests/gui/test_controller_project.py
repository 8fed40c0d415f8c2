"""The Project page: opening, making, going from micrograph to micrograph, and the scale."""

from dataclasses import replace

import pytest
from fakes import listeners
from qtpy.QtCore import Qt
from window_material import NoDialogs

from microcrystalnet.domain.micrograph import PixelSize, Scale, ScaleSource
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn.controllers.project_controller import ProjectController
from napari_mcn.panels.project_panel import ProjectPanel
from napari_mcn.preferences import Preferences

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = ProjectPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialogs():
    return NoDialogs()


@pytest.fixture
def preferences(tmp_path):
    made = Preferences(tmp_path / "preferences.json")
    made.expert = "AY"
    return made


@pytest.fixture
def project(panel, session, dialogs, preferences, own_folders, tmp_path):
    controller = ProjectController(
        panel,
        session,
        dialogs=dialogs,
        preferences=preferences,
        copy_sample=lambda: tmp_path / "project",
    )
    yield controller
    controller.close()


@pytest.fixture
def second(store, draw):
    """The id of a second micrograph."""
    path = draw("other.tif", seed=1)
    return store.add_micrograph(path, describe(path)).image_id


def test_the_open_project_is_named(project, panel):
    assert panel._name.text() == "project"


def test_a_new_project_is_opened_at_once(qtbot, project, panel, dialogs, session, tmp_path):
    dialogs.path = tmp_path / "mine"
    qtbot.mouseClick(panel.new_button, LEFT)
    assert (session.project.folder, session.image_id) == (tmp_path / "mine", None)


def test_an_existing_project_is_opened(qtbot, project, panel, dialogs, session, tmp_path):
    ProjectStore.create(tmp_path / "theirs", "MK", mirror_root=tmp_path / "m").close()
    dialogs.path = tmp_path / "theirs"
    qtbot.mouseClick(panel.open_button, LEFT)
    assert session.project.folder == tmp_path / "theirs"


def test_the_sample_is_opened(qtbot, project, panel, session, tmp_path):
    session.close()
    qtbot.mouseClick(panel.sample_button, LEFT)
    assert session.project.folder == tmp_path / "project"


def test_changing_ones_mind_keeps_the_project(qtbot, project, panel, session, store):
    qtbot.mouseClick(panel.open_button, LEFT)
    qtbot.mouseClick(panel.new_button, LEFT)
    assert session.store is store


def test_a_folder_of_something_else_is_refused_and_the_project_stays(
    project, session, store, tmp_path, told
):
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "beach.jpg").write_bytes(b"")
    project.open(tmp_path / "holiday")
    assert (session.store, len(told), told[0][0]) == (store, 1, "warning")


def test_a_project_file_of_another_program_is_refused(project, session, store, tmp_path, told):
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "project.json").write_text('{"name": "my-web-page"}')
    project.open(tmp_path / "web")
    assert (session.store, len(told), told[0][0]) == (store, 1, "warning")


def test_an_empty_folder_is_refused(project, session, store, tmp_path, told):
    (tmp_path / "empty").mkdir()
    project.open(tmp_path / "empty")
    assert (session.store, "is not a project" in told[0][1]) == (store, True)


def test_a_new_project_is_not_made_over_other_files(project, session, store, tmp_path, told):
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "beach.jpg").write_bytes(b"")
    project.create(tmp_path / "holiday")
    assert (session.store, len(told)) == (store, 1)


def test_a_project_that_can_only_be_looked_at_says_so(project, panel, session, read_only):
    session.open(read_only)
    assert panel.health.text() == read_only.read_only_reason


def test_choosing_a_row_shows_its_micrograph(project, panel, session, second):
    panel.micrograph_chosen.emit(second)
    assert session.image_id == second


def test_the_next_micrograph_is_shown(project, session, second):
    project.step(1)
    assert session.image_id == second


def test_after_the_last_micrograph_it_stays_and_says_so(project, session, second, told):
    project.step(1)
    project.step(1)
    assert (session.image_id, told) == (second, [("info", "This is the last of 2 micrographs.")])


def test_without_micrographs_the_next_one_is_asked_for(project, session, told):
    session.close()
    project.step(1)
    assert told == [("info", "Open the sample project to look around, or start your own.")]


def test_the_list_counts_crystals_and_own_labels(project, panel, session, crystals):
    from microcrystalnet.domain.label import Answer

    session.project.label(crystals[0], Answer("RES"))
    assert panel.micrographs.rows[0].values == ("chalk.tif", "1 / 3", "unknown")


def test_the_list_of_another_page_is_brought_up_to_date_on_return(
    project, panel, session, crystals
):
    project.activate(False)
    session.project.delete_crystals(crystals)
    before = panel.micrographs.rows[0].values[1]
    project.activate(True)
    assert (before, panel.micrographs.rows[0].values[1]) == ("0 / 3", "0 / 0")


def test_an_unknown_scale_is_shown_as_such(project, panel):
    assert panel.scale.text() == "Scale unknown"


def test_a_typed_scale_is_used_and_its_source_named(qtbot, project, panel, session):
    panel.pixel_size.setValue(12.5)
    qtbot.mouseClick(panel.set_button, LEFT)
    assert (session.micrograph.pixel_size, session.micrograph.scale_source, panel.scale.text()) == (
        PixelSize.square(12.5),
        ScaleSource.USER,
        "12.5 nm/px  (typed by hand)",
    )


def test_the_field_begins_with_the_scale_in_use(project, panel, session, store):
    store.set_pixel_size(session.image_id, PixelSize.square(7.5), ScaleSource.USER)
    assert panel.pixel_size.value() == 7.5


def test_a_known_scale_is_not_rounded_by_setting_it_again(qtbot, project, panel, session, store):
    store.set_scale(session.image_id, Scale(PixelSize.square(50 / 21), ScaleSource.ZEISS, 1e-4))
    qtbot.mouseClick(panel.set_button, LEFT)
    assert (panel.pixel_size.text(), panel.plus_minus.text()) == ("2.380952 nm/px", "± 0.000238 nm")
    assert session.micrograph.pixel_size.nm == pytest.approx(50 / 21, rel=1e-12)
    assert session.micrograph.scale_uncertainty == pytest.approx(1e-4, rel=1e-9)


def test_a_typed_uncertainty_stands_beside_the_scale(qtbot, project, panel, session):
    panel.set_pixel_size(10, 0.2)
    qtbot.mouseClick(panel.set_button, LEFT)
    assert session.micrograph.scale_uncertainty == pytest.approx(0.02)
    assert panel.scale.text() == "10 nm/px ± 2 %  (typed by hand)"


def test_an_uncertainty_as_large_as_the_pixel_is_refused(qtbot, project, panel, session, told):
    panel.set_pixel_size(10, 10)
    qtbot.mouseClick(panel.set_button, LEFT)
    assert (session.micrograph.calibrated, "less than 100 %" in told[-1][1]) == (False, True)


def test_the_uncertainty_of_one_micrograph_is_not_offered_for_the_next(
    qtbot, project, panel, session, draw
):
    panel.set_pixel_size(10, 0.2)
    qtbot.mouseClick(panel.set_button, LEFT)
    path = draw("other.tif", seed=1)
    session.show(session.project.add_micrograph(path, describe(path)).image_id)
    assert panel.plus_minus.value() == 0


def test_the_pixel_size_of_one_micrograph_is_not_offered_for_the_next(
    qtbot, project, panel, session, second
):
    panel.set_pixel_size(10, 0)
    qtbot.mouseClick(panel.set_button, LEFT)
    session.show(second)
    assert panel.pixel_size.text().strip() == ""


def test_a_pixel_size_can_be_typed_into_the_empty_field(qtbot, project, panel, session):
    qtbot.mouseClick(panel.pixel_size.lineEdit(), LEFT)
    qtbot.keyClicks(panel.pixel_size, "12.5")
    qtbot.mouseClick(panel.set_button, LEFT)
    assert session.micrograph.pixel_size == PixelSize.square(12.5)


def test_an_empty_pixel_size_is_refused(qtbot, project, panel, session, told):
    qtbot.mouseClick(panel.set_button, LEFT)
    assert (session.micrograph.calibrated, told[-1][1]) == (
        False,
        "Type how many nanometres a pixel of this micrograph measures.",
    )


def test_a_scale_in_doubt_says_why_until_somebody_gives_one(qtbot, project, panel, session, draw):
    path = draw("resized.tif", seed=2)
    told = replace(
        describe(path),
        pixel_size=PixelSize.square(10),
        scale_source=ScaleSource.PHENOM,
        scale_note="It may have been resized.",
    )
    session.show(session.project.add_micrograph(path, told).image_id)
    before = panel.scale.text()
    qtbot.mouseClick(panel.set_button, LEFT)
    assert before == "10 nm/px  (Phenom tag). It may have been resized."
    assert panel.scale.text() == "10 nm/px  (typed by hand)"


def test_oblong_pixels_stay_so_when_a_size_is_typed(qtbot, project, panel, session, store):
    store.set_pixel_size(session.image_id, PixelSize(0.04, 0.01), ScaleSource.TESCAN)
    panel.pixel_size.setValue(10)
    qtbot.mouseClick(panel.set_button, LEFT)
    assert session.micrograph.pixel_size == PixelSize(0.02, 0.005)


def test_closing_lets_go_of_the_session(panel, session, canvas, dialogs, preferences):
    before = listeners(session, canvas)
    ProjectController(
        panel, session, dialogs=dialogs, preferences=preferences, copy_sample=lambda: None
    ).close()
    assert listeners(session, canvas) == before
