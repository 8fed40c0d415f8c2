import csv
import errno
import json
import os
from dataclasses import replace
from types import SimpleNamespace

import pytest
from learning_material import material
from lost_share import lost

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import TrainingError
from microcrystalnet.learning import search as searching
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.search import Question, search
from microcrystalnet.learning.search_folder import Trial, read, read_config, write
from microcrystalnet.learning.split import ONE_MICROGRAPH
from microcrystalnet.progress import CancelledError, Progress, ignore_progress

CONFIG = TrainConfig(network="released", epochs=8)


class Pretended:
    """Pretends to train: the loss is known beforehand, and every training is remembered."""

    def __init__(self, losses=()):
        self.losses, self.tried, self.sizes = list(losses), [], []

    def cut(self, size):
        self.sizes.append(size)
        return material(20)

    def __call__(self, _material, _scheme, config, report):
        self.tried.append(config)
        loss = self.losses[len(self.tried) - 1] if self.losses else 1.0
        report(Progress(1, config.epochs, "Epoch 1", {"epoch": 1, "val_loss": loss}))
        told = (config.batch, config.batch, config.crop_size, config.dropout, config.optimizer)
        return Trial("done", *told, config.learning_rate, 8, loss, 0.5)


@pytest.fixture
def pretend(monkeypatch):
    def install(*losses):
        pretended = Pretended(losses)
        monkeypatch.setattr(searching, "_try", pretended)
        return pretended, Question(pretended.cut, FOUR_CLASSES, CONFIG)

    return install


def test_the_first_trial_is_the_configuration_as_it_stands(pretend, tmp_path):
    pretended, question = pretend()
    search(question, tmp_path / "s", 3)
    assert pretended.tried[0] == CONFIG
    assert len(set(pretended.tried)) == 3


def test_the_table_lists_every_trial(pretend, tmp_path):
    _, question = pretend(0.9, 0.4, 0.6)
    search(question, tmp_path / "s", 3)
    rows = list(csv.DictReader((tmp_path / "s" / "trials.csv").open()))
    assert [(row["trial"], row["loss"]) for row in rows] == [
        ("1", "0.9"),
        ("2", "0.4"),
        ("3", "0.6"),
    ]
    assert len(json.loads((tmp_path / "s" / "trials.json").read_text())["trials"]) == 3


def test_the_best_choices_can_be_trained_with(pretend, tmp_path):
    pretended, question = pretend(0.9, 0.4, 0.6)
    found = search(question, tmp_path / "s", 3)
    assert found.best.loss == 0.4
    assert read_config(tmp_path / "s" / "best.json") == pretended.tried[1]


def test_a_cancelled_search_goes_on_where_it_was(pretend, tmp_path):
    pretended, question = pretend(0.9, 0.4, 0.6, 0.5)

    def cancel(progress):
        if progress.message.startswith("Trial 3"):
            raise CancelledError

    with pytest.raises(CancelledError):
        search(question, tmp_path / "s", 4, cancel)
    assert len(read(tmp_path / "s").trials) == 2
    pretended.tried.pop()
    found = search(question, tmp_path / "s", 4)
    assert [trial.loss for trial in found.trials] == [0.9, 0.4, 0.6, 0.5]


def test_a_search_of_other_labels_is_not_continued(pretend, tmp_path):
    pretended, question = pretend()
    search(question, tmp_path / "s", 1)
    pretended.cut = lambda _size: replace(material(20), digest="e" * 64)
    with pytest.raises(TrainingError, match="begun with other crystals"):
        search(replace(question, cut=pretended.cut), tmp_path / "s", 2)


def test_a_damaged_search_is_left_alone(pretend, tmp_path):
    _, question = pretend()
    (tmp_path / "trials.json").write_text("{}")
    with pytest.raises(TrainingError, match="choose a new folder"):
        search(question, tmp_path, 2)
    assert (tmp_path / "trials.json").read_text() == "{}"


def test_progress_counts_the_epochs_of_all_trials(pretend, tmp_path):
    _, question = pretend()
    heard = []
    search(question, tmp_path / "s", 2, heard.append)
    assert [(each.done, each.total) for each in heard] == [(1, 16), (9, 16)]
    assert heard[1].message == "Trial 2 of 2: Epoch 1"


def test_crops_of_one_size_are_cut_once(pretend, tmp_path):
    pretended, question = pretend()
    search(question, tmp_path / "s", 12)
    assert len(pretended.sizes) == len(set(pretended.sizes)) > 1


def test_a_failed_training_is_listed_and_the_search_goes_on(tmp_path, monkeypatch):
    def fail(*_arguments):
        raise TrainingError("It went astray.")

    monkeypatch.setattr(searching, "attempt", fail)
    question = Question(lambda _size: material(20), FOUR_CLASSES, CONFIG)
    with pytest.raises(TrainingError, match="None of 2 trainings succeeded"):
        search(question, tmp_path / "s", 2)
    assert [trial.note for trial in read(tmp_path / "s").trials] == ["It went astray."] * 2


def test_choices_that_cannot_be_read_are_refused(tmp_path):
    (tmp_path / "best.json").write_text("[]")
    with pytest.raises(TrainingError, match=r"best\.json"):
        read_config(tmp_path / "best.json")


class Behind:
    """An optuna trial that has fallen behind."""

    def report(self, loss, epoch):
        self.told = (loss, epoch)

    def should_prune(self):
        return True


def test_a_training_that_falls_behind_is_stopped(monkeypatch):
    def learn(_material, _scheme, _parts, config, report):
        report(Progress(1, config.epochs, "Epoch 1", {"epoch": 1, "val_loss": 9.0}))

    monkeypatch.setattr(searching, "attempt", learn)
    heard = searching._Heard(Behind(), 2, 3, CONFIG, ignore_progress)
    trial = searching._try(material(20), FOUR_CLASSES, CONFIG, heard)
    assert (trial.state, trial.epochs, trial.loss) == ("stopped", 1, 9.0)


def test_a_trial_tells_that_the_division_fell_back_to_crystals(monkeypatch):
    best = SimpleNamespace(val_loss=0.5, val_accuracy=0.9)
    fitted = SimpleNamespace(best=best, history=(best,))
    done = SimpleNamespace(fitted=fitted, config=CONFIG, notes=("Little memory.",))
    monkeypatch.setattr(searching, "attempt", lambda *_: done)
    trial = searching._try(material(20, micrographs=1), FOUR_CLASSES, CONFIG, ignore_progress)
    assert trial.note == f"{ONE_MICROGRAPH} Little memory."


def test_a_search_on_a_share_that_went_away_is_refused_with_the_reason(tmp_path):
    with lost(tmp_path, errno.EIO), pytest.raises(TrainingError, match=os.strerror(errno.EIO)):
        read(tmp_path)


def test_a_search_goes_on_after_stopped_and_failed_trainings(pretend, tmp_path):
    _, question = pretend()
    search(question, tmp_path, 1)
    begun = read(tmp_path)
    (first,) = begun.trials
    stopped, failed = replace(first, state="stopped"), replace(first, state="failed", loss=None)
    write(tmp_path, replace(begun, trials=(first, stopped, failed)))
    assert len(search(question, tmp_path, 5).trials) == 5
