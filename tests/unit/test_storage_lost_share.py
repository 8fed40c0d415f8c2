"""A share that went away with an error: one plain sentence, and nothing is lost."""

import errno
import os
import shutil

import pytest
from lost_share import lost
from storage_scene import IMAGE, MICROGRAPH, create, disc, outline, reopen

from microcrystalnet.errors import ProjectError, SilentFolderError
from microcrystalnet.storage import exchange, health, images, predictions, snapshot
from microcrystalnet.storage.layout import journals
from microcrystalnet.storage.merge import merge
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.storage.pulse import Pulse

MODEL = "01" * 13
GONE = pytest.mark.parametrize("number", [errno.ENOTCONN, errno.ESTALE, errno.EIO])


def copied(store):
    return store.folder.parent / "other"


def scene(store):
    return store.folder.parent / "scene.tif"


@pytest.fixture
def store(tmp_path):
    made = create(tmp_path)
    yield made
    made.close()


@pytest.fixture
def between(monkeypatch):
    """Let the folder answer when it is asked, so that it goes away only after that."""
    monkeypatch.setattr(Pulse, "answers", lambda _: True)


@GONE
def test_a_share_that_went_away_does_not_answer_and_says_why(tmp_path, number):
    pulse = Pulse(tmp_path, patience_s=10)
    with lost(tmp_path, number), pytest.raises(SilentFolderError) as refusal:
        pulse.require()
    assert f"does not answer ({os.strerror(number)})" in str(refusal.value)
    assert pulse.answers()


@GONE
def test_reading_what_is_new_waits_for_a_share_that_went_away(store, number):
    with lost(store.folder, number):
        store.refresh()
    assert store.problems() == ()


@GONE
def test_a_share_that_goes_away_while_it_is_read_is_named_until_it_is_back(store, between, number):
    with lost(store.folder, number):
        store.refresh()
        (problem,) = store.problems()
    assert os.strerror(number) in problem.text
    store.refresh()
    assert store.problems() == ()


@GONE
def test_what_is_drawn_while_the_share_is_away_is_there_when_it_is_back(store, number):
    store.flush()
    with lost(store.folder, number):
        crystal = outline(store)
        store.refresh()
    again = reopen(store)
    assert again.state.crystal(crystal).mask == disc()


@GONE
def test_opening_a_project_on_a_share_that_is_away_is_refused_in_a_sentence(tmp_path, number):
    store = create(tmp_path)
    store.close()
    with lost(store.folder, number), pytest.raises(ProjectError, match=os.strerror(number)):
        ProjectStore.open(store.folder, "AY", mirror_root=tmp_path / "mirror")


def test_a_share_that_goes_away_while_it_is_opened_is_refused_in_a_sentence(tmp_path, between):
    store = create(tmp_path)
    store.close()
    logs = lost(store.folder / "log", errno.ENOTCONN)
    with logs, pytest.raises(ProjectError, match="went away while it was opened"):
        ProjectStore.open(store.folder, "AY", mirror_root=tmp_path / "mirror")


def test_the_known_models_stay_while_the_share_goes_away(store, between):
    (store.model_folder(MODEL)).mkdir(parents=True)
    (store.model_folder(MODEL) / "model.json").touch()
    known = store.models()
    with lost(store.folder, errno.ENOTCONN):
        assert store.models() == known == (MODEL,)


@pytest.mark.parametrize(
    ("part", "act"),
    [
        ("predictions", lambda store: predictions.read(store.folder, MODEL, IMAGE)),
        ("predictions", lambda store: predictions.write(store.folder, MODEL, IMAGE, ())),
        ("images", lambda store: store.image_path(IMAGE)),
        ("images", lambda store: store.sha256(IMAGE)),
        ("images", lambda store: images.store(store.folder, scene(store), MICROGRAPH)),
        ("log", lambda store: health.check(store.folder, store.mirror)),
        ("masks", lambda store: health.check(store.folder, store.mirror)),
        ("log", lambda store: exchange.bring(store.folder, copied(store))),
        ("log", lambda store: exchange.bring(copied(store), store.folder)),
        ("masks", lambda store: merge(copied(store), store.folder)),
        ("images", lambda store: snapshot.snapshot(store.folder, copied(store) / "all.zip")),
    ],
)
def test_whatever_is_asked_of_a_share_that_goes_away_is_refused_in_a_sentence(store, part, act):
    outline(store)
    store.flush()
    shutil.copytree(store.folder, copied(store))
    reason = os.strerror(errno.ENOTCONN)
    with lost(store.folder / part, errno.ENOTCONN), pytest.raises(ProjectError, match=reason):
        act(store)


def test_a_folder_without_journals_has_none(tmp_path):
    assert journals(tmp_path / "none") == []
