"""What the Measure page does, and leaves, when another micrograph comes into view."""

import pytest
from window_material import add_model, square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.statistics.collect import ClassFrom
from napari_mcn.census import Census
from napari_mcn.controllers.choice_controller import ChoiceController
from napari_mcn.panels.choice_section import ChoiceSection


@pytest.fixture
def census(session, canvas, crystals):
    """Three squares, measured; the first is RES."""
    session.project.label(crystals[0], Answer("RES"))
    made = Census(session)
    made.activate(True)
    yield made
    made.close()


@pytest.fixture
def choice(census, session, qtbot):
    section = ChoiceSection()
    qtbot.addWidget(section)
    controller = ChoiceController(section, session, census)
    yield section
    controller.close()


@pytest.fixture
def other(census, session, draw, qtbot):
    """A second micrograph with one crystal, measured too."""
    path = draw("second.tif", 1)
    added = session.project.add_micrograph(path, describe(path)).image_id
    session.project.put_masks(added, [square(5, 5)], MaskSource.AUTO)
    qtbot.waitUntil(lambda: len(census.rows) == 4)
    return added


def offered(section, source):
    return section.source_field.itemText(section.source_field.findData(source))


def test_the_rows_of_all_micrographs_stay_while_another_one_comes_into_view(census, session, other):
    heard = []
    census.changed.connect(lambda: heard.append(True))
    session.show(other)
    assert (heard, len(census.rows)) == ([], 4)


def test_where_only_the_micrograph_in_view_counts_its_rows_follow(census, session, other):
    census.choose(census.wanted, census.source, only_shown=True)
    session.show(other)
    assert [row.micrograph.image_id for row in census.rows] == [other]


def test_what_classes_can_be_taken_from_follows_the_micrograph_in_view(choice, session, other):
    session.project.rounds.open([other], ["AY", "MK"])
    session.show(other)
    assert offered(choice, ClassFrom.CLASSIFIER).endswith("hidden while you label blind")


def test_the_classifiers_word_is_gone_on_a_micrograph_that_is_labelled_blind(
    census, session, other
):
    session.model_id = add_model(session.project)
    census.choose(census.wanted, ClassFrom.CLASSIFIER, only_shown=False)
    session.project.rounds.open([other], ["AY", "MK"])
    session.show(other)
    assert (census.source, census.rows[0].cls) == (ClassFrom.OWN, "RES")
