"""Outlines of other programs become crystals of the shown micrograph."""

import json
import shutil

import numpy as np
import pytest
import tifffile
from qtpy.QtCore import Qt
from window_material import NoDialogs, square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.interchange import geojson, imagej
from microcrystalnet.interchange.outline import Outline
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn.background import Background
from napari_mcn.controllers.outlines_controller import OutlinesController
from napari_mcn.panels.outlines_section import OutlinesSection

LEFT = Qt.MouseButton.LeftButton
MASK, FAR = square(30, 10), square(500, 500)


@pytest.fixture
def panel(qtbot):
    made = OutlinesSection()
    qtbot.addWidget(made)
    made.fold.heading.setChecked(True)
    made.show()
    return made


@pytest.fixture
def choose(panel, session, workbench, qtbot):
    """Click the button and choose a file."""
    made = []

    def choose_file(path):
        controller = OutlinesController(
            panel, session, Background(), dialogs=NoDialogs(path), owner=workbench
        )
        made.append(controller)
        qtbot.mouseClick(panel.import_button, LEFT)
        qtbot.waitUntil(panel.import_button.isEnabled, timeout=20_000)

    yield choose_file
    for each in made:
        each.close()


def label_image(path):
    labels = np.zeros((60, 80), np.uint8)
    labels[MASK.slices] = 1
    tifffile.imwrite(path, labels)


def feature_file(path):
    features = [
        geojson.feature(Outline(each, "1"), str(each.row), colour="#000000", measurements={})
        for each in (MASK, FAR)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def region_file(path):
    path.write_bytes(imagej.write([(Outline(MASK, "1"), "#000000")]))


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.tif", label_image), ("a.geojson", feature_file), ("a.zip", region_file)],
)
def test_the_outlines_of_a_file_become_crystals(choose, session, tmp_path, name, write):
    write(tmp_path / name)
    before = set(session.crystals)
    choose(tmp_path / name)
    (added,) = [each for key, each in session.crystals.items() if key not in before]
    assert (added.mask, added.source) == (MASK, MaskSource.IMPORT)


def test_what_lies_outside_is_left_out_and_told(choose, tmp_path, told):
    feature_file(tmp_path / "a.geojson")
    choose(tmp_path / "a.geojson")
    assert told[-1] == ("info", "1 outline imported; 1 outside the analysed region left out.")


def test_a_file_brought_in_twice_brings_nothing_new(choose, session, tmp_path, told):
    label_image(tmp_path / "a.tif")
    choose(tmp_path / "a.tif")
    before = set(session.crystals)
    choose(tmp_path / "a.tif")
    assert set(session.crystals) == before
    assert told[-1] == ("info", "0 outlines imported; 1 there already.")


def test_one_undo_takes_them_back(choose, session, tmp_path):
    before = set(session.crystals)
    label_image(tmp_path / "a.tif")
    choose(tmp_path / "a.tif")
    session.project.undo()
    assert set(session.crystals) == before


@pytest.mark.parametrize("name", ["gone.tif", "notes.doc", "broken.json", "broken.zip"])
def test_a_file_that_is_none_changes_nothing_and_says_why(choose, session, tmp_path, told, name):
    (tmp_path / name).write_bytes(b"nothing of use")
    before = set(session.crystals)
    choose(tmp_path / name)
    assert told[-1][0] == "warning"
    assert set(session.crystals) == before


def test_the_file_of_another_micrograph_is_refused(choose, session, tmp_path, told):
    (tmp_path / "a.zip").write_bytes(imagej.write([(Outline(FAR, "1"), "#000000")]))
    choose(tmp_path / "a.zip")
    assert "lie outside" in told[-1][1]


def test_changing_ones_mind_changes_nothing(choose, session):
    before = set(session.crystals)
    choose(None)
    assert set(session.crystals) == before


class Later:
    """Keeps the work until it is to be done."""

    def run(self, work, listener):
        self.answer = lambda: listener.done(work())

    def close(self):
        pass


@pytest.fixture
def later(panel, session, workbench, qtbot, tmp_path):
    """A file that was chosen and is still being read."""
    label_image(tmp_path / "a.tif")
    reading = Later()
    controller = OutlinesController(
        panel, session, reading, dialogs=NoDialogs(tmp_path / "a.tif"), owner=workbench
    )
    qtbot.mouseClick(panel.import_button, LEFT)
    yield reading
    controller.close()


def test_outlines_go_where_they_belong_when_another_micrograph_is_shown(
    later, session, store, told
):
    there = session.image_id
    session.show(None)
    later.answer()
    assert [each.mask for each in store.state.crystals(there).values()] == [MASK]
    assert told == [("info", "1 outline imported on chalk.tif.")]


def test_outlines_do_not_come_into_another_project_with_the_same_micrograph(
    later, session, store, tmp_path
):
    store.flush()
    shutil.copytree(store.folder, tmp_path / "copy")
    session.open(ProjectStore.open(tmp_path / "copy", "AY", mirror_root=tmp_path / "other"))
    later.answer()
    assert session.crystals == {}
