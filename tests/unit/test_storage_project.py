import hashlib
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from storage_scene import BYTES, IMAGE, MICROGRAPH, create, disc, outline, reopen

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer, Flag
from microcrystalnet.domain.micrograph import PixelSize, Region, Scale, ScaleSource
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import MaskError, ProjectError, ReadOnlyProjectError
from microcrystalnet.storage.event import encode, new_event
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


def test_a_file_that_changed_meanwhile_is_refused(tmp_path):
    (tmp_path / "other.tif").write_bytes(b"something else")
    fresh = ProjectStore.create(tmp_path / "second", "AY", mirror_root=tmp_path / "mirror")
    with pytest.raises(ProjectError, match="changed while it was being added"):
        fresh.add_micrograph(tmp_path / "other.tif", MICROGRAPH)
    assert not list((tmp_path / "second" / "images" / "files").iterdir())
    fresh.close()


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


def test_a_mask_in_the_databar_is_refused(store):
    with pytest.raises(MaskError, match="outside the analysis region"):
        store.put_mask(IMAGE, disc(482), MaskSource.MANUAL)
    assert not store.state.crystals(IMAGE)


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


def test_an_analysis_region_beside_the_micrograph_is_refused(store):
    with pytest.raises(ProjectError, match="lies outside"):
        store.set_region(IMAGE, Region(600, 0, 700, 100))


def test_the_uncertainty_of_a_scale_is_there_after_reopening(store):
    scale = Scale(PixelSize(0.02, 0.01), ScaleSource.SCALE_BAR, 0.004, 60.0)
    store.set_scale(IMAGE, scale)
    again = reopen(store)
    assert again.state.micrograph(IMAGE).scale == scale
    again.close()


def test_a_mask_outside_the_micrograph_is_refused(store):
    with pytest.raises(MaskError):
        store.put_mask(IMAGE, disc(5000), MaskSource.MANUAL)


def test_one_mask_outside_keeps_all_of_them_out(store):
    with pytest.raises(MaskError):
        store.put_masks(IMAGE, [disc(), disc(5000)], MaskSource.AUTO)
    assert not store.state.crystals(IMAGE)


def test_an_unknown_micrograph_is_refused_in_a_sentence(store):
    with pytest.raises(ProjectError, match="has no micrograph 0000"):
        store.put_mask("0000", disc(), MaskSource.MANUAL)


@pytest.mark.parametrize(
    "answer",
    [
        Answer("RES"),
        UNCLEAR,
        NOT_A_CRYSTAL,
        Answer("SA", frozenset({Flag.UNSURE, Flag.OCCLUDED}), "half hidden"),
    ],
)
def test_an_answer_reads_back_as_it_was_given(store, answer):
    label = store.label(outline(store), answer)
    assert reopen(store).state.label(label.crystal_id) == label
    assert (label.answer, label.expert, label.blind) == (answer, "AY", True)


