"""Reading the file of a micrograph again, after its sidecar was put right."""

from dataclasses import replace

import pytest
import tifffile
from numpy import uint8, zeros

from microcrystalnet.domain.micrograph import PixelSize, Region, Scale, ScaleSource
from microcrystalnet.errors import ProjectError
from microcrystalnet.micrographs.reader import examine
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.storage.reading_records import (
    reading_from_json,
    reading_of,
    reading_to_json,
)

SIDECAR = "$CM_FULL_SIZE 80 60\n$CM_PIXEL_SIZE {}nm\n$CM_ACCEL_VOLT {}\n"


@pytest.fixture
def path(tmp_path):
    """An image beside a sidecar of 10 nm and 5 kV."""
    made = tmp_path / "a.tif"
    tifffile.imwrite(made, zeros((60, 80), uint8))
    made.with_suffix(".txt").write_text(SIDECAR.format(10, 5))
    return made


@pytest.fixture
def store(tmp_path, path):
    made = ProjectStore.create(tmp_path / "project", "AY", mirror_root=tmp_path / "mirror")
    made.add_micrograph(path, examine(path))
    path.with_suffix(".txt").write_text(SIDECAR.format(12.5, 20))
    yield made
    made.close()


@pytest.fixture
def image_id(store):
    return next(iter(store.state.micrographs))


def known(micrograph):
    return round(micrograph.pixel_size.nm, 9), micrograph.hv_kv


def test_scale_and_settings_are_those_that_the_file_tells_now(store, image_id, path):
    assert known(store.state.micrograph(image_id)) == (10, 5)
    now = store.read_again(image_id, examine(path))
    assert known(now) == (12.5, 20)
    assert now.origins["pixel_size"] == "JEOL sidecar (a.txt)"


def test_it_is_undone_and_redone_as_one_step(store, image_id, path):
    store.read_again(image_id, examine(path))
    store.undo()
    before = store.state.micrograph(image_id)
    store.redo()
    assert (known(before), before.reading) == ((10, 5), None)
    assert known(store.state.micrograph(image_id)) == (12.5, 20)


def test_it_is_still_known_when_the_project_is_opened_again(store, image_id, path, tmp_path):
    store.read_again(image_id, examine(path))
    store.close()
    again = ProjectStore.open(store.folder, "AY", mirror_root=tmp_path / "mirror")
    assert known(again.state.micrograph(image_id)) == (12.5, 20)
    again.close()


@pytest.mark.parametrize(
    "scale",
    [
        Scale(PixelSize.square(7), ScaleSource.USER),
        Scale(PixelSize.square(7), ScaleSource.SCALE_BAR, 0.01),
        Scale(PixelSize.square(10), ScaleSource.JEOL_SIDECAR).corrected(30),
    ],
)
def test_what_people_gave_stays_and_the_settings_are_new(store, image_id, path, scale):
    store.set_scale(image_id, scale)
    now = store.read_again(image_id, examine(path))
    assert (now.scale, now.hv_kv) == (scale, 20)
    assert now.reading.scale.pixel_size.nm == pytest.approx(12.5)


def test_the_analysed_part_stays(store, image_id, path):
    store.set_region(image_id, Region(0, 0, 30, 40))
    now = store.read_again(image_id, examine(path))
    assert (now.region, now.origins["databar"]) == (Region(0, 0, 30, 40), "chosen by hand")


def test_a_sidecar_that_is_gone_leaves_no_scale(store, image_id, path):
    path.with_suffix(".txt").unlink()
    assert not store.read_again(image_id, examine(path)).calibrated


def test_another_picture_is_refused(store, image_id, path, tmp_path):
    other = tmp_path / "b.tif"
    tifffile.imwrite(other, zeros((60, 81), uint8))
    with pytest.raises(ProjectError, match=r"b\.tif is another picture than a\.tif"):
        store.read_again(image_id, examine(other))
    assert known(store.state.micrograph(image_id)) == (10, 5)


def test_reading_the_same_again_changes_nothing(store, image_id, path):
    store.read_again(image_id, examine(path))
    store.read_again(image_id, examine(path))
    store.undo()
    assert store.state.micrograph(image_id).reading is None


def test_what_was_read_reads_back(path):
    told = reading_of(replace(examine(path), scale_note="look"))
    assert reading_from_json(reading_to_json("0" * 20, told)) == told
