"""Bad input through the real window: one plain sentence each, nothing lost, and it lives on."""

import json
import zipfile

import pytest
from qtpy.QtCore import Qt
from user import PLACES, at_work, digest, draw, make_project
from window_material import ROCKS, add_model, settle

from napari_mcn.session import EMBEDDED

PATIENCE = 60_000


@pytest.fixture(scope="module")
def desk(window, tmp_path_factory):
    """One workbench for all these tests, on a micrograph of twelve crystals."""
    home = tmp_path_factory.mktemp("desk")
    with at_work(window, home) as open_one:
        yield open_one(make_project(home / "project"))


@pytest.fixture
def user(desk, request, qtbot):
    """An expert who has labelled nothing yet; afterwards the window must still take a label."""
    yield desk.start_over(f"expert {abs(hash(request.node.name))}")
    desk.session.crystal_id = None
    desk.press(Qt.Key.Key_K, Qt.Key.Key_1)
    assert desk.answers[0] == "RES"


@pytest.fixture
def refused(user, told):
    """Give what the user was told, once it is sure that the project is as it was."""
    store, micrographs = user.session.store, list(user.session.project.state.micrographs)

    def sentence():
        assert user.session.store is store
        assert list(store.state.micrographs) == micrographs
        assert len(user.session.crystals) == len(PLACES)
        ((severity, text),) = told
        assert severity == "warning"
        assert text.endswith(".")
        assert "Error" not in text
        return text

    return sentence


@pytest.fixture
def open_read_only(user, tmp_path):
    """The user's workbench on a project that a newer program wrote; theirs is back afterwards."""
    mine = user.session.project.folder
    folder = make_project(tmp_path / "newer")
    head = json.loads((folder / "project.json").read_text())
    (folder / "project.json").write_text(json.dumps(head | {"major": 99}))
    user.dock.projects.project.open(folder)
    yield user, folder
    user.dock.projects.project.open(mine)


def test_a_file_that_is_not_there(user, refused, tmp_path):
    user.dock.projects.overview.files_dropped.emit([tmp_path / "gone.tif"])
    assert "gone.tif" in refused()


def test_a_text_named_tif(user, refused, tmp_path):
    (tmp_path / "letter.tif").write_text("Dear colleague,")
    user.dock.projects.overview.files_dropped.emit([tmp_path / "letter.tif"])
    assert "letter.tif" in refused()


def test_a_truncated_tiff(user, refused, tmp_path):
    path = draw(tmp_path / "half.tif", seed=5)
    path.write_bytes(path.read_bytes()[:9000])
    user.dock.projects.overview.files_dropped.emit([path])
    assert "half.tif" in refused()


def test_an_empty_folder(user, refused, tmp_path):
    user.dock.projects.project.open(tmp_path)
    assert "is not a project" in refused()


def test_a_project_folder_of_something_else(user, refused, tmp_path):
    (tmp_path / "project.json").write_text('{"name": "my-web-page", "version": "1.0.0"}')
    user.dock._dialogs.path = tmp_path
    user.click(user.dock.projects.overview.open_button)
    assert "of another program" in refused()


def test_a_checkpoint_of_another_architecture(qtbot, user, refused, told, tmp_path):
    path = tmp_path / "resnet.pth"
    with zipfile.ZipFile(path, "w") as file:  # what torch.save writes for {"fc": 1}
        file.writestr("archive/data.pkl", b"\x80\x02}q\x00X\x02\x00\x00\x00fcq\x01K\x01s.")
        file.writestr("archive/version", b"3\n")
        file.writestr("archive/byteorder", b"little")
    user.dock._dialogs.path = path
    user.go_to("Segment")
    user.click(user.dock.outlining.panel.checkpoint_button)
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    assert ("resnet.pth" in refused(), user.session.engine) == (True, EMBEDDED)


def test_training_with_nothing_settled(user, refused):
    user.go_to("Model")
    user.click(user.dock.models.panel.train_button)
    assert "settled" in refused()


def test_training_with_one_class(user, told):
    store = user.session.project
    settle(store, user.dock.labelling.label._order, ["RES"] * len(PLACES))
    user.go_to("Model")
    user.click(user.dock.models.panel.train_button)
    assert told[-1] == (
        "warning",
        "All 12 settled crystals are RES; a classifier needs crystals of at least two classes.",
    )


def test_predicting_without_a_model(user, refused):
    user.dock.models.panel.predict_requested.emit()
    assert refused() == "There is no classifier yet: train one first."


def test_asking_why_without_a_model(user, refused):
    user.press(Qt.Key.Key_K, Qt.Key.Key_W)
    assert refused() == "There is no classifier yet: train one on the Model page."


def test_a_model_of_another_scheme(user, refused):
    user.session.model_id = add_model(user.session.project, scheme=ROCKS)
    user.go_to("Model")
    user.click(user.dock.models.panel.pages.buttons["Predict"])
    user.click(user.dock.models.panel.predict_button)
    text = refused()
    user.session.model_id = None
    assert "A, B, C, D" in text


def test_a_project_that_may_only_be_looked_at(user, open_read_only, told):
    looker, folder = open_read_only
    before = digest(folder)
    looker.press(Qt.Key.Key_K, Qt.Key.Key_1, Qt.Key.Key_Delete)
    looker.dock.projects.overview.files_dropped.emit([draw(folder.parent / "more.tif", 3)])
    texts = {text for _, text in told}
    assert (looker.answers, len(texts), digest(folder)) == ([], 1, before)


def test_a_folder_that_can_no_longer_be_written(qtbot, user, desk):
    folder, expert = user.session.project.folder, user.session.expert
    user.session.project.flush()
    (folder / "log").rename(folder / "log-away")
    (folder / "log").write_text("a file where the folder was")
    user.press(Qt.Key.Key_K, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: "only on this computer" in user.dock.saved.text(), timeout=PATIENCE)
    (folder / "log").unlink()
    (folder / "log-away").rename(folder / "log")
    user.dock.projects.project.open(folder)
    user.session.become(expert)
    assert user.answers == ["PES"]
