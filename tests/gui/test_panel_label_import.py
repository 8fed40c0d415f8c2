import pytest

from napari_mcn.panels.label_import_panel import LabelImportPanel, MicrographRow

CHOICES = (("RES", "RES"), ("PES", "PES"))


@pytest.fixture
def panel(qtbot):
    made = LabelImportPanel()
    qtbot.addWidget(made)
    made.show()
    return made


def test_unknown_words_come_first(panel):
    panel.set_words([("rhombic", 9, "RES"), ("cubic", 1, None)], CHOICES)
    assert list(panel.words.choosers) == ["cubic", "rhombic"]


def test_a_word_that_was_mapped_stays_where_it_is(panel):
    panel.set_words([("rhombic", 9, "RES"), ("cubic", 1, None)], CHOICES)
    panel.set_words([("rhombic", 9, "RES"), ("cubic", 1, "PES")], CHOICES)
    assert list(panel.words.choosers) == ["cubic", "rhombic"]


def test_a_chosen_class_is_told_with_its_word(qtbot, panel):
    panel.set_words([("cubic", 1, None)], CHOICES)
    chooser = panel.words.choosers["cubic"]
    chooser.setCurrentIndex(1)
    with qtbot.waitSignal(panel.word_mapped) as told:
        chooser.activated.emit(1)
    assert told.args == ["cubic", "PES"]


def test_a_column_that_is_not_there_is_told_as_empty(qtbot, panel):
    panel.set_columns(("a", "b"), (("crystal", "a"),), open_=True)
    chooser = panel.columns.choosers["crystal"]
    chooser.setCurrentIndex(0)
    with qtbot.waitSignal(panel.column_chosen) as told:
        chooser.activated.emit(0)
    assert told.args == ["crystal", ""]


def test_columns_of_one_expert_each_are_named(panel):
    panel.set_columns(("a", "AY", "MK"), (("experts", "AY"), ("experts", "MK")), open_=True)
    assert panel.columns.experts.text() == "A column for each expert: AY, MK."


def test_a_micrograph_with_rows_that_found_no_crystal_is_marked(panel):
    panel.set_found("1 of 2.", [MicrographRow("S1", 2, 1, "crop", "Without a crystal: 7")])
    assert panel.micrographs.rows[0].troubled == {2}


def test_what_was_read_is_put_away(panel):
    panel.set_found("1 of 2.", [MicrographRow("S1", 2, 1, "crop")])
    panel.set_found(None)
    assert not panel.import_button.isVisible()
