"""SAM, run by `test_segmentation_in_its_own_process.py` in a process that may import torch."""

from dataclasses import replace

import numpy as np
import pytest
import torch  # noqa: TID253 - this module only runs in a process of its own
from scipy import ndimage
from segment_anything import SamAutomaticMaskGenerator, SamPredictor  # noqa: TID253
from segmentation_material import SMALL, discs, small_checkpoint, small_sam

from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.errors import SegmentationError, WeightsError
from microcrystalnet.progress import CancelledError
from microcrystalnet.segmentation import sam_everything
from microcrystalnet.segmentation.choose import open_segmenter
from microcrystalnet.segmentation.sam import SamSegmenter
from microcrystalnet.segmentation.sam_checkpoint import deduce, open_model
from microcrystalnet.segmentation.segmenter import EverythingSettings

IMAGE = discs()[:, :120]
CLICK = Prompt((Click(40, 41.5),))
CLICKS = Prompt((Click(40, 41), Click(60, 20, False)))
BOX = Prompt(box=Box(18, 17, 63, 62))
BOTH = Prompt((Click(40, 41),), Box(63, 62, 18, 17))
WHOLE = EverythingSettings(smallest_px=1, confidence=0)


@pytest.fixture(autouse=True)
def _a_coarse_grid_of_points(monkeypatch):
    monkeypatch.setattr(sam_everything, "POINTS_PER_SIDE", 4)


@pytest.fixture(scope="module")
def segmenter():
    return SamSegmenter(small_sam())


@pytest.fixture(scope="module")
def embedding(segmenter):
    return segmenter.prepare(IMAGE)


@pytest.fixture(scope="module")
def predictor():
    predictor = SamPredictor(small_sam())
    predictor.set_image(np.repeat(IMAGE[..., None], 3, 2))
    return predictor


def own(predictor, **prompt):
    masks, scores, _ = predictor.predict(**prompt)
    order = np.argsort(-scores)
    return masks[order], scores[order]


def assert_same(proposals, expected):
    masks, scores = expected
    found = np.stack([mask.to_image(*IMAGE.shape) for mask in proposals.masks])
    np.testing.assert_array_equal(found, masks)
    np.testing.assert_allclose(proposals.scores, scores, rtol=1e-6)


def test_a_click_gives_the_three_masks_of_segment_anything(segmenter, embedding, predictor):
    expected = own(predictor, point_coords=np.array([[41.5, 40]]), point_labels=np.array([1]))
    assert_same(segmenter.propose(embedding, CLICK), expected)


def test_clicks_give_the_mask_of_segment_anything(segmenter, embedding, predictor):
    expected = own(
        predictor,
        point_coords=np.array([[41, 40], [20, 60]]),
        point_labels=np.array([1, 0]),
        multimask_output=False,
    )
    assert_same(segmenter.propose(embedding, CLICKS), expected)


def test_a_box_gives_the_mask_of_segment_anything(segmenter, embedding, predictor):
    expected = own(predictor, box=np.array([17, 18, 62, 63]), multimask_output=False)
    assert_same(segmenter.propose(embedding, BOX), expected)


def test_a_box_drawn_backwards_with_a_click_is_the_same_box(segmenter, embedding, predictor):
    expected = own(
        predictor,
        point_coords=np.array([[41, 40]]),
        point_labels=np.array([1]),
        box=np.array([17, 18, 62, 63]),
        multimask_output=False,
    )
    assert_same(segmenter.propose(embedding, BOTH), expected)


def test_many_prompts_are_answered_as_one_by_one(segmenter, embedding):
    prompts = [BOX, CLICK, CLICKS, BOX, Prompt((Click(100, 70),)), BOTH]
    together = segmenter.propose_many(embedding, prompts)
    assert [each.masks for each in together] == [
        segmenter.propose(embedding, prompt).masks for prompt in prompts
    ]


def test_an_embedding_of_another_micrograph_does_not_disturb(segmenter, embedding):
    before = segmenter.propose(embedding, CLICK)
    segmenter.prepare(255 - IMAGE)
    assert segmenter.propose(embedding, CLICK).masks == before.masks


def largest_piece(pixels):
    return np.bincount(ndimage.label(pixels)[0][pixels]).max()


def test_everything_finds_the_masks_of_the_generator_in_one_piece(segmenter, embedding):
    generator = SamAutomaticMaskGenerator(
        small_sam(), points_per_side=4, pred_iou_thresh=0, stability_score_thresh=0
    )
    expected = generator.generate(np.repeat(IMAGE[..., None], 3, 2))
    small_enough = [each for each in expected if each["area"] < 0.9 * IMAGE.size]
    areas = [largest_piece(each["segmentation"]) for each in small_enough]
    found = segmenter.everything(embedding, WHOLE)
    assert sorted(mask.area for mask in found) == sorted(areas)


