import hashlib
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from storage_scene import BYTES, IMAGE, MICROGRAPH, create, disc, outline, reopen

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.micrograph import PixelSize, Region, Scale, ScaleSource
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def store(tmp_path):
    made = create(tmp_path)
    yield made
    made.close()


def test_a_new_project_has_its_maker_and_the_four_classes(store):
    assert (store.experts(), store.state.scheme) == (("AY",), FOUR_CLASSES)


def test_a_micrograph_is_still_there_after_reopening(store):
    with_it = reopen(store)
    assert dict(with_it.state.micrographs) == {IMAGE: MICROGRAPH}
    assert with_it.image_path(IMAGE).read_bytes() == BYTES


def test_adding_a_micrograph_twice_changes_nothing(store, tmp_path):
    store.add_micrograph(tmp_path / "scene.tif", MICROGRAPH)
    assert len(store.state.micrographs) == 1


def test_the_sidecar_is_copied_so_that_it_is_found(tmp_path):
    (tmp_path / "scene.txt").write_text("$CM_MAG 5000")
    store = create(tmp_path)
    assert store.image_path(IMAGE).with_suffix(".txt").read_text() == "$CM_MAG 5000"
    store.close()


def test_a_crystal_reads_back_with_its_prompt(store):
    prompt = Prompt((Click(1.5, 2.0), Click(3.0, 4.0, positive=False)), Box(0.0, 1.0, 9.0, 8.5))
    crystal = store.put_mask(IMAGE, disc(), MaskSource.SAM, prompt=prompt, z=3)
    assert reopen(store).state.crystals(IMAGE) == {crystal.crystal_id: crystal}


def test_crystals_come_in_the_order_of_creation(store):
    ids = [outline(store, row) for row in (300, 100, 200)]
    store.put_mask(IMAGE, disc(50), MaskSource.MANUAL, crystal_id=ids[0])
    assert list(store.state.crystals(IMAGE)) == ids
    assert list(reopen(store).state.crystals(IMAGE)) == ids


def test_a_mask_is_cut_at_the_border_of_the_micrograph(store):
    crystal = store.put_mask(IMAGE, disc(col=500), MaskSource.MANUAL)
    assert crystal.mask.region.col1 == 512


def test_a_mask_is_cut_at_the_border_of_the_analysis_region(store):
    crystal = store.put_mask(IMAGE, disc(460), MaskSource.MANUAL)
    assert crystal.mask.region.row1 == 480


def test_another_analysis_region_is_there_after_reopening(store):
    store.set_region(IMAGE, Region(10, 0, 600, 400))
    again = reopen(store)
    assert again.state.micrograph(IMAGE).region == Region(10, 0, 512, 400)
    again.close()


def test_another_analysis_region_can_be_undone_and_redone(store):
    store.set_region(IMAGE, Region(0, 0, 512, 512))
    store.undo()
    undone = store.state.micrograph(IMAGE).region
    store.redo()
    assert (undone.row1, store.state.micrograph(IMAGE).region.row1) == (480, 512)


def test_the_uncertainty_of_a_scale_is_there_after_reopening(store):
    scale = Scale(PixelSize(0.02, 0.01), ScaleSource.SCALE_BAR, 0.004, 60.0)
    store.set_scale(IMAGE, scale)
    again = reopen(store)
    assert again.state.micrograph(IMAGE).scale == scale
    again.close()


def test_a_typed_pixel_size_lies_over_the_file_and_leaves_its_record_alone(store):
    record = (store.folder / "images" / f"{IMAGE}.json").read_bytes()
    store.set_pixel_size(IMAGE, PixelSize.square(5), ScaleSource.USER)
    micrograph = reopen(store).state.micrographs[IMAGE]
    assert (micrograph.pixel_size, micrograph.scale_source) == (
        PixelSize.square(5), ScaleSource.USER)  # fmt: skip
    assert (store.folder / "images" / f"{IMAGE}.json").read_bytes() == record


def test_predictions_read_back_and_a_later_run_wins(store):
    first = Prediction("c1", "m", ("RES", "PES"), (0.25, 0.75))
    other = Prediction("c2", "m", ("RES", "PES"), (0.5, 0.5))
    later = Prediction("c1", "m", ("RES", "PES"), (1.0, 0.0))
    store.write_predictions("m", IMAGE, [first, other])
    store.write_predictions("m", IMAGE, [later])
    assert store.predictions("m", IMAGE) == {"c1": later, "c2": other}


def test_a_model_counts_once_it_is_complete(store):
    model_id, folder = store.new_model_folder()
    folder.mkdir(parents=True)
    before = store.models()
    (folder / "model.json").write_text("{}")
    assert (before, store.models(), store.model_folder(model_id)) == ((), (model_id,), folder)


def test_another_sessions_work_appears_on_refresh(store, tmp_path):
    crystal = outline(store)
    store.flush()
    other = ProjectStore.open(store.folder, "BK", mirror_root=tmp_path / "elsewhere")
    other.state.crystals(IMAGE)
    second = outline(store, 300)
    store.flush()
    other.refresh()
    assert list(other.state.crystals(IMAGE)) == [crystal, second]
    other.close()


def test_looking_writes_nothing(store):
    store.close()
    before = sorted(store.folder.rglob("*"))
    looking = ProjectStore.open(store.folder, "CD", mirror_root=store.folder.parent / "empty")
    looking.votes()
    looking.close()
    assert sorted(store.folder.rglob("*")) == before


def test_a_missing_micrograph_record_is_a_problem_and_not_an_end(store):
    store.close()
    (store.folder / "images" / f"{IMAGE}.json").unlink()
    damaged = reopen(store)
    assert dict(damaged.state.micrographs) == {}
    assert "cannot be read" in damaged.problems()[0].text


def test_what_the_project_folder_lost_is_carried_over_from_this_computer(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.close()
    shutil.rmtree(store.folder / "log")
    shutil.rmtree(store.folder / "masks")
    reopen(store).close()
    elsewhere = reopen(store, mirror="another computer")
    assert elsewhere.state.label(crystal).answer.cls == "RES"


def test_importing_the_store_brings_no_heavy_package():
    script = (
        "import sys, microcrystalnet.storage.project_store as _; "
        "sys.exit(bool({'pandas', 'torch', 'scipy', 'skimage', 'tifffile'} & {*sys.modules}))"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@pytest.mark.parametrize("name", ["方解石 é.tif", "n" * 251 + ".tif"])
def test_a_name_that_is_not_ascii_or_very_long_is_kept(store, tmp_path, name):
    (tmp_path / name).write_bytes(b"other bytes")
    other = hashlib.sha256(b"other bytes").hexdigest()[:20]
    known = replace(MICROGRAPH, image_id=other, file_name=name)
    store.add_micrograph(tmp_path / name, known)
    again = reopen(store)
    assert again.state.micrograph(other).file_name == name
    assert again.image_path(other).read_bytes() == b"other bytes"
    again.close()


def test_what_a_killed_training_left_is_no_model(store):
    left = store.folder / "models" / ".01KGRZ5Q0000000000000000000.unfinished"
    left.mkdir(parents=True)
    (left / "model.json").touch()
    assert store.models() == ()
