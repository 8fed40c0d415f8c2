"""What a project keeps of where a scale came from."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from storage_scene import IMAGE, MICROGRAPH, create

from microcrystalnet.domain.micrograph import Acquisition, PixelSize, Scale, ScaleSource
from microcrystalnet.errors import ProjectError
from microcrystalnet.micrographs import sidecar
from microcrystalnet.storage.edits import scaling
from microcrystalnet.storage.layout import belongs
from microcrystalnet.storage.merge import merge
from microcrystalnet.storage.records import micrograph_from_json, micrograph_to_json


def test_the_header_file_of_a_tescan_image_is_copied_so_that_it_is_found(tmp_path):
    (tmp_path / "scene-tif.hdr").write_text("[MAIN]\nPixelSizeX=1e-8")
    store = create(tmp_path)
    copied = sidecar.find_header(store.image_path(IMAGE))
    assert copied is not None
    assert copied.read_text() == "[MAIN]\nPixelSizeX=1e-8"
    assert belongs(copied.relative_to(store.folder).as_posix())
    store.close()


@pytest.mark.parametrize("source", list(ScaleSource))
def test_every_source_of_a_scale_reads_back(source):
    size = PixelSize(0.0125, 0.0125)
    known = replace(MICROGRAPH, pixel_size=size, scale_source=source, hv_kv=15.0, scale_note="x")
    assert micrograph_from_json(micrograph_to_json(known)) == known


def test_the_record_of_an_older_program_still_opens():
    older = {
        "image_id": IMAGE,
        "file_name": "a.tif",
        "height": 4,
        "width": 5,
        "dtype": "uint8",
        "region": [0, 0, 4, 5],
        "scale": {"pixel_um": [0.05, 0.05], "source": "JEOL sidecar"},
    }
    assert micrograph_from_json(older).scale_source is ScaleSource.JEOL_SIDECAR


def test_a_tescan_header_file_comes_along_when_copies_are_merged(tmp_path):
    store = create(tmp_path)
    store.close()
    other = tmp_path / "usb"
    shutil.copytree(store.folder, other)
    header = f"images/files/{IMAGE}-tif.hdr"
    (other / header).write_text("[MAIN]\nPixelSizeX=1e-8")
    merge(store.folder, other)
    assert (store.folder / header).read_text() == "[MAIN]\nPixelSizeX=1e-8"


@pytest.mark.parametrize("allowed", [True, False])
def test_whether_the_microscope_corrected_the_tilt_reads_back(allowed):
    known = replace(MICROGRAPH, acquisition=Acquisition(tilt_allowed=allowed))
    assert micrograph_from_json(micrograph_to_json(known)) == known


@pytest.mark.parametrize("degrees", [80.0, -85.0])
def test_a_tilt_of_80_degrees_or_more_is_refused(tmp_path, degrees):
    store = create(tmp_path)
    store.set_pixel_size(IMAGE, PixelSize.square(10), ScaleSource.USER)
    with pytest.raises(ProjectError, match="0 to below 80"):
        store.set_scale(IMAGE, store.state.micrograph(IMAGE).scale.corrected(degrees))
    store.close()


def test_heights_that_the_microscope_corrected_are_not_corrected_again(tmp_path):
    told = replace(MICROGRAPH, acquisition=Acquisition(tilt_allowed=True))
    with pytest.raises(ProjectError, match="a second correction would stretch them"):
        scaling(told, Scale(PixelSize.square(10), ScaleSource.USER).corrected(30))


def test_both_sidecars_of_an_image_are_copied_and_come_along_when_merged(tmp_path):
    (tmp_path / "scene.txt").write_text("$CM_MAG 5000")
    (tmp_path / "scene.tif.txt").write_text("pixel_size: 2.38")
    store = create(tmp_path)
    file = store.image_path(IMAGE)
    names = [each.name for each in sidecar.find_all(file)]
    assert names == [f"{IMAGE}.txt", f"{IMAGE}.tif.txt"]
    assert belongs(f"images/files/{IMAGE}.tif.txt")
    store.close()


def test_a_sidecar_that_cannot_be_read_does_not_keep_the_picture_out(tmp_path, monkeypatch):
    (tmp_path / "scene.txt").write_text("$CM_MAG 5000")
    read = Path.read_bytes

    def refuse(path):
        if path.name == "scene.txt":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    store = create(tmp_path)
    assert len(store.state.micrographs) == 1
    store.close()
