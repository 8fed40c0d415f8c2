"""The sample project that comes with the program."""

from pathlib import Path

import pytest

from microcrystalnet.errors import ProjectError
from microcrystalnet.labelling.consensus import settle_all
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.synth.sample import (
    LEFT_OPEN,
    NEW_MICROGRAPH,
    PROJECT,
    build_sample,
    copy_sample,
)

SHIPPED = Path(__file__).parents[2] / "sample_data"


@pytest.fixture
def sample(tmp_path):
    copied = copy_sample(SHIPPED / PROJECT, tmp_path / "copy")
    store = ProjectStore.open(copied, "guest", mirror_root=tmp_path / "mirror")
    yield store
    store.close()


def test_each_of_four_micrographs_shows_25_to_60_crystals(sample):
    counts = [len(sample.state.crystals(image)) for image in sample.state.micrographs]
    assert len(counts) == 4
    assert all(25 <= count <= 60 for count in counts)


def test_every_micrograph_is_calibrated(sample):
    assert all(micrograph.calibrated for micrograph in sample.state.micrographs.values())


def test_every_micrograph_says_what_wrote_its_settings(sample):
    told = {dict(each.origins)["hv_kv"] for each in sample.state.micrographs.values()}
    assert told == {f"JEOL sidecar (micrite_{number}.txt)" for number in range(1, 5)}


def test_two_experts_have_labelled_every_crystal_and_the_first_all_but_ten(sample):
    votes = sample.votes()
    by = [tuple(sorted(labels)) for labels in votes.values()]
    assert set(by) == {("AY", "MK", "RS"), ("MK", "RS")}
    assert by.count(("MK", "RS")) == LEFT_OPEN


def test_every_label_is_blind(sample):
    votes = sample.votes()
    assert all(label.blind for by in votes.values() for label in by.values())


def test_there_is_enough_agreement_to_train_and_enough_dispute_to_settle(sample):
    verdicts = settle_all(sample.votes()).values()
    settled = sum(verdict.settled for verdict in verdicts) / len(verdicts)
    assert 0.55 < settled < 0.85


def test_every_class_has_settled_crystals_to_learn_from(sample):
    settled = [verdict.cls for verdict in settle_all(sample.votes()).values() if verdict.settled]
    assert min(settled.count(cls) for cls in sample.state.scheme.codes) >= 15


def test_its_journals_hold_no_damage(sample):
    sample.votes()
    assert sample.problems() == ()


def test_a_micrograph_to_predict_lies_beside_the_project():
    assert describe(SHIPPED / NEW_MICROGRAPH).calibrated


def test_the_sample_is_small_enough_to_ship():
    size = sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file())
    assert size < 12e6


def test_two_copies_are_two_projects(sample, tmp_path):
    other = copy_sample(SHIPPED / PROJECT, tmp_path / "other")
    store = ProjectStore.open(other, "guest", mirror_root=tmp_path / "mirror")
    store.close()
    assert store.project_id != sample.project_id


def test_copying_onto_other_files_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ProjectError, match="holds other files"):
        copy_sample(SHIPPED / PROJECT, tmp_path)


def test_copying_something_else_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(ProjectError, match="not a project"):
        copy_sample(tmp_path / "nothing", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_sample_can_be_built_anew(tmp_path):
    project = build_sample(tmp_path / "built", seeds=(1,), shape=(256, 256))
    store = ProjectStore.open(project, "guest", mirror_root=tmp_path / "mirror")
    labelled = len(store.votes())
    store.close()
    assert labelled > 0
    assert (tmp_path / "built" / NEW_MICROGRAPH).exists()
