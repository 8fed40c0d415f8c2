"""Projects that are refused, or open for looking only, and edits that change nothing."""

import pytest
from storage_scene import IMAGE, MICROGRAPH, create, disc, outline, reopen

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.micrograph import PixelSize, Region, ScaleSource
from microcrystalnet.errors import MaskError, ProjectError, ReadOnlyProjectError
from microcrystalnet.storage.event import encode, new_event
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def store(tmp_path):
    made = create(tmp_path)
    yield made
    made.close()


def test_a_file_that_changed_meanwhile_is_refused(tmp_path):
    (tmp_path / "other.tif").write_bytes(b"something else")
    fresh = ProjectStore.create(tmp_path / "second", "AY", mirror_root=tmp_path / "mirror")
    with pytest.raises(ProjectError, match="changed while it was being added"):
        fresh.add_micrograph(tmp_path / "other.tif", MICROGRAPH)
    assert not list((tmp_path / "second" / "images" / "files").iterdir())
    fresh.close()


def test_a_mask_in_the_databar_is_refused(store):
    with pytest.raises(MaskError, match="outside the analysis region"):
        store.put_mask(IMAGE, disc(482), MaskSource.MANUAL)
    assert not store.state.crystals(IMAGE)


def test_an_analysis_region_beside_the_micrograph_is_refused(store):
    with pytest.raises(ProjectError, match="lies outside"):
        store.set_region(IMAGE, Region(600, 0, 700, 100))


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


def test_a_class_of_another_scheme_is_refused(store):
    crystal = outline(store)
    with pytest.raises(ProjectError, match="no class XYZ; choose one of RES, PES"):
        store.label(crystal, Answer("XYZ"))


@pytest.mark.parametrize("side", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_pixel_size_is_refused(store, side):
    with pytest.raises(ProjectError, match="give positive numbers"):
        store.set_pixel_size(IMAGE, PixelSize(side, 1.0), ScaleSource.USER)


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "thesis.doc").write_text("x")
    with pytest.raises(ProjectError, match=r"is not a project: it holds no project\.json"):
        ProjectStore.open(tmp_path, "AY", mirror_root=tmp_path)
    with pytest.raises(ProjectError, match="holds other files"):
        ProjectStore.create(tmp_path, "AY", mirror_root=tmp_path)


@pytest.mark.parametrize("name", [".DS_Store", "Desktop.ini", "Thumbs.db", "._.DS_Store"])
def test_a_folder_in_which_only_the_desktop_left_something_becomes_a_project(tmp_path, name):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / name).write_text("x")
    store = ProjectStore.create(tmp_path / "new", "AY", mirror_root=tmp_path / "mirror")
    store.close()
    assert (tmp_path / "new" / name).read_text() == "x"


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


def test_a_scale_that_is_refused_leaves_the_one_before(store):
    store.set_pixel_size(IMAGE, PixelSize.square(50), ScaleSource.USER)
    with pytest.raises(ProjectError):
        store.set_pixel_size(IMAGE, PixelSize(-0.05, 0.05), ScaleSource.USER)
    assert store.state.micrograph(IMAGE).pixel_size == PixelSize.square(50)
