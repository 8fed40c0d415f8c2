from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest
from storage_scene import IMAGE, MICROGRAPH, create, disc, outline, reopen

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import PixelSize, ScaleSource
from microcrystalnet.errors import MaskError
from microcrystalnet.storage.desk import Desk
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def store(tmp_path):
    made = create(tmp_path)
    yield made
    made.close()


def test_there_is_nothing_to_undo_in_a_new_sitting(store):
    outline(store)
    again = reopen(store)
    assert (again.undo(), again.redo()) == (None, None)


def test_an_outline_is_undone_and_redone(store):
    crystal = outline(store)
    change = store.undo()
    assert (change.kind, change.crystal_ids) == ("masks", (crystal,))
    assert change.text == "Undone: Outlined 1 crystal"
    assert not store.state.crystals(IMAGE)
    assert store.redo().text == "Redone: Outlined 1 crystal"
    assert list(store.state.crystals(IMAGE)) == [crystal]


def test_a_changed_mask_goes_back_to_the_one_before(store):
    crystal = store.put_mask(IMAGE, disc(), MaskSource.SAM, z=2)
    store.put_mask(IMAGE, disc(150), MaskSource.MANUAL, crystal_id=crystal.crystal_id)
    store.undo()
    assert store.state.crystal(crystal.crystal_id) == crystal


def test_many_outlines_are_one_step(store):
    store.put_masks(IMAGE, [disc(), disc(200), disc(300)], MaskSource.AUTO, model_id="m")
    assert len(store.state.crystals(IMAGE)) == 3
    store.undo()
    assert not store.state.crystals(IMAGE)


def test_a_deletion_of_many_is_one_step_and_keeps_labels_and_order(store):
    ids = [outline(store, row) for row in (100, 200, 300)]
    store.label(ids[1], Answer("RES"))
    store.delete_crystals(ids[:2])
    change = store.undo()
    assert change.text == "Undone: Deleted 2 crystals"
    assert list(store.state.crystals(IMAGE)) == ids
    assert store.state.label(ids[1]).answer.cls == "RES"


def test_a_label_goes_back_to_the_one_before(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.label(crystal, Answer("PES", note="sharp edges"))
    store.undo()
    assert store.state.label(crystal).answer == Answer("RES")
    store.undo()
    assert store.state.label(crystal) is None
    store.redo()
    store.redo()
    assert store.state.label(crystal).answer == Answer("PES", note="sharp edges")


def test_a_cleared_label_comes_back(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.clear_label(crystal)
    store.undo()
    assert store.state.label(crystal).answer == Answer("RES")


def test_a_scale_goes_back_to_what_the_file_says(store):
    store.set_pixel_size(IMAGE, PixelSize.square(5), ScaleSource.USER)
    store.undo()
    assert store.state.micrographs[IMAGE] == MICROGRAPH


def test_different_kinds_of_edits_are_undone_in_turn(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.delete_crystals([crystal])
    kinds = [store.undo().kind, store.undo().kind, store.undo().kind, store.undo()]
    assert kinds == ["masks", "label", "masks", None]


def test_a_new_edit_ends_what_could_be_redone(store):
    outline(store)
    store.undo()
    outline(store)
    assert store.redo() is None


def test_an_undone_edit_stays_undone_after_reopening(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.undo()
    store.undo()
    again = reopen(store)
    assert (dict(again.state.crystals(IMAGE)), dict(again.state.labels())) == ({}, {})


def test_undo_is_written_and_nothing_is_taken_out_of_the_journal(store):
    outline(store)
    store.undo()
    store.close()
    (journal,) = (store.folder / "masks" / IMAGE).iterdir()
    written = journal.read_text()
    assert (written.count('"mask.put"'), written.count('"mask.del"')) == (1, 1)


def test_another_expert_starts_with_nothing_to_undo(store):
    outline(store)
    store.become("BK")
    assert store.undo() is None


def test_undo_leaves_alone_what_somebody_else_changed_since(store, tmp_path):
    crystal = outline(store)
    store.flush()
    other = ProjectStore.open(store.folder, "BK", mirror_root=tmp_path / "elsewhere")
    other.put_mask(IMAGE, disc(200), MaskSource.MANUAL, crystal_id=crystal)
    other.close()
    store.refresh()
    store.undo()
    assert store.state.crystal(crystal).mask == disc(200)


def test_every_edit_is_told_once(store):
    told = []
    store.on_change = told.append
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.undo()
    store.delete_crystals([crystal])
    assert [change.text for change in told] == [
        "Outlined 1 crystal",
        "Labelled RES",
        "Undone: Labelled RES",
        "Deleted 1 crystal",
    ]


def test_a_correction_of_several_crystals_is_undone_in_one_step(store):
    kept, gone = outline(store), outline(store)
    whole = replace(store.state.crystal(kept), mask=disc(200))
    before = dict(store.state.crystals(IMAGE))
    store.correct([whole], delete=[gone], text="Merged 2 crystals")
    merged = dict(store.state.crystals(IMAGE))
    change = store.undo()
    assert (merged, dict(store.state.crystals(IMAGE))) == ({kept: whole}, before)
    assert change.text == "Undone: Merged 2 crystals"


def test_a_corrected_crystal_keeps_its_label(store):
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.correct(
        [replace(store.state.crystal(crystal), mask=disc(200))], text="Smoothed 1 crystal"
    )
    assert store.state.label(crystal).answer == Answer("RES")


def test_a_correction_beyond_the_micrograph_changes_nothing(store):
    crystal = outline(store)
    before = dict(store.state.crystals(IMAGE))
    beyond = replace(before[crystal], mask=Mask.from_pixels(np.ones((3, 3)), 99_999, 0))
    with pytest.raises(MaskError):
        store.correct([beyond], delete=[crystal], text="Merged 2 crystals")
    assert dict(store.state.crystals(IMAGE)) == before


def test_a_correction_may_bring_new_crystals(store):
    whole = store.state.crystal(outline(store))
    parts = [replace(whole, mask=disc(90)), replace(whole, crystal_id="", mask=disc(200))]
    kept, new = store.correct(parts, text="Cut a crystal into 2")
    assert (set(store.state.crystals(IMAGE)), kept.crystal_id) == (
        {whole.crystal_id, new.crystal_id},
        whole.crystal_id,
    )


def test_an_undo_that_cannot_be_written_can_be_tried_again(store, monkeypatch):
    crystal = outline(store)
    with monkeypatch.context() as patch:
        patch.setattr(Desk, "commit", Mock(side_effect=MaskError("no")))
        with pytest.raises(MaskError):
            store.undo()
    assert store.undo().crystal_ids == (crystal,)
