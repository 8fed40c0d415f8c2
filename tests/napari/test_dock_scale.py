"""Calibrating in the real window: dragging along the burnt-in scale bar, drawing the region."""

import numpy as np
import pytest
import tifffile
from qtpy.QtWidgets import QApplication
from user import at_work
from window_material import square

from microcrystalnet.domain.micrograph import PixelSize, Region, Scale, ScaleSource
from microcrystalnet.micrographs.reader import examine
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.synth.databar import Conditions, ScaleBar, databar

BAR = ScaleBar.fit(400, 20)
ROWS = 300
END = 400 - round(40 * 0.4)
ROW = ROWS + round(40 * 0.72)


@pytest.fixture(scope="module")
def desk(window, tmp_path_factory):
    """One workbench on a micrograph with a databar and no scale."""
    home = tmp_path_factory.mktemp("scale")
    grain = np.random.default_rng(2).normal(110, 25, (ROWS, 400)).clip(0, 255).astype(np.uint8)
    path = home / "scene.tif"
    tifffile.imwrite(path, np.vstack([grain, databar(400, 40, BAR, Conditions())]))
    store = ProjectStore.create(home / "project", "AY", mirror_root=home / "mirror")
    store.add_micrograph(path, examine(path))
    store.close()
    with at_work(window, home) as open_one:
        yield open_one(home / "project")


@pytest.fixture
def user(desk):
    desk.go_to("Project")
    desk.dock.projects.panel.buttons["Scale"].click()
    return desk


def test_a_drag_along_the_bar_and_its_length_give_the_scale(user):
    page = user.dock.projects.scale_page
    user.click(page.bar_button)
    user.drag((ROW + 2, END - BAR.pixels + 6), (ROW + 1, END - 40), (ROW + 1, END - 6))
    page.length.setValue(BAR.length_nm / 1000)
    user.click(page.use_button)
    assert user.session.micrograph.pixel_size.nm == pytest.approx(20, rel=1e-6)


def test_the_region_is_where_it_was_dragged(user):
    user.click(user.dock.projects.scale_page.region_button)
    user.drag((10, 20), (100, 200), (250, 380))
    region = user.session.micrograph.region
    corners = (region.row0, region.col0, region.row1, region.col1)
    assert corners == pytest.approx((10, 20, 251, 381), abs=2)


UNKNOWN = Scale(None, ScaleSource.UNKNOWN)
TWENTY, THIRTY = (Scale(PixelSize.square(nm), ScaleSource.USER) for nm in (20, 30))
TO_MICROMETRES, TO_OTHERS, TO_PIXELS = (UNKNOWN, TWENTY), (TWENTY, THIRTY), (TWENTY, UNKNOWN)


def on_screen(user):
    """Give where two pixels lie on the canvas once everything is shown."""
    QApplication.processEvents()
    return [(place.x(), place.y()) for place in (user.point(150, 60), user.point(210, 140))]


@pytest.fixture
def near(user):
    """Give a function that looks at a few crystals near at hand."""

    def look():
        user.dock.canvas.viewer.reset_view()
        user.dock.canvas.viewer.scene.camera.zoom *= 3
        user.dock.canvas.fly_to(square(180, 90))
        return on_screen(user)

    return look


@pytest.mark.parametrize(("before", "after"), [TO_MICROMETRES, TO_OTHERS, TO_PIXELS])
def test_another_scale_leaves_every_crystal_where_it_was(user, near, before, after):
    user.session.project.set_scale(user.session.image_id, before)
    seen = near()
    user.session.project.set_scale(user.session.image_id, after)
    assert on_screen(user) == seen


def test_another_part_to_analyse_leaves_every_crystal_where_it_was(user, near):
    seen = near()
    user.session.project.set_region(user.session.image_id, Region(0, 0, 290, 390))
    assert on_screen(user) == seen
