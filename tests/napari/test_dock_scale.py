"""Calibrating in the real window: dragging along the burnt-in scale bar, drawing the region."""

import numpy as np
import pytest
import tifffile
from user import at_work

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