def test_other_settings_choose_among_what_was_found(segmenter, embedding, monkeypatch):
    everything = segmenter.everything(embedding, WHOLE)
    monkeypatch.setattr(sam_everything, "search", None)
    small = segmenter.everything(embedding, replace(WHOLE, largest_px=40))
    assert small == [mask for mask in everything if mask.area <= np.pi * 400]


def test_less_confidence_than_was_searched_for_searches_again(segmenter):
    fresh = segmenter.prepare(IMAGE)
    assert segmenter.everything(fresh, replace(WHOLE, confidence=1)) == []
    assert len(segmenter.everything(fresh, WHOLE)) > 0


def test_everything_that_is_sure_of_nothing_is_an_empty_list(segmenter, embedding):
    assert segmenter.everything(embedding, EverythingSettings(confidence=1)) == []


def test_everything_stops_when_it_is_cancelled(segmenter):
    def stop(progress):
        raise CancelledError

    with pytest.raises(CancelledError):
        segmenter.everything(segmenter.prepare(IMAGE), WHOLE, stop)


def test_a_click_outside_is_refused(segmenter, embedding):
    with pytest.raises(SegmentationError, match="outside"):
        segmenter.propose(embedding, Prompt((Click(500, 3),)))


def test_the_architecture_is_read_off_the_tensors():
    assert deduce(small_sam().state_dict()) == SMALL


def test_a_checkpoint_file_is_opened_by_its_path(tmp_path, embedding, segmenter):
    opened = open_segmenter(small_checkpoint(tmp_path))
    proposals = opened.propose(opened.prepare(IMAGE), CLICK)
    assert proposals.masks == segmenter.propose(embedding, CLICK).masks


def test_weights_inside_a_training_checkpoint_are_found(tmp_path):
    state = {f"sam.{name}": tensor for name, tensor in small_sam().state_dict().items()}
    torch.save({"model_state": state, "epoch": 3}, tmp_path / "trained.pt")
    assert deduce(open_model(tmp_path / "trained.pt").state_dict()) == SMALL


def refused(path):
    with pytest.raises(WeightsError) as refusal:
        open_segmenter(path)
    text = str(refusal.value)
    assert path.name in text
    assert "\n" not in text
    return text


def test_a_checkpoint_of_another_architecture_is_refused(tmp_path):
    torch.save(torch.nn.Linear(3, 4).state_dict(), tmp_path / "linear.pth")
    assert "holds no Segment Anything weights" in refused(tmp_path / "linear.pth")


def test_a_sam_with_a_missing_tensor_is_refused(tmp_path):
    state = dict(small_sam().state_dict())
    del state["mask_decoder.iou_token.weight"]
    torch.save(state, tmp_path / "partial.pth")
    assert "holds no Segment Anything weights" in refused(tmp_path / "partial.pth")


def test_absurd_dimensions_are_refused_before_memory_is_taken():
    state = dict(small_sam().state_dict())
    state["image_encoder.neck.0.weight"] = torch.zeros(1).expand(1 << 30, 32, 1, 1)
    with pytest.raises(ValueError, match="dimensions"):
        deduce(state)


def test_a_text_file_is_refused(tmp_path):
    path = tmp_path / "notes.pth"
    path.write_text("These are not the weights you are looking for.")
    assert "no readable checkpoint" in refused(path)


def test_a_truncated_checkpoint_is_refused(tmp_path):
    path = small_checkpoint(tmp_path)
    path.write_bytes(path.read_bytes()[:5000])
    assert "no readable checkpoint" in refused(path)


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "empty.pth"
    path.touch()
    assert "no readable checkpoint" in refused(path)


def test_a_keras_file_is_refused(tmp_path):
    import h5py

    with h5py.File(tmp_path / "cnn.h5", "w") as file:
        file["model_weights/conv/kernel"] = np.zeros((3, 3))
    assert "no readable checkpoint" in refused(tmp_path / "cnn.h5")


class _Trap:
    def __reduce__(self):
        return open, ("trapped", "w")


def test_code_in_a_checkpoint_is_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"weights": _Trap()}, tmp_path / "evil.pth")
    assert "no readable checkpoint" in refused(tmp_path / "evil.pth")
    assert not (tmp_path / "trapped").exists()


def test_a_missing_file_is_refused(tmp_path):
    assert "There is no weights file" in refused(tmp_path / "gone.pth")
