"""Searching for better choices, and taking weights of others in."""

import errno
import os
from dataclasses import replace

import pytest
from fakes import FakeClient, listeners
from lost_share import lost
from window_material import CODES, NoDialogs, add_model

from microcrystalnet.errors import WeightsError
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.imported import OrderMatch
from microcrystalnet.learning.released_weights import RELEASED
from microcrystalnet.learning.search_folder import DONE, Search, Trial, write
from microcrystalnet.learning.weights_file import WeightsFile
from microcrystalnet.progress import Progress
from microcrystalnet.published import part_of, weights_folder
from napari_mcn.controllers.import_controller import ImportController, verdict
from napari_mcn.controllers.released_controller import ReleasedController
from napari_mcn.controllers.search_controller import SearchController
from napari_mcn.panels.model_panel import ModelPanel

TRIALS = (
    Trial(DONE, 32, 32, 64, 0.5, "adam", 1e-3, 5, loss=0.9, accuracy=0.5),
    Trial(DONE, 64, 64, 48, 0.2, "sgd", 5e-3, 5, loss=0.4, accuracy=0.8),
)
SOON = (OrderMatch(("AA", "RES", "PES", "SA"), 0.81), OrderMatch(CODES, 0.5))


@pytest.fixture
def panel(qtbot):
    made = ModelPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def search(panel, session, child, busy, workbench, settled):
    controller = SearchController(panel, session, child, busy=busy, owner=workbench)
    controller.activate(True)
    yield controller
    controller.close()


def tried(child, trials=TRIALS):
    """Let trials be on disk, as the child process writes them."""
    asked = child.last.arguments
    write(asked["folder"], Search("d", CODES, asked["config"], trials))


def test_a_search_asks_for_the_choices_of_the_train_page(search, panel, child, settled):
    panel.fields.epochs.setValue(3)
    panel.search.search_requested.emit(5)
    asked = child.last
    assert (asked.method, asked.arguments["trials"], asked.arguments["config"].epochs) == (
        "search",
        5,
        3,
    )
    assert len(asked.arguments["examples"]) == len(settled)


def test_trials_appear_as_they_are_finished(search, panel, child):
    panel.search.search_requested.emit(5)
    tried(child, (TRIALS[0], replace(TRIALS[1], note="It fell back.")))
    child.last.listener.progress(Progress(10, 50, "Trial 3 of 5: Epoch 1"))
    rows = panel.search.table.rows
    assert [each.values[:3] for each in rows] == [(1, 0.9, 0.5), (2, 0.4, 0.8)]
    assert panel.search.said.text().endswith("The best is trial 2. It fell back.")
    assert panel.search.table.chosen() == "2"


def test_a_cancelled_search_goes_on_in_the_same_folder(search, panel, child, told):
    panel.search.search_requested.emit(5)
    first = child.last.arguments["folder"]
    tried(child)
    panel.search.cancel_requested.emit()
    panel.search.search_requested.emit(5)
    assert (child.cancelled, child.last.arguments["folder"]) == ([1], first)
    assert "can go on" in told[0][1]


def test_other_choices_are_another_search(search, panel, child):
    panel.search.search_requested.emit(5)
    first = child.last.arguments["folder"]
    panel.search.cancel_requested.emit()
    panel.fields.epochs.setValue(3)
    panel.search.search_requested.emit(5)
    assert child.last.arguments["folder"] != first


def test_the_choices_of_a_trial_are_brought_to_the_train_page(search, panel, child):
    panel.show_page("Search")
    panel.search.search_requested.emit(5)
    tried(child)
    child.last.listener.done(None)
    panel.search.use_button.click()
    chosen = panel.fields.value()
    assert (chosen.batch, chosen.crop_size, chosen.dropout) == (64, 48, 0.2)
    assert (chosen.optimizer, chosen.learning_rate, panel.page) == ("sgd", 0.005, "Train")


def test_every_choice_of_the_form_can_be_shown(panel):
    start = panel.fields.value()
    other = replace(start, refits=(1, 4), nsr=("pca",), augment=False, network="vit", factor=0.5)
    panel.fields.set_value(other)
    assert panel.fields.value() == other


def test_as_many_trials_as_there_are_already_is_refused(search, panel, child, told):
    panel.search.search_requested.emit(5)
    tried(child)
    panel.search.cancel_requested.emit()
    panel.search.search_requested.emit(2)
    assert (len(child.asked), "2 trials already" in told[-1][1]) == (1, True)


def test_a_damaged_search_is_told(search, panel, child, told):
    panel.search.search_requested.emit(5)
    folder = child.last.arguments["folder"]
    folder.mkdir(parents=True)
    (folder / "trials.json").write_text("{")
    panel.search.cancel_requested.emit()
    assert "holds no search" in told[0][1]


def test_a_search_on_a_share_that_went_away_is_told(search, panel, store, told):
    with lost(store.folder, errno.ENOTCONN):
        search.activate(True)
    assert [kind for kind, _ in told] == ["warning"]
    assert f"does not answer ({os.strerror(errno.ENOTCONN)})" in told[0][1]


def test_searching_with_nothing_settled_is_refused(panel, session, child, busy, workbench, told):
    controller = SearchController(panel, session, child, busy=busy, owner=workbench)
    panel.search.search_requested.emit(5)
    controller.close()
    assert (child.asked, "settled" in told[0][1]) == ([], True)


@pytest.fixture
def weights(tmp_path):
    """What the child finds in a file."""
    layers = ("Convolution 3 x 3", "Dense 4 units")
    return WeightsFile(tmp_path / "cnn.h5", 64, 4, layers, 287156, "a" * 64, "the released one")


