"""A disk that is full in the middle of a file: all but journals is there whole or not at all."""

import errno
import os
import shutil

import pytest
from storage_scene import IMAGE, create

from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import ProjectError, SchemeError
from microcrystalnet.storage import files, header, predictions
from microcrystalnet.storage.merge import merge
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.storage.scheme_records import read_scheme, write_scheme

MODEL = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


class Disk:
    """Takes seven bytes of each file while it is full."""

    def __init__(self, monkeypatch):
        self.full, self._write = False, os.write
        monkeypatch.setattr(files.os, "write", self.write)

    def write(self, descriptor, content):
        if not self.full:
            return self._write(descriptor, content)
        self._write(descriptor, bytes(content[:7]))
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


def said(cls):
    shares = {"RES": (0.9, 0.1), "PES": (0.1, 0.9)}[cls]
    return [Prediction(f"c{n}", MODEL, ("RES", "PES"), shares) for n in range(3)]


def refused(disk, error, action, *given):
    disk.full = True
    with pytest.raises(error, match="No space left on device"):
        action(*given)
    disk.full = False


def test_a_project_that_could_not_be_made_can_be_made_once_there_is_room(disk, tmp_path):
    refused(disk, ProjectError, header.create, tmp_path / "p")
    assert header.create(tmp_path / "p") == header.read(tmp_path / "p")


def test_a_model_that_was_merged_by_half_comes_whole_with_the_next_merge(disk, tmp_path):
    create(tmp_path).close()
    one, two = tmp_path / "project", tmp_path / "usb"
    shutil.copytree(one, two)
    weights = f"models/{MODEL}/weights.safetensors"
    (two / weights).parent.mkdir(parents=True)
    (two / weights).write_bytes(b"many numbers")
    refused(disk, ProjectError, merge, one, two)
    assert merge(one, two).refused == ()
    assert (one / weights).read_bytes() == b"many numbers"


def test_predictions_that_could_not_be_written_leave_the_former_ones(disk, tmp_path):
    predictions.write(tmp_path, MODEL, IMAGE, said("RES"))
    refused(disk, ProjectError, predictions.write, tmp_path, MODEL, IMAGE, said("PES"))
    predictions.write(tmp_path, MODEL, IMAGE, said("PES"))
    assert predictions.read(tmp_path, MODEL, IMAGE)["c2"].cls == "PES"
    assert len(list((tmp_path / "predictions" / MODEL).iterdir())) == 2


def test_a_scheme_that_could_not_be_written_leaves_the_former_file(disk, tmp_path):
    write_scheme(tmp_path / "s.json", FOUR_CLASSES)
    refused(disk, SchemeError, write_scheme, tmp_path / "s.json", FOUR_CLASSES)
    assert read_scheme(tmp_path / "s.json").codes == FOUR_CLASSES.codes


def test_a_file_that_is_there_is_not_replaced_by_a_new_one(tmp_path):
    (tmp_path / "a").write_bytes(b"first")
    with pytest.raises(FileExistsError):
        files.create_whole(tmp_path / "a", b"second")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"first"]


def test_where_a_disk_knows_no_links_a_new_file_is_moved_to_its_name(tmp_path, monkeypatch):
    def refuse(path, target):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(type(tmp_path), "hardlink_to", refuse)
    files.create_whole(tmp_path / "a", b"first")
    with pytest.raises(FileExistsError):
        files.create_whole(tmp_path / "a", b"second")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"first"]


def test_a_micrograph_whose_record_is_damaged_is_added_again(tmp_path):
    store = create(tmp_path)
    micrograph = store.state.micrograph(IMAGE)
    store.close()
    (store.folder / "images" / f"{IMAGE}.json").write_bytes(b"{")
    again = ProjectStore.open(store.folder, "AY", mirror_root=tmp_path / "mirror")
    assert again.add_micrograph(tmp_path / "scene.tif", micrograph) == micrograph
    assert again.image_path(IMAGE).is_file()
    again.close()
