"""What napari finds of us in its own menus."""

import pytest


@pytest.fixture
def own_folders(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_open_sample_shows_a_calibrated_micrograph_and_its_crystals(make_viewer, own_folders):
    image, crystals = make_viewer().open_sample("napari-mcn", "calcite")
    assert [str(unit) for unit in image.units] == ["micrometer", "micrometer"]
    assert 25 <= crystals.data.max() <= 60


def test_the_plugins_menu_opens_the_workbench(make_viewer, own_folders):
    _, dock = make_viewer().window.add_plugin_dock_widget("napari-mcn", "Microcrystal workbench")
    assert dock.step == "Project"
    dock.close_parts()
