"""Where the program keeps things, as one folder on every system."""

import platformdirs
import pytest

from microcrystalnet import own_folders
from napari_mcn import preferences, samples
from napari_mcn.preferences import Preferences
from napari_mcn.samples import sample_copy


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (own_folders.data_folder, "user_data_path"),
        (own_folders.settings_folder, "user_config_path"),
        (own_folders.cache_folder, "user_cache_path"),
        (own_folders.log_folder, "user_log_path"),
    ],
)
def test_no_folder_is_asked_for_with_an_author_between(monkeypatch, tmp_path, ask, name):
    asked = []
    monkeypatch.setattr(platformdirs, name, lambda *args, **more: asked.append((args, more)))
    ask()
    assert asked == [(("napari-mcn",), {"appauthor": False})]


def test_the_name_that_an_earlier_version_kept_on_windows_is_still_known(tmp_path, monkeypatch):
    monkeypatch.setattr(preferences, "settings_folder", lambda: tmp_path)
    Preferences(tmp_path / "napari-mcn" / "preferences.json").expert = "AY"
    assert Preferences().expert == "AY"


def test_the_sample_of_an_earlier_version_on_windows_is_still_the_one(tmp_path, monkeypatch):
    monkeypatch.setattr(samples, "data_folder", lambda: tmp_path)
    former = sample_copy(tmp_path / "napari-mcn" / "sample-project")
    assert sample_copy() == former


def test_new_things_lie_directly_in_the_folder(tmp_path):
    assert own_folders.found_in(tmp_path, "preferences.json") == tmp_path / "preferences.json"