@pytest.fixture
def importing(panel, session, child, busy, workbench, tmp_path):
    dialogs = NoDialogs(tmp_path / "cnn.h5")
    controller = ImportController(
        panel, session, child, dialogs=dialogs, busy=busy, owner=workbench
    )
    panel.show_page("Import")
    yield controller
    controller.close()


@pytest.fixture
def found(importing, panel, child, weights):
    panel.imports.file_button.click()
    child.last.listener.done(weights)
    return importing


def test_a_file_is_looked_into_before_anything_is_made_of_it(importing, panel, child, tmp_path):
    panel.imports.file_button.click()
    assert (child.last.method, child.last.arguments) == (
        "inspect_weights",
        {"path": tmp_path / "cnn.h5"},
    )


def test_what_was_found_is_said(found, panel):
    assert "287,156 parameters" in panel.imports._text.text()
    assert "the released one" in panel.imports._hash.text()
    assert len(panel.imports.choosers) == 4


def test_nothing_is_imported_before_every_output_has_a_class_of_its_own(found, panel):
    before = panel.imports.import_button.isEnabled()
    panel.imports.set_order(["RES", "RES", "AA", "SA"])
    twice = panel.imports.import_button.isEnabled()
    panel.imports.set_order(["PES", "RES", "AA", "SA"])
    assert (before, twice, panel.imports.import_button.isEnabled()) == (False, False, True)


def test_fewer_than_twenty_labelled_crystals_cannot_tell_the_order(found, panel, child, told):
    panel.imports.check_button.click()
    assert (len(child.asked), "20 labelled crystals or more" in told[0][1]) == (1, True)


def test_every_order_is_compared_and_the_best_is_chosen(found, panel, child, settled):
    panel.imports.check_button.click()
    asked = child.last
    asked.listener.done(list(SOON))
    assert (asked.method, len(asked.arguments["labels"])) == ("check_class_order", 20)
    assert panel.imports.order == ["AA", "RES", "PES", "SA"]
    assert "31.0 points before the next" in panel.imports.verdict.text()


def test_a_lead_that_chance_can_make_is_not_relied_on():
    close = [OrderMatch(CODES, 0.5), OrderMatch(CODES[::-1], 0.48)]
    assert "too close" in verdict(close)


def test_an_order_that_is_clicked_is_taken(found, panel):
    panel.imports.orders.row_chosen.emit("SA,AA,PES,RES")
    assert panel.imports.order == ["SA", "AA", "PES", "RES"]


def test_an_imported_classifier_is_a_model_in_use(found, panel, child, session, store, told):
    panel.imports.set_order(["PES", "RES", "AA", "SA"])
    panel.imports.import_button.click()
    asked = child.last
    add_model(store, folder=asked.arguments["folder"])
    asked.listener.done(None)
    assert asked.arguments["class_order"] == ["PES", "RES", "AA", "SA"]
    assert (session.model_id, panel.page) == (asked.arguments["folder"].name, "Predict")


def test_a_file_that_cannot_be_used_is_told(importing, panel, child, told):
    panel.imports.file_button.click()
    child.last.listener.failed(WeightsError("It has a layer of kind Lambda."))
    assert (told, panel.imports.choosers) == ([("warning", "It has a layer of kind Lambda.")], [])


def test_another_project_forgets_the_file(found, panel, session):
    session.close()
    assert not panel.imports.import_button.isVisible()


def test_a_project_for_looking_takes_nothing_in(found, panel, session, read_only, child, told):
    session.open(read_only)
    found.take_in(["PES", "RES", "AA", "SA"])
    assert (len(child.asked), told[-1]) == (1, ("warning", read_only.read_only_reason))


@pytest.fixture
def released(panel, busy, workbench, own_folders):
    downloads, seen = FakeClient(), []
    controller = ReleasedController(
        panel.imports.weights, downloads, seen.append, busy=busy, owner=workbench
    )
    yield downloads, seen
    controller.close()


def test_the_released_weights_are_fetched_after_consent(released, panel):
    downloads, _ = released
    panel.show_page("Import")
    panel.imports.weights.buttons["released"].click()
    asked_first = list(downloads.asked)
    panel.imports.weights.fetch_button.click()
    assert (asked_first, downloads.last.arguments) == ([], {"name": "released"})


def test_fetched_weights_are_looked_into(released, panel):
    downloads, seen = released
    panel.imports.weights.fetch_requested.emit("released")
    weights_folder().mkdir(parents=True)
    path = weights_folder() / RELEASED.file_name
    path.write_bytes(b"weights")
    downloads.last.listener.done(path)
    assert (seen, panel.imports.weights.buttons["released"].text()) == ([path], "Use")


def test_a_paused_download_can_go_on(released, panel):
    downloads, _ = released
    panel.imports.weights.fetch_requested.emit("released")
    part_of(RELEASED).parent.mkdir(parents=True)
    part_of(RELEASED).write_bytes(b"half")
    panel.imports.weights.pause_requested.emit()
    assert (downloads.cancelled, panel.imports.weights.buttons["released"].text()) == (
        [1],
        "Resume",
    )


def test_closing_lets_go_of_the_session(panel, session, canvas, child, busy, workbench):
    before = listeners(session, canvas)
    shared = {"busy": busy, "owner": workbench}
    SearchController(panel, session, child, **shared).close()
    ImportController(panel, session, child, dialogs=NoDialogs(), **shared).close()
    assert listeners(session, canvas) == before


def test_the_searchs_start_is_the_training_that_the_button_would_do(search, panel, child):
    panel.search.search_requested.emit(1)
    assert child.last.arguments["config"] == TrainConfig()
