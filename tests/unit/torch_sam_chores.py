"""Embeddings on disk, chores and memory, run by `test_segmentation_in_its_own_process.py`."""

import json

import numpy as np
import pytest
import tifffile
import torch  # noqa: TID253 - this module only runs in a process of its own
from segmentation_material import CENTRES, disc, discs, small_checkpoint, small_sam
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.prompt import Click, Prompt
from microcrystalnet.engines import sam_chores
from microcrystalnet.engines.sam_chores import SamChores
from microcrystalnet.engines.segmentation_service import SegmentationService
from microcrystalnet.errors import SegmentationError
from microcrystalnet.imaging.contrast import to_uint8
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.progress import CancelledError
from microcrystalnet.segmentation.embedding_cache import EmbeddingCache, embeddings_folder
from microcrystalnet.segmentation.sam import SamSegmenter, encoder_digest
from microcrystalnet.segmentation.tiling import TiledSegmenter
from microcrystalnet.storage.project_store import ProjectStore

CLICK = Prompt((Click(40, 40),))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(sam_chores, "_stand_back", lambda: None)


@pytest.fixture
def encoded(monkeypatch):
    """Count how often the image encoder runs."""
    runs = []
    encode = SamSegmenter._encode

    def counting(self, image):
        runs.append(image.shape)
        return encode(self, image)

    monkeypatch.setattr(SamSegmenter, "_encode", counting)
    return runs


def segmenter(tmp_path, model=None):
    return SamSegmenter(model or small_sam(), EmbeddingCache(tmp_path / "cache"))


def test_a_micrograph_is_encoded_once_for_ever(tmp_path, encoded):
    first = segmenter(tmp_path).prepare(discs())
    again = segmenter(tmp_path).prepare(discs())
    assert len(encoded) == 1
    np.testing.assert_array_equal(first.features, again.features)


def test_an_embedding_from_disk_gives_the_same_masks(tmp_path):
    one, two = segmenter(tmp_path), segmenter(tmp_path)
    asked = one.propose(one.prepare(discs()), CLICK)
    assert two.propose(two.prepare(discs()), CLICK) == asked


def test_another_encoder_sees_for_itself(tmp_path, encoded):
    segmenter(tmp_path).prepare(discs())
    torch.manual_seed(7)
    other = small_sam()
    torch.nn.init.normal_(other.image_encoder.pos_embed)
    segmenter(tmp_path, other).prepare(discs())
    assert len(encoded) == 2


def test_a_decoder_that_learnt_shares_what_its_encoder_saw():
    taught = small_sam()
    torch.nn.init.normal_(taught.mask_decoder.iou_token.weight)
    assert encoder_digest(taught) == encoder_digest(small_sam())


def picture(folder, name="micrite.tif", centres=CENTRES):
    path = folder / name
    tifffile.imwrite(path, discs(centres))
    return path


def test_what_was_looked_at_ahead_is_ready_when_it_is_shown(tmp_path, encoded):
    path, engine = picture(tmp_path), str(small_checkpoint(tmp_path))
    assert SamChores().look_ahead([path], engine) == 1
    SegmentationService().prepare("a", to_uint8(tifffile.imread(path)), engine)
    assert len(encoded) == 1


def test_a_micrograph_that_cannot_be_read_does_not_stop_looking_ahead(tmp_path):
    (tmp_path / "broken.tif").write_bytes(b"II*")
    paths = [tmp_path / "broken.tif", picture(tmp_path)]
    assert SamChores().look_ahead(paths, str(small_checkpoint(tmp_path))) == 1
    assert len(list(embeddings_folder().iterdir())) == 1


class _Card:
    """A graphics card that is too small a number of times."""

    def __init__(self, error, times):
        self.error, self.left = error, times

    def __call__(self, encode):
        def work(self_, image):
            if self.left:
                self.left -= 1
                raise self.error
            return encode(self_, image)

        return work


def test_a_card_that_is_too_small_leaves_the_work_to_the_processor(monkeypatch):
    card = _Card(torch.OutOfMemoryError("CUDA out of memory."), 1)
    monkeypatch.setattr(SamSegmenter, "_encode", card(SamSegmenter._encode))
    found = SamSegmenter(small_sam())
    assert len(found.propose(found.prepare(discs()), CLICK).masks) == 3
    assert found.model.device.type == "cpu"


def test_a_computer_that_is_too_small_is_a_sentence(monkeypatch):
    error = RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes")
    monkeypatch.setattr(SamSegmenter, "_encode", _Card(error, 9)(SamSegmenter._encode))
    with pytest.raises(SegmentationError, match="too little memory"):
        SamSegmenter(small_sam()).prepare(discs())


def test_any_other_fault_is_not_taken_for_too_little_memory(monkeypatch):
    error = RuntimeError("shape mismatch")
    monkeypatch.setattr(SamSegmenter, "_encode", _Card(error, 9)(SamSegmenter._encode))
    with pytest.raises(RuntimeError, match="shape mismatch"):
        SamSegmenter(small_sam()).prepare(discs())


@pytest.fixture
def project(tmp_path):
    """Two micrographs with three accepted crystals each."""
    store = ProjectStore.create(tmp_path / "project", "AY", mirror_root=tmp_path / "mirror")
    for number, centres in enumerate((CENTRES, CENTRES[::-1][:2])):
        path = picture(tmp_path, f"{number}.tif", centres)
        image_id = store.add_micrograph(path, describe(path)).image_id
        store.put_masks(image_id, [disc(each) for each in centres], MaskSource.MANUAL)
    store.flush()
    store.close()
    return tmp_path / "project"


def test_a_project_teaches_sam_from_the_command_line(tmp_path, project):
    out = tmp_path / "taught.pth"
    checkpoint = small_checkpoint(tmp_path)
    command = ["finetune", project, "--out", out, "--engine", checkpoint, "--epochs", 1]
    done = CliRunner().invoke(app, [str(each) for each in command], catch_exceptions=False)
    said = json.loads(done.stdout)
    assert (said["learnt_from"] + said["held_out"], set(said["click_iou"])) == (
        5,
        {"before", "after"},
    )
    assert set(torch.load(out, weights_only=True)) == set(small_sam().state_dict())


def test_a_large_micrograph_that_was_cancelled_goes_on_with_the_next_part(tmp_path, encoded):
    image = discs(CENTRES, shape=(150, 400))
    tiled = TiledSegmenter(segmenter(tmp_path), 200)

    def stop(progress):
        if progress.message == "Part 2 of 3":
            raise CancelledError

    with pytest.raises(CancelledError):
        tiled.prepare(image, stop)
    first = len(encoded)
    assert len(tiled.prepare(image).parts) == 3
    assert (first, len(encoded)) == (2, 4)
