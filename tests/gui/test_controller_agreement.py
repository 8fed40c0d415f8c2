"""The Agreement page: closed until it is opened, and from every figure a way to the crystals."""

import gc
import json

import pytest
from fakes import Later, Now
from qtpy.QtCore import QObject, Qt
from window_material import NoDialogs, square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.micrographs.reader import describe
from napari_mcn.controllers import agreement_controller
from napari_mcn.controllers.agreement_controller import CLOSED, AgreementController
from napari_mcn.panels.agreement_panel import AgreementPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = AgreementPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def build(panel, session, tmp_path):
    """Give a function that makes the controller with a way to work."""
    built = []

    def make(background):
        owner = QObject(panel)
        dialogs = NoDialogs(tmp_path / "report")
        built.append(AgreementController(panel, session, background, dialogs=dialogs, owner=owner))
        return built[-1]

    yield make
    built[0].close()


@pytest.fixture
def agreement(build):
    controller = build(Now())
    controller.activate(True)
    return controller


@pytest.fixture
def voted(agreement, session, crystals):
    """Two experts agree on the first of three crystals, and differ alike on the others."""
    vote(session, "AY", crystals, ("RES", "RES", "RES"))
    vote(session, "MK", crystals, ("RES", "PES", "PES"))
    return agreement


def vote(session, expert, crystals, classes):
    session.become(expert)
    for crystal_id, cls in zip(crystals, classes, strict=True):
        session.project.label(crystal_id, Answer(cls))


def test_nothing_is_compared_before_the_answers_are_open(voted, panel):
    assert (panel.shown.isVisible(), panel.reason.text()) == (False, CLOSED)


def test_the_button_opens_the_answers_and_compares(qtbot, voted, panel, session):
    qtbot.mouseClick(panel.reveal_button, LEFT)
    assert session.answers_open
    assert panel.figures.rows[0].values[0] == "Krippendorff's alpha"


def test_what_is_opened_here_counts_as_seen(voted, session, crystals):
    voted.reveal()
    session.project.label(crystals[0], Answer("SA"))
    assert not session.project.state.label(crystals[0]).blind


def test_another_expert_finds_the_page_closed_again(voted, panel, session):
    voted.reveal()
    session.become("RS")
    assert (panel.hidden.isVisible(), panel.shown.isVisible()) == (True, False)


def test_the_basis_is_said_with_what_is_missing_for_an_interval(voted, panel):
    voted.reveal()
    assert panel.basis.text() == (
        "3 of 3 labelled crystals have blind answers of two or more experts; they lie on "
        "1 micrograph. Intervals need answers on 10 micrographs."
    )


def test_the_matrix_of_the_first_pair_is_shown(voted, panel):
    voted.reveal()
    assert panel.pair_said.text().startswith("The same answer on 33 % of 3 crystals")
    assert panel.matrix.item(0, 1).text() == "2"


def test_a_cell_leads_to_its_crystals_one_by_one_and_round(voted, panel, session, crystals):
    voted.reveal()
    seen = []
    session.events.crystal_id.connect(seen.append)
    for _ in range(3):
        panel.cell_chosen.emit("RES", "PES")
    assert seen == [crystals[1], crystals[2], crystals[1]]


def test_it_says_which_crystal_of_how_many_is_shown(voted, panel):
    voted.reveal()
    panel.cell_chosen.emit("RES", "PES")
    assert panel.next_step.text() == (
        "Crystal 1 of 2 that AY calls RES and MK PES; click again for the next."
    )


def test_micrographs_that_wait_for_a_seal_stay_closed(
    agreement, panel, session, store, draw, crystals
):
    path = draw("other.tif", seed=1)
    other = store.add_micrograph(path, describe(path)).image_id
    there = store.put_mask(other, square(4, 4), MaskSource.MANUAL).crystal_id
    vote(session, "MK", [*crystals, there], ("RES", "PES", "PES", "SA"))
    store.rounds.open([session.image_id, other], ["AY", "MK"], repeat_frac=0.0)
    vote(session, "AY", [*crystals, there], ("RES", "RES", "RES", "AA"))
    store.rounds.seal(session.image_id)
    agreement.reveal()
    assert panel.next_step.text().startswith("Answers stay closed on 1 micrograph that you label")
    assert [row.values[:2] for row in panel.images.rows] == [("chalk.tif", 3), ("other.tif", 0)]


def test_before_the_first_seal_nothing_is_opened(agreement, panel, session, crystals, told):
    session.project.rounds.open([session.image_id], ["AY", "MK"], repeat_frac=0.0)
    agreement.reveal()
    assert (panel.shown.isVisible(), len(told)) == (False, 1)


def test_another_cell_begins_at_its_first_crystal(voted, panel, session, crystals):
    voted.reveal()
    panel.cell_chosen.emit("RES", "PES")
    panel.cell_chosen.emit("RES", "RES")
    panel.cell_chosen.emit("RES", "PES")
    assert session.crystal_id == crystals[1]


