"""Fine-tuning, run by `test_segmentation_in_its_own_process.py` with torch."""

import numpy as np
import pytest
import torch  # noqa: TID253 - this module only runs in a process of its own
from segment_anything import SamPredictor  # noqa: TID253
from segmentation_material import CENTRES, SMALL, disc, discs, small_sam

from microcrystalnet.errors import TrainingError, WeightsError
from microcrystalnet.imaging.corrections import deepest_point
from microcrystalnet.progress import CancelledError
from microcrystalnet.segmentation import finetune as finetuning
from microcrystalnet.segmentation import lessons
from microcrystalnet.segmentation.finetune import (
    FinetuneConfig,
    finetune,
)
from microcrystalnet.segmentation.lessons import BY_CRYSTAL, Lesson
from microcrystalnet.segmentation.sam import SamSegmenter
from microcrystalnet.segmentation.sam_checkpoint import build

MASKS = tuple(disc(centre) for centre in CENTRES)
EPOCHS = 100
QUICK = FinetuneConfig(epochs=1)


def lesson(name="a"):
    return Lesson(name, discs(), MASKS)


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """Teach the smallest SAM of the real architecture what discs are, thoroughly."""
    target = tmp_path_factory.mktemp("weights") / "taught.pth"
    steps = []
    config = FinetuneConfig(epochs=EPOCHS, learning_rate=1e-3, batch=1)
    summary = finetune(
        SamSegmenter(small_sam()), [lesson("a"), lesson("b")], target, config, steps.append
    )
    return summary, steps


def test_one_click_outlines_better_than_before(taught):
    summary, _ = taught
    assert summary.after > summary.before + 0.3


def test_whole_micrographs_are_held_out(taught):
    summary, _ = taught
    assert (summary.learnt_from, summary.held_out, summary.note) == (3, 3, "")


def test_every_epoch_tells_its_loss(taught):
    _, steps = taught
    losses = [step.values["loss"] for step in steps if step.values]
    assert (len(losses), losses[-1] < losses[0]) == (EPOCHS, True)


def test_segment_anything_loads_what_was_written(taught):
    summary, _ = taught
    model = build(SMALL)
    model.load_state_dict(torch.load(summary.path, weights_only=True), strict=True)
    predictor = SamPredictor(model.eval())
    predictor.set_image(np.repeat(discs()[..., None], 3, 2))
    row, col = CENTRES[0]
    masks, scores, _ = predictor.predict(np.array([[col, row]]), np.array([1]))
    best = masks[np.argmax(scores)]
    assert (best & MASKS[0].to_image(150, 150)).sum() > 0.5 * MASKS[0].area


def test_only_the_mask_decoder_has_changed(taught):
    summary, _ = taught
    now, before = torch.load(summary.path, weights_only=True), small_sam().state_dict()
    changed = {name.split(".")[0] for name in now if not torch.equal(now[name], before[name])}
    assert changed == {"mask_decoder"}


def test_crystals_of_the_only_micrograph_are_held_out_and_told_of(tmp_path):
    masks = (*MASKS, disc((100, 20), 12))
    summary = finetune(
        SamSegmenter(small_sam()), [Lesson("a", discs(), masks)], tmp_path / "w.pth", QUICK
    )
    assert (summary.learnt_from, summary.held_out, summary.note) == (3, 1, BY_CRYSTAL)


def test_crystals_of_a_large_micrograph_are_learnt_on_its_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "LONGEST", 200)
    seen = []
    prepare = SamSegmenter.prepare
    monkeypatch.setattr(
        SamSegmenter,
        "prepare",
        lambda self, image: seen.append(image.shape) or prepare(self, image),
    )
    centres = [(75, 30), (75, 150), (75, 270), (75, 360)]
    masks = tuple(disc(centre, 20, (150, 400)) for centre in centres)
    large = Lesson("a", discs(centres, 20, (150, 400)), masks)
    summary = finetune(SamSegmenter(small_sam()), [large, large], tmp_path / "w.pth", QUICK)
    assert summary.learnt_from >= 4
    assert set(seen) == {(150, 200)}


def test_too_few_crystals_are_refused(tmp_path):
    with pytest.raises(TrainingError, match="at least 4 accepted crystals to learn from, not 3"):
        finetune(SamSegmenter(small_sam()), [lesson()], tmp_path / "w.pth")


def test_a_cancelled_lesson_writes_nothing(tmp_path):
    def stop(progress):
        if "Epoch" in progress.message:
            raise CancelledError

    with pytest.raises(CancelledError):
        finetune(SamSegmenter(small_sam()), [lesson(), lesson()], tmp_path / "w.pth", QUICK, stop)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(
        WeightsError, match=r"w\.pth \([A-Z][a-z ]+\); make room, or choose another"
    ):
        finetune(
            SamSegmenter(small_sam()),
            [lesson(), lesson()],
            tmp_path / "file" / "w.pth",
            QUICK,
        )


class _SmallMemory:
    """Holds no more than so many crystals."""

    def __init__(self, most):
        self.most, self.sizes = most, []

    def learn(self, _embedding, masks, _generator):
        self.sizes.append(len(masks))
        if len(masks) > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return 1.0


def learn_with(most, tmp_path, monkeypatch):
    pupil = _SmallMemory(most)
    monkeypatch.setattr(finetuning, "Pupil", lambda _model, _rate: pupil)
    finetune(SamSegmenter(small_sam()), [lesson(), lesson()], tmp_path / "w.pth", QUICK)
    return pupil.sizes


def test_where_memory_is_small_fewer_crystals_are_learnt_at_a_time(tmp_path, monkeypatch):
    sizes = learn_with(2, tmp_path, monkeypatch)
    assert (sizes[0], max(sizes[2:])) == (3, 2)


def test_where_memory_is_too_small_for_one_crystal_it_is_a_sentence(tmp_path, monkeypatch):
    with pytest.raises(TrainingError, match="too little memory"):
        learn_with(0, tmp_path, monkeypatch)


def test_the_deepest_point_of_a_disc_is_its_middle():
    assert deepest_point(disc((40, 40))) == (40, 40)
