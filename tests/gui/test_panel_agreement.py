"""The words and rows of the Agreement page."""

import numpy as np
import pytest
from qtpy.QtCore import Qt

from microcrystalnet.labelling.agreement import compare_experts
from microcrystalnet.labelling.answer_table import arrange
from microcrystalnet.labelling.answers import GivenAnswer
from napari_mcn.agreement_view import pair_of, view_of
from napari_mcn.panels.agreement_panel import AgreementPanel
from napari_mcn.panels.time_plot import TimePlot

LEFT = Qt.MouseButton.LeftButton


def compared(*columns, images=12):
    """Compare experts A, B …, one letter a crystal."""
    classes = {"r": "RES", "p": "PES", "u": "unclear", "x": "not_crystal"}
    return compare_experts(
        arrange(
            GivenAnswer(f"m{row % images:02}.tif", f"c{row:03}", "ABC"[at], classes[letter], 0, row)
            for at, column in enumerate(columns)
            for row, letter in enumerate(column)
        )
    )


@pytest.fixture(scope="module")
def found():
    generator = np.random.default_rng(2)
    truth = generator.choice(list("rp"), 120)
    columns = [
        "".join(each if generator.random() < 0.9 else "p" for each in truth) for _ in range(2)
    ]
    return compared(*columns)


@pytest.fixture
def panel(qtbot, found):
    made = AgreementPanel()
    qtbot.addWidget(made)
    made.set_hidden(None)
    made.set_view(view_of(found))
    made.set_pair(pair_of(found, "A|B"))
    made.show()
    return made


def test_alpha_is_said_with_its_interval_and_what_it_means(found):
    alpha = found.krippendorff_alpha
    assert view_of(found).headline == (
        f"Krippendorff's alpha is {alpha.value:.2f} (95 % interval {alpha.low:.2f} to "
        f"{alpha.high:.2f}): the labels can be relied on."
    )


@pytest.mark.parametrize(
    ("second", "verdict"),
    [("rprprprprp", "can be relied on"), ("prprprprpr", "too low to build on")],
)
def test_high_and_low_agreement_are_judged_in_words(second, verdict):
    assert verdict in view_of(compared("rprprprprp", second)).headline


def test_answers_that_never_differ_leave_nothing_to_tell():
    assert view_of(compared("rrr", "rrr")).headline.startswith("All answers are the same")


def test_a_slip_in_the_answers_is_remarked_on():
    answers = [GivenAnswer("m", "c", expert, "RES") for expert in ("AY", "Ay")]
    basis = view_of(compare_experts(arrange(answers))).basis
    assert basis.endswith("AY and Ay differ in case only, and count as 2 experts.")


def test_unclear_and_not_a_crystal_are_short_in_the_matrix_and_explained():
    pair = pair_of(compared("rrux", "ruxx"), "A|B")
    assert pair.shown == ["RES", "?", "×"]
    assert "?: unclear; ×: not a crystal" in pair.said


def test_classes_that_neither_of_two_experts_named_have_no_place_in_their_matrix():
    pair = pair_of(compared("rrr", "rrr", "ppp"), "A|B")
    assert (pair.classes, pair.counts) == (["RES"], [[3]])


def test_experts_without_repeats_have_a_dash_that_says_why(found):
    row = view_of(found).experts[0]
    assert (row.values[3], row.hints[3]) == ("–", "No crystal came up a second time.")


def test_a_cell_names_both_experts(panel):
    assert "crystals that A calls RES and B PES" in panel.matrix.item(0, 1).toolTip()


def test_a_click_on_a_cell_tells_its_classes(panel, qtbot):
    item = panel.matrix.visualItemRect(panel.matrix.item(1, 0)).center()
    with qtbot.waitSignal(panel.cell_chosen) as told:
        qtbot.mouseClick(panel.matrix.viewport(), LEFT, pos=item)
    assert told.args == ["PES", "RES"]


def test_another_pair_is_asked_for(qtbot, panel):
    panel.set_pairs([("A|B", "A and B"), ("A|C", "A and C")], "A|B")
    with qtbot.waitSignal(panel.pair_chosen) as told:
        panel.pairs.activated.emit(1)
    assert told.args == ["A|C"]


def test_the_parts_are_folded_away_until_wanted(panel, qtbot):
    before = panel.images.isVisible()
    qtbot.mouseClick(panel.image_fold.heading, LEFT)
    assert (before, panel.images.isVisible()) == (False, True)


def test_every_expert_has_a_line_over_time(panel, found):
    assert list(panel.plot.lines) == ["A", "B"]


def test_a_plot_is_drawn_in_every_experts_colour(qtbot):
    plot = TimePlot()
    qtbot.addWidget(plot)
    plot.resize(300, 140)
    empty = plot.grab().toImage()
    plot.set_lines({"A": (0.5, None, 0.9), "B": (0.7, 0.8, 0.6)})
    assert plot.grab().toImage() != empty


def test_no_comparison_shows_a_sentence_instead(panel):
    panel.set_view(None, "Only one expert has answered.")
    assert (panel.headline.text(), panel.figures.isVisible()) == (
        "Only one expert has answered.",
        False,
    )
