"""Training by one button, predicting, and what is refused before any work begins."""

import pytest
from fakes import FakeClient, listeners
from qtpy.QtCore import Qt
from window_material import ROCKS, add_model, predicted, settle

from microcrystalnet.errors import EngineError
from microcrystalnet.progress import Progress
from napari_mcn.controllers.model_controller import ModelController
from napari_mcn.panels.model_panel import ModelPanel, TrainForm

LEFT = Qt.MouseButton.LeftButton
GRID = tuple((4 * row, 5 * col) for row in range(3) for col in range(4))  # twelve crystals
TWO_CLASSES = ["RES", "PES"] * 6
EPOCH = {"epoch": 1, "loss": 1.2, "accuracy": 0.5, "val_loss": 1.3, "val_accuracy": 0.4}


@pytest.fixture
def panel(qtbot):
    made = ModelPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def classifier():
    return FakeClient()


@pytest.fixture
def model(panel, session, classifier, busy, workbench):
    controller = ModelController(panel, session, classifier, busy=busy, owner=workbench)
    yield controller
    controller.close()


@pytest.fixture
def settled(store, outline):
    """Twelve crystals of two classes, agreed by two experts."""
    crystals = outline(places=GRID)
    settle(store, crystals, TWO_CLASSES)
    return crystals


@pytest.fixture
def training(model, panel, settled, qtbot):
    """A training that was started by the button."""
    qtbot.mouseClick(panel.train_button, LEFT)
    return model


def test_one_button_trains_on_the_settled_labels(training, classifier, settled):
    asked = classifier.last
    assert (asked.method, len(asked.arguments["examples"]), asked.arguments["labels"]) == (
        "train",
        12,
        TWO_CLASSES,
    )


def test_a_model_is_trained_into_a_folder_of_its_own(training, classifier, session):
    folder = classifier.last.arguments["folder"]
    assert (folder.parent, folder.exists()) == (session.project.folder / "models", False)


def test_the_form_decides_how_it_is_trained(model, settled, classifier):
    model.train(TrainForm(network="released", epochs=7, split="crystal", seed=3))
    config = classifier.last.arguments["config"]
    assert (config.network, config.epochs, config.split, config.seed) == (
        "released",
        7,
        "crystal",
        3,
    )


def test_while_it_trains_it_can_be_cancelled(training, panel, classifier, qtbot, told):
    qtbot.mouseClick(panel.cancel_button, LEFT)
    assert (classifier.cancelled, panel.train_button.isVisible(), told) == (
        [1],
        True,
        [("info", "Training was cancelled; the models you have are unchanged.")],
    )


def test_epochs_are_drawn_as_they_come(training, panel, classifier):
    classifier.last.listener.progress(Progress(1, 30, "Epoch 1", EPOCH))
    assert panel.curves.isVisible()


def test_a_trained_model_is_used_at_once(training, classifier, session):
    folder = finish(classifier, session)
    assert session.model_id == folder.name


def test_a_trained_model_names_every_crystal_at_once(training, classifier, session, settled):
    finish(classifier, session)
    named = [each.crystal_id for each in classifier.last.arguments["examples"]]
    assert (classifier.last.method, named) == ("predict", settled)


def test_an_answer_after_cancelling_is_not_used(training, classifier, session):
    asked = classifier.last
    training._training.cancel()
    asked.listener.done(None)
    assert session.model_id is None


def test_a_training_that_is_done_before_the_cancel_is_used(
    training, panel, classifier, session, qtbot, told
):
    folder, classifier.late = classifier.last.arguments["folder"], True
    qtbot.mouseClick(panel.cancel_button, LEFT)
    finish(classifier, session)
    sentences = [text for _, text in told]
    assert (session.model_id, len(sentences), "is trained" in sentences[0]) == (
        folder.name,
        1,
        True,
    )


def test_a_training_of_a_closed_project_is_used_nowhere(training, panel, classifier, session, told):
    classifier.late = True
    asked = classifier.last
    session.close()
    asked.listener.done(None)
    assert (session.model_id, told, panel.train_button.isVisible()) == (None, [], True)


def test_a_training_that_fails_is_told_and_the_button_is_there_again(
    training, panel, classifier, told
):
    classifier.last.listener.failed(EngineError("The classifier engine stopped."))
    assert (told, panel.train_button.isVisible()) == (
        [("warning", "The classifier engine stopped.")],
        True,
    )


def test_another_project_ends_the_training(training, classifier, session):
    session.close()
    assert classifier.cancelled == [1]


def test_training_with_nothing_settled_is_refused(model, panel, crystals, qtbot, classifier, told):
    qtbot.mouseClick(panel.train_button, LEFT)
    assert (classifier.asked, [kind for kind, _ in told], "settled" in told[0][1]) == (
        [],
        ["warning"],
        True,
    )


