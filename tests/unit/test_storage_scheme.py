"""A scheme in the journal and in a file of its own, and labels that outlive it."""

import itertools
import json
from dataclasses import replace

import pytest
from storage_scene import create, outline, reopen

from microcrystalnet.domain import scheme_rules as rules
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.scheme import FOUR_CLASSES, CrystalClass
from microcrystalnet.errors import ProjectError, SchemeError
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.fold import Fold
from microcrystalnet.storage.merge import merge
from microcrystalnet.storage.scheme_records import read_scheme, scheme_to_json, write_scheme

DOLOMITE = CrystalClass("DOL", "Dolomite", "#56b4e9", "5", ("dol",), "Cloudy rhombs.", ("RES",))
FIVE = rules.with_class(FOUR_CLASSES, DOLOMITE)


@pytest.fixture
def store(tmp_path):
    made = create(tmp_path)
    yield made
    made.close()


def test_a_new_scheme_is_there_when_the_project_is_opened_again(store):
    store.set_scheme(FIVE)
    again = reopen(store)
    assert again.state.scheme == replace(FIVE, version=2)
    again.close()


def test_a_crystal_gets_a_new_class(store):
    crystal = outline(store)
    store.set_scheme(FIVE)
    assert store.label(crystal, Answer("DOL")).answer == Answer("DOL")


def test_a_label_keeps_its_class_when_that_is_retired(store):
    crystal = outline(store)
    store.label(crystal, Answer("AA"))
    store.set_scheme(rules.with_retired(FOUR_CLASSES, "AA"))
    label = store.state.label(crystal)
    assert store.state.scheme[label.answer.cls].name == "Amorphous anhedral"


def test_a_retired_class_is_not_given_any_more(store):
    crystal = outline(store)
    store.set_scheme(rules.with_retired(FOUR_CLASSES, "AA"))
    with pytest.raises(ProjectError, match="no longer offers the class AA; choose one of RES"):
        store.label(crystal, Answer("AA"))


def test_an_undone_label_of_a_retired_class_comes_back(store):
    crystal = outline(store)
    store.label(crystal, Answer("AA"))
    store.set_scheme(rules.with_retired(FOUR_CLASSES, "AA"))
    store.clear_label(crystal)
    store.undo()
    assert store.state.label(crystal).answer == Answer("AA")


def test_a_scheme_that_contradicts_itself_changes_nothing(store):
    with pytest.raises(SchemeError, match="names both"):
        store.set_scheme(replace(FIVE, classes=(*FOUR_CLASSES.classes, replace(DOLOMITE, key="1"))))
    assert store.state.scheme == FOUR_CLASSES


def test_changed_classes_are_undone_and_redone_as_later_versions(store):
    store.set_scheme(FIVE)
    assert store.undo().text == "Undone: Changed the classes"
    undone = store.state.scheme
    assert (undone.codes, undone.version, undone.retired) == (FOUR_CLASSES.codes, 3, (DOLOMITE,))
    store.redo()
    assert (store.state.scheme.codes, store.state.scheme.version) == (FIVE.codes, 4)
    store.undo()
    assert store.state.scheme.codes == FOUR_CLASSES.codes


def test_undoing_a_label_leaves_the_classes_as_they_are(store):
    crystal = outline(store)
    store.set_scheme(FIVE)
    store.label(crystal, Answer("DOL"))
    store.undo()
    assert (store.state.label(crystal), store.state.scheme.codes) == (None, FIVE.codes)


def test_an_example_of_the_atlas_is_undone_and_redone(store):
    crystal = outline(store)
    store.show_example(crystal, "SA")
    store.show_example(crystal, "AA")
    store.undo()
    assert store.state.examples[crystal].cls == "SA"
    store.undo()
    assert crystal not in store.state.examples
    store.redo()
    again = reopen(store)
    assert again.state.examples[crystal].cls == "SA"
    again.close()


def test_whoever_looks_is_told(store):
    heard = []
    store.on_change = heard.append
    store.set_scheme(FIVE)
    assert (heard[0].kind, heard[0].text) == ("scheme", "Changed the classes")


def events():
    other = rules.with_class(FOUR_CLASSES, CrystalClass("ARA", "Aragonite", "#d55e00", "5"))
    schemes = (FOUR_CLASSES, replace(FIVE, version=2), replace(other, version=2))
    return [
        Event(f"id{n}", 1 + n, 0, 1, "scheme.set", json.loads(json.dumps(scheme_to_json(each))))
        for n, each in enumerate(schemes)
    ]


@pytest.mark.parametrize("order", itertools.permutations(range(3)))
def test_of_two_schemes_made_at_once_one_holds_and_no_class_is_forgotten(order):
    fold = Fold()
    [fold.apply(events()[n], "AY") for n in order]
    scheme = fold.scheme[1]
    assert (scheme.codes[-1], [each.code for each in scheme.retired]) == ("ARA", ["DOL"])


def test_labels_of_both_schemes_mean_something_after_a_merge(store, tmp_path):
    crystal = outline(store)
    store.flush()
    other = copied(store, tmp_path / "other")
    store.set_scheme(FIVE)
    store.label(crystal, Answer("DOL"))
    other.set_scheme(rules.with_retired(FOUR_CLASSES, "SA"))
    other.set_scheme(rules.with_retired(other.state.scheme, "AA"))
    other.close()
    merge(store.folder, tmp_path / "other")
    again = reopen(store)
    assert (again.state.scheme["DOL"].name, again.state.scheme.codes) == (
        "Dolomite",
        ("RES", "PES"),
    )
    again.close()


def copied(store, folder):
    import shutil

    from microcrystalnet.storage.project_store import ProjectStore

    shutil.copytree(store.folder, folder)
    return ProjectStore.open(folder, "BK", mirror_root=folder.parent / "mirror-of-other")


def test_a_scheme_goes_through_a_file(tmp_path):
    write_scheme(tmp_path / "scheme.json", FIVE)
    assert read_scheme(tmp_path / "scheme.json") == FIVE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no json", "is not a scheme"),
        ("[1, 2]", "is not a scheme"),
        ('{"name": "x", "classes": [{"code": "A"}]}', "is not a scheme"),
        ('{"name": "x", "classes": []}', "from 2 to 40 classes, not 0"),
    ],
)
def test_a_file_that_is_no_scheme_is_refused(tmp_path, text, reason):
    (tmp_path / "scheme.json").write_text(text)
    with pytest.raises(SchemeError, match=reason):
        read_scheme(tmp_path / "scheme.json")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SchemeError, match=r"nothing\.json cannot be read"):
        read_scheme(tmp_path / "nothing.json")


def test_a_damaged_scheme_in_a_journal_is_passed_over():
    fold = Fold()
    odd = scheme_to_json(FIVE) | {"classes": [{"code": "A", "name": "a", "colour": "red"}] * 2}
    with pytest.raises(ValueError, match="“red”"):
        fold.apply(Event("id1", 1, 0, 1, "scheme.set", odd), "AY")
    assert fold.scheme[1] == FOUR_CLASSES
