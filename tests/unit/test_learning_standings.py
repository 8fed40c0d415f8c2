from dataclasses import replace

import pytest

from microcrystalnet.cli.benchmark import as_markdown
from microcrystalnet.errors import TrainingError, WeightsError
from microcrystalnet.learning.benchmark import Outcome
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.entrants import ABLATION, enter
from microcrystalnet.learning.records import HeldOut
from microcrystalnet.learning.standings import standings

FIRST, SECOND = (0.9, 0.1), (0.1, 0.9)


def outcome(entrant, wrong, seed=0):
    """Give a result of forty crystals on twenty micrographs, the first ``wrong`` of them wrong."""
    judged = tuple(
        HeldOut(f"c{at}", f"i{at % 20}", "AB"[at % 2], said(at, at < wrong)) for at in range(40)
    )
    return Outcome(
        entrant,
        seed,
        TrainConfig(),
        "d",
        ("A", "B"),
        1000,
        5,
        4,
        0.5,
        60,
        90,
        None,
        None,
        None,
        judged,
    )


def said(at, wrong):
    return FIRST if bool(at % 2) == wrong else SECOND


def test_networks_are_ranked_by_accuracy():
    table = standings([outcome("worse", 20), outcome("better", 4)])
    assert [each.entrant for each in table] == ["better", "worse"]
    assert [each.accuracy.value for each in table] == [0.9, 0.5]


def test_seeds_of_a_network_are_averaged():
    (only,) = standings([outcome("n", 0, seed=0), outcome("n", 20, seed=1)])
    assert (only.seeds, only.accuracy.value) == (2, 0.75)


def test_intervals_hold_the_value():
    (only,) = standings([outcome("n", 10)])
    assert only.accuracy.low < only.accuracy.value < only.accuracy.high
    assert only.macro_f1.low < only.macro_f1.value < only.macro_f1.high


def test_how_far_a_network_is_behind_is_compared_on_the_same_micrographs():
    best, other = standings([outcome("best", 4), outcome("other", 5)])
    assert best.behind is None
    assert other.behind.value == pytest.approx(1 / 40)
    assert other.behind.low >= 0


def test_the_table_is_written_in_percent():
    text = as_markdown(standings([outcome("best", 4), outcome("other", 20)]))
    assert "| best | 1,000 | 1 | 5 | 1.5 | 90.0 (" in text
    assert text.splitlines()[3].startswith("| other |")


def test_the_ablation_leaves_out_one_part_of_the_block_at_a_time_and_all():
    entrants = enter(["ablation"], TrainConfig())
    assert [each.config.nsr for each in entrants] == list(ABLATION.values())
    assert {each.config.network for each in entrants} == {"paper"}


def test_less_dropout_changes_nothing_else_of_the_papers_network():
    (less,) = enter(["paper-less-dropout"], TrainConfig())
    (whole,) = enter(["paper"], TrainConfig())
    assert replace(less.config, dropout=0.5, block_dropout=0.2) == whole.config


def test_an_unknown_network_is_named_with_those_there_are():
    with pytest.raises(TrainingError, match=r"no network “alexnet”.*vgg16"):
        enter(["alexnet"], TrainConfig())


def test_imagenet_weights_are_for_published_networks_only(tmp_path):
    with pytest.raises(TrainingError, match="“paper”"):
        enter([], TrainConfig(), {"paper": tmp_path})


def test_a_missing_file_of_weights_is_told_before_anything_is_trained(tmp_path):
    with pytest.raises(WeightsError, match=r"none\.h5 is missing"):
        enter([], TrainConfig(), {"vgg16": tmp_path / "none.h5"})