def test_training_with_one_class_is_refused(model, store, outline, classifier, told):
    settle(store, outline(places=GRID), ["RES"] * 12)
    model.train(TrainForm())
    assert (classifier.asked, told) == (
        [],
        [
            (
                "warning",
                "All 12 settled crystals are RES; a classifier needs crystals of at least two "
                "classes.",
            )
        ],
    )


def test_without_a_project_training_says_what_to_do(model, session, told):
    session.close()
    model.train(TrainForm())
    assert told == [
        ("warning", "No project is open; choose New, Open or Sample on the Project page.")
    ]


def test_predicting_without_a_model_is_refused(model, crystals, classifier, told):
    model.predict_here()
    assert (classifier.asked, told) == (
        [],
        [("warning", "There is no classifier yet: train one first.")],
    )


def test_predicting_where_nothing_is_outlined_is_refused(model, session, store, told):
    session.model_id = add_model(store)
    model.predict_here()
    assert told == [("warning", "No crystal is outlined here: go to Segment first.")]


def test_predictions_are_kept_in_the_project(model, session, store, crystals, classifier, told):
    session.model_id = add_model(store)
    model.predict_here()
    classifier.last.listener.done([predicted(session.model_id, each) for each in crystals])
    assert (list(session.predictions()), told[-1]) == (crystals, ("info", "3 crystals named."))


def test_a_crystal_deleted_meanwhile_is_not_kept(model, session, store, crystals, classifier):
    session.model_id = add_model(store)
    model.predict_here()
    store.delete_crystals([crystals[0]])
    classifier.last.listener.done([predicted(session.model_id, each) for each in crystals])
    assert list(session.predictions()) == crystals[1:]


def test_the_engine_is_told_the_projects_classes(model, session, store, crystals, classifier):
    session.model_id = add_model(store)
    model.predict_here()
    assert classifier.last.arguments["scheme"] == store.state.scheme


def test_a_model_of_another_scheme_is_refused_in_one_sentence(
    model, session, store, crystals, classifier, told
):
    session.model_id = add_model(store, scheme=ROCKS)
    model.predict_here()
    assert (classifier.asked, len(told), "A, B, C, D" in told[0][1]) == ([], 1, True)


def test_crystals_unlike_those_of_the_training_are_warned_of(
    model, session, store, crystals, classifier, told
):
    session.model_id = add_model(store)
    model.predict_here()
    asked = classifier.last.arguments["examples"]
    classifier.last.listener.done([predicted(session.model_id, each) for each in crystals])
    compared = classifier.last
    compared.listener.done(("3 of 3 crystals differ in size.",))
    assert (compared.method, compared.arguments["examples"]) == ("compare_with_training", asked)
    assert told[-1] == ("info", "3 of 3 crystals differ in size.")


def test_predicting_a_killed_engine_is_told(
    model, session, store, crystals, classifier, busy, told
):
    session.model_id = add_model(store)
    model.predict_here()
    classifier.last.listener.failed(EngineError("The classifier engine stopped."))
    assert (told, busy._running) == ([("warning", "The classifier engine stopped.")], [])


def test_the_models_are_offered_by_number(model, panel, session, store):
    add_model(store)
    session.model_id = add_model(store)
    names = [panel.models.itemText(at) for at in range(panel.models.count())]
    assert (names, panel.models.currentText()) == (["Model 1", "Model 2"], "Model 2")


def test_choosing_a_model_uses_it(model, panel, session, store):
    first = add_model(store)
    session.model_id = add_model(store)
    panel.model_chosen.emit(first)
    assert session.model_id == first


def test_a_model_says_how_good_it_is(model, panel, session, store, crystals):
    judged = [(session.image_id, crystals[0], "RES", "RES"), (session.image_id, "x", "PES", "RES")]
    session.model_id = add_model(store, judged)
    assert panel.results.accuracy.text().startswith("50 % of 2 crystals right")


def test_a_damaged_model_is_told_and_shows_no_result(model, panel, session, store, told):
    good = add_model(store, [(session.image_id, "x", "RES", "RES")])
    broken = add_model(store)
    (store.model_folder(broken) / "model.json").write_text("{")
    session.model_id = good
    session.model_id = broken
    assert (told[0][0], panel.results.result_part.isVisibleTo(panel.results)) == ("warning", False)


def test_a_project_opened_for_looking_is_not_trained_in(
    model, settled, session, read_only, classifier, told
):
    session.open(read_only)
    model.train(TrainForm())
    assert (classifier.asked, told) == ([], [("warning", read_only.read_only_reason)])


def test_closing_lets_go_of_the_session(panel, session, canvas, classifier, busy, workbench):
    before = listeners(session, canvas)
    ModelController(panel, session, classifier, busy=busy, owner=workbench).close()
    assert listeners(session, canvas) == before


def finish(classifier, session):
    """Let the training end well, as the engine does: the folder is there, then the answer."""
    folder = classifier.last.arguments["folder"]
    listener = classifier.last.listener
    add_model(session.project, folder=folder)
    listener.done(None)
    return folder