def test_an_empty_cell_says_so(voted, panel, told):
    voted.reveal()
    panel.cell_chosen.emit("PES", "RES")
    assert told == [("warning", "No crystal is PES to AY and RES to MK.")]


def test_a_crystal_deleted_since_is_not_gone_to(voted, panel, session, crystals, told):
    voted.reveal()
    voted.activate(False)
    session.project.delete_crystals([crystals[1]])
    panel.cell_chosen.emit("RES", "PES")
    assert told[-1][1] == "This crystal is not in the project any more."


def test_a_crystal_on_another_micrograph_is_shown_there(voted, panel, session, store, draw):
    path = draw("other.tif", seed=1)
    other = store.add_micrograph(path, describe(path)).image_id
    there = store.put_mask(other, square(4, 4), MaskSource.MANUAL).crystal_id
    vote(session, "AY", [there], ["SA"])
    vote(session, "MK", [there], ["AA"])
    voted.reveal()
    panel.cell_chosen.emit("SA", "AA")
    assert (session.image_id, session.crystal_id) == (other, there)


def test_a_micrograph_of_the_table_is_shown(voted, panel, session, store, draw):
    path = draw("other.tif", seed=1)
    other = store.add_micrograph(path, describe(path)).image_id
    there = store.put_mask(other, square(4, 4), MaskSource.MANUAL).crystal_id
    vote(session, "AY", [there], ["SA"])
    vote(session, "MK", [there], ["AA"])
    voted.reveal()
    panel.images.row_chosen.emit("other.tif")
    assert session.image_id == other


def test_two_micrographs_of_one_file_name_stay_two(voted, panel, session, store, draw, tmp_path):
    (tmp_path / "more").mkdir()
    path = draw("more/chalk.tif", seed=1)
    other = store.add_micrograph(path, describe(path)).image_id
    there = store.put_mask(other, square(4, 4), MaskSource.MANUAL).crystal_id
    vote(session, "AY", [there], ["SA"])
    vote(session, "MK", [there], ["AA"])
    voted.reveal()
    assert [row.key for row in panel.images.rows] == ["chalk.tif", "chalk.tif (2)"]


def test_a_new_label_is_counted_while_the_page_is_in_front(voted, panel, session, outline):
    voted.reveal()
    (new,) = outline(places=((30, 40),))
    session.project.label(new, Answer("SA"))
    assert "3 of 4 labelled crystals" in panel.basis.text()


def test_nothing_is_worked_out_behind_another_page(build, session, crystals):
    background = Now()
    agreement = build(background)
    vote(session, "AY", crystals, ("RES", "RES", "RES"))
    vote(session, "MK", crystals, ("RES", "PES", "PES"))
    agreement.reveal()
    assert background.works == 0


def test_unchanged_answers_are_not_compared_again(build, session, crystals):
    background = Now()
    agreement = build(background)
    vote(session, "AY", crystals, ("RES", "RES", "RES"))
    vote(session, "MK", crystals, ("RES", "PES", "PES"))
    agreement.reveal()
    agreement.activate(True)
    agreement.activate(True)
    assert background.works == 1


def test_the_garbage_collector_rests_while_experts_are_compared(voted, session, monkeypatch):
    resting = []
    arrange = agreement_controller.arrange
    monkeypatch.setattr(
        agreement_controller,
        "arrange",
        lambda *asked: (resting.append(not gc.isenabled()), arrange(*asked))[1],
    )
    voted.reveal()
    assert (resting, gc.isenabled()) == ([True], True)


def test_an_answer_that_comes_after_the_page_was_closed_is_not_shown(
    build, panel, session, crystals
):
    background = Later()
    agreement = build(background)
    agreement.activate(True)
    vote(session, "AY", crystals, ("RES", "RES", "RES"))
    vote(session, "MK", crystals, ("RES", "PES", "PES"))
    agreement.reveal()
    session.become("RS")
    background.answer(0)
    assert (panel.shown.isVisible(), panel.figures.rows) == (False, [])


def test_one_expert_alone_is_told_what_is_missing(agreement, panel, session, crystals):
    vote(session, "AY", crystals, ("RES", "RES", "RES"))
    agreement.reveal()
    assert panel.headline.text() == (
        "Only one expert, AY, has answered; agreement needs at least two."
    )


def test_the_report_is_written_with_the_answers_behind_it(qtbot, voted, panel, tmp_path, told):
    voted.reveal()
    qtbot.mouseClick(panel.export_button, LEFT)
    report = json.loads((tmp_path / "report" / "agreement.json").read_text())
    lines = (tmp_path / "report" / "answers.csv").read_text().splitlines()
    assert (report["n_crystals"], len(lines)) == (3, 7)
    assert told == [
        ("info", "agreement.json, agreement.csv, answers.csv were written into report.")
    ]
