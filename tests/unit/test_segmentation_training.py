import numpy as np
import pytest

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import SegmentationError
from microcrystalnet.segmentation.segmenter import MaskProposals
from microcrystalnet.segmentation.training.crops import draw_crop, edges
from microcrystalnet.segmentation.training.evaluate import (
    PictureResult,
    count_matches,
    evaluate_prompts,
    summary,
)
from microcrystalnet.segmentation.training.pictures import (
    TrainingPicturesError,
    is_validation,
    load_pictures,
    make_picture,
)


@pytest.fixture
def picture():
    labels = np.zeros((200, 240), np.uint16)
    labels[20:80, 30:90], labels[100:160, 90:200] = 1, 2
    return make_picture("two blocks", (labels * 80 + 30).astype(np.uint8), labels)


class Perfect:
    """A segmenter that knows the labels; it refuses boxes."""

    def __init__(self, labels):
        self.labels = labels

    def prepare(self, image, report=None):
        return image

    def propose(self, embedding, prompt):
        if prompt.box is not None:
            raise SegmentationError("No box today.")
        label = self.labels[int(prompt.clicks[0].row), int(prompt.clicks[0].col)]
        return MaskProposals((Mask.from_pixels(self.labels == label),), (1.0,))


def test_an_article_is_always_on_the_same_side_of_the_split():
    assert is_validation("10.1016/j.cej.2020.125371") is is_validation("10.1016/j.cej.2020.125371")


def test_about_one_article_in_five_is_kept_for_validation():
    kept = sum(is_validation(f"10.1000/{number}") for number in range(1000))
    assert 150 < kept < 250


def test_a_folder_without_manifest_is_refused(tmp_path):
    with pytest.raises(TrainingPicturesError, match=r"no manifest\.csv"):
        load_pictures(tmp_path, validation=False)


def test_the_deepest_pixel_lies_in_the_middle_of_a_block(picture):
    assert picture.particles[0].deepest in {(49, 59), (49, 60), (50, 59), (50, 60)}


def test_depth_is_full_at_the_deepest_pixel_and_none_outside(picture):
    assert (picture.depth[picture.particles[0].deepest], picture.depth[0, 0]) == (255, 0)


def test_edges_lie_inside_both_of_two_touching_crystals():
    labels = np.array([[1, 1, 1, 2, 2, 2]] * 3, np.uint16)
    assert edges(labels)[1].tolist() == [False, False, True, True, False, False]


def test_a_prompted_crop_asks_for_one_crystal(picture):
    crop = draw_crop(picture, np.random.default_rng(3), prompted=True)
    assert crop.inputs[1:].any()
    assert crop.weights[3].any()


def test_an_unprompted_crop_asks_for_none(picture):
    crop = draw_crop(picture, np.random.default_rng(3), prompted=False)
    assert not crop.inputs[1:].any()
    assert not crop.weights[3].any()


def test_a_mask_matches_one_crystal_only(picture):
    whole = Mask.from_pixels(picture.labels == 1)
    assert count_matches([whole, whole], [whole]) == 1


def test_a_perfect_click_scores_one_and_a_refused_box_nothing(picture):
    results = evaluate_prompts(Perfect(picture.labels), [picture])
    assert [(each.click_iou, each.box_iou) for each in results] == [(1, 0), (1, 0)]


def test_the_summary_counts_matches_over_all_pictures():
    pictures = [PictureResult("a", 3, 3, 3), PictureResult("b", 1, 1, 0)]
    numbers = summary([], pictures)
    assert (numbers["everything_f1"], numbers["everything_f1_mean_of_pictures"]) == (0.75, 0.5)


def test_a_manifest_without_a_column_is_refused_by_name(tmp_path):
    (tmp_path / "manifest.csv").write_text("name,source_doi\na,10.1\n")
    with pytest.raises(TrainingPicturesError, match="has no column modality; give it one"):
        load_pictures(tmp_path, validation=False)


def test_the_command_line_says_so_in_one_sentence(tmp_path, monkeypatch, capsys):
    from microcrystalnet.segmentation.training.__main__ import main

    words = ["training", "fit", "--data", str(tmp_path), "--out", str(tmp_path / "run")]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit, match=r"There is no manifest\.csv in"):
        main()