def test_a_cleared_label_is_gone(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.clear_label(crystal)
    assert store.state.label(crystal) is None
    assert reopen(store).state.labels() == {}


def test_a_class_of_another_scheme_is_refused(store):
    crystal = outline(store)
    with pytest.raises(ProjectError, match="no class XYZ; choose one of RES, PES"):
        store.label(crystal, Answer("XYZ"))


def test_a_deleted_crystal_takes_its_label_out_of_sight(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.delete_crystals([crystal])
    assert (dict(store.state.labels()), dict(store.votes())) == ({}, {})
    with pytest.raises(ProjectError, match="not in the project any more"):
        store.state.crystal(crystal)


def test_each_expert_sees_only_their_own_labels(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.become("BK")
    assert store.state.label(crystal) is None
    store.label(crystal, Answer("PES"))
    store.become("AY")
    assert store.state.label(crystal).answer.cls == "RES"


def test_votes_are_everyones(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.become("BK")
    store.label(crystal, Answer("PES"))
    said = {who: label.answer.cls for who, label in reopen(store).votes()[crystal].items()}
    assert said == {"AY": "RES", "BK": "PES"}


def test_experts_are_listed_in_the_order_of_appearance(store):
    store.become("BK")
    store.become("AA")
    assert reopen(store).experts() == ("AY", "BK", "AA")


def test_a_label_given_after_seeing_the_others_is_not_blind_even_after_reopening(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.become("BK")
    store.votes()
    assert not store.label(crystal, Answer("PES")).blind
    assert not reopen(store, "BK").label(crystal, Answer("PES")).blind


def test_a_label_stays_blind_where_nothing_was_shown(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.become("BK")
    store.votes(reveal=False)
    assert store.label(crystal, Answer("PES")).blind


def test_another_experts_labels_are_not_opened_before_votes_are_asked_for(tmp_path):
    store = create(tmp_path)
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.become("BK")
    store.label(crystal, Answer("PES"))
    store.close()
    script = f"""
import sys; from pathlib import Path; opened = []
sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == "open" else None)
from microcrystalnet.storage.event import encode, new_event
from microcrystalnet.storage.project_store import ProjectStore
store = ProjectStore.open(Path({str(store.folder)!r}), "BK", mirror_root=Path({str(tmp_path)!r}))
store.state.labels(); store.refresh(); store.label({crystal!r}, __import__(
    "microcrystalnet.domain.label").domain.label.Answer("SA")); store.flush()
before = sum("ay-" in name and ".label" in name for name in opened)
store.votes()
after = sum("ay-" in name and ".label" in name for name in opened)
sys.exit(0 if (before, after) == (0, 1) else f"{{before}} {{after}}")
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_a_typed_pixel_size_lies_over_the_file_and_leaves_its_record_alone(store):
    record = (store.folder / "images" / f"{IMAGE}.json").read_bytes()
    store.set_pixel_size(IMAGE, PixelSize.square(5), ScaleSource.USER)
    micrograph = reopen(store).state.micrographs[IMAGE]
    assert (micrograph.pixel_size, micrograph.scale_source) == (
        PixelSize.square(5), ScaleSource.USER)  # fmt: skip
    assert (store.folder / "images" / f"{IMAGE}.json").read_bytes() == record


@pytest.mark.parametrize("side", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_pixel_size_is_refused(store, side):
    with pytest.raises(ProjectError, match="give positive numbers"):
        store.set_pixel_size(IMAGE, PixelSize(side, 1.0), ScaleSource.USER)


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


def test_the_later_of_two_labels_by_one_person_on_two_machines_wins(store, tmp_path):
    crystal = outline(store)
    store.flush()
    other = ProjectStore.open(store.folder, "AY", mirror_root=tmp_path / "elsewhere")
    other.label(crystal, Answer("PES"))
    store.label(crystal, Answer("RES"))
    store.label(crystal, Answer("SA"))
    other.close()
    store.refresh()
    assert store.state.label(crystal).answer.cls == "SA"


def test_looking_writes_nothing(store):
    store.close()
    before = sorted(store.folder.rglob("*"))
    looking = ProjectStore.open(store.folder, "CD", mirror_root=store.folder.parent / "empty")
    looking.votes()
    looking.close()
    assert sorted(store.folder.rglob("*")) == before


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "thesis.doc").write_text("x")
    with pytest.raises(ProjectError, match=r"is not a project: it holds no project\.json"):
        ProjectStore.open(tmp_path, "AY", mirror_root=tmp_path)
    with pytest.raises(ProjectError, match="holds other files"):
        ProjectStore.create(tmp_path, "AY", mirror_root=tmp_path)


def test_a_project_is_not_made_over_another(store, tmp_path):
    with pytest.raises(ProjectError, match="is a project already"):
        ProjectStore.create(store.folder, "AY", mirror_root=tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "napari-mcn project"}', "[" * 9999])
def test_a_damaged_project_file_is_named(store, tmp_path, content):
    (store.folder / "project.json").write_text(content)
    with pytest.raises(ProjectError, match=r"project\.json is damaged"):
        ProjectStore.open(store.folder, "AY", mirror_root=tmp_path)


@pytest.mark.parametrize("name", ["", "   ", "A\nY", "x" * 101])
def test_a_name_that_is_none_is_refused(store, name):
    with pytest.raises(ProjectError, match="Give your name"):
        store.become(name)


def test_a_project_of_a_newer_program_is_only_looked_at(store, tmp_path):
    outline(store)
    store.close()
    path = store.folder / "project.json"
    path.write_text(path.read_text().replace('"major": 1', '"major": 2'))
    before = {each: each.read_bytes() for each in store.folder.rglob("*") if each.is_file()}
    newer = ProjectStore.open(store.folder, "AY", mirror_root=tmp_path / "mirror")
    with pytest.raises(ReadOnlyProjectError, match="newer version"):
        newer.put_mask(IMAGE, disc(), MaskSource.MANUAL)
    assert (newer.read_only, len(newer.state.crystals(IMAGE))) == (True, 1)
    newer.close()
    assert {each: each.read_bytes() for each in before} == before


def test_a_folder_that_cannot_be_written_is_only_looked_at(store, monkeypatch):
    crystal = outline(store)
    store.close()
    monkeypatch.setattr("microcrystalnet.storage.files.writable", lambda folder: False)
    looking = reopen(store)
    with pytest.raises(ReadOnlyProjectError, match="cannot be written; the project is open for"):
        looking.label(crystal, Answer("RES"))
    assert looking.read_only_reason.startswith("The folder")


def test_a_closed_project_takes_no_more_edits(store):
    store.close()
    with pytest.raises(ProjectError, match="was closed"):
        outline(store)


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


def test_a_mask_too_ragged_to_store_keeps_all_of_them_out(store, monkeypatch):
    monkeypatch.setattr("microcrystalnet.storage.drafts.LONGEST_DETAILS", 230)
    with pytest.raises(MaskError, match="too ragged"):
        store.put_masks(IMAGE, [disc(radius=2), disc(200, radius=60)], MaskSource.AUTO)
    assert not store.state.crystals(IMAGE)


def test_a_line_of_a_newer_program_makes_the_project_read_only(store):
    store.close()
    (journal,) = store.folder.rglob("*.ctl.jsonl")
    event = new_event("actor.declare", 99, {"name": "AY"})._replace(v=2)
    with journal.open("ab") as file:
        file.write(encode(9, "0" * 16, event, "{}")[0])
    looking = reopen(store)
    assert "newer version" in looking.read_only_reason


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


def test_a_scale_that_is_refused_leaves_the_one_before(store):
    store.set_pixel_size(IMAGE, PixelSize.square(50), ScaleSource.USER)
    with pytest.raises(ProjectError):
        store.set_pixel_size(IMAGE, PixelSize(-0.05, 0.05), ScaleSource.USER)
    assert store.state.micrograph(IMAGE).pixel_size == PixelSize.square(50)
