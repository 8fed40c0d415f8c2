"""The figures of a paper that need no TensorFlow, and what they are drawn from."""

import csv
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from report_project import add, empty, labelled, with_model

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import ModelError
from microcrystalnet.report import paper_figures
from microcrystalnet.report.figure_material import gather_material, note_shown
from microcrystalnet.report.paper_classes import telling, write_class_map
from microcrystalnet.report.paper_maps import typical
from microcrystalnet.report.paper_tsne import write_layout


@pytest.fixture
def store(tmp_path):
    """RES agreed, SA agreed, one disputed; a model calls all AA."""
    made = labelled(tmp_path)
    yield made
    made.close()


@pytest.fixture
def material(store):
    return gather_material(store, with_model(store))


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_settled_crystals_are_gathered_with_what_the_model_says(material):
    assert [(each.truth, each.said, each.wrong) for each in material.sheets[0].crystals] == [
        ("RES", "AA", True),
        ("SA", "AA", True),
        (None, "AA", False),
    ]


def test_what_is_drawn_counts_as_seen_and_told(store, material):
    crystals = [each.example.crystal_id for each in material.sheets[0].crystals]
    store.become("GV")
    note_shown(store, material)
    said = [store.label(each, Answer("RES")) for each in crystals]
    assert [(each.blind, each.assist) for each in said] == [(False, "prediction")] * 3


def test_a_prediction_of_another_outline_counts_as_none(store):
    model_id = with_model(store)
    image_id = next(iter(store.state.micrographs))
    first, said = next(iter(store.predictions(model_id, image_id).items()))
    object.__setattr__(said, "outline", store.state.crystal(first).mask.digest)
    store.write_predictions(model_id, image_id, [said])
    other = Mask.from_pixels(np.ones((9, 9)), 40, 40)
    store.put_mask(image_id, other, MaskSource.MANUAL, crystal_id=first)
    assert gather_material(store, model_id).sheets[0].crystals[0].said is None


def test_without_settled_crystals_there_is_nothing_to_draw(tmp_path):
    store = empty(tmp_path)
    add(store, tmp_path)
    with pytest.raises(ModelError, match="No crystal has a settled class"):
        gather_material(store, with_model(store))
    store.close()


def test_micrographs_that_are_labelled_blind_are_left_out(tmp_path, store):
    model_id = with_model(store)
    other, _ = add(store, tmp_path, "b.tif", offset=1)
    first = next(iter(store.state.micrographs))
    store.rounds.open([other], [store.actor, "AY"])
    sheets = gather_material(store, model_id).sheets
    assert [each.micrograph.image_id for each in sheets] == [first]


def test_the_surest_crystals_of_a_class_are_typical(material):
    assert [each.number for each in typical(material, "SA")] == [2]


def test_a_class_map_comes_as_three_kinds_with_its_table(material, tmp_path):
    (sheet,) = telling(material, 3)
    found = write_class_map(sheet, dict(material.colours), tmp_path / "map")
    assert [path.suffix for path in found] == [".svg", ".pdf", ".png", ".csv"]
    table = rows(tmp_path / "map.csv")
    assert [(row["settled"], row["boxed"]) for row in table] == [
        ("RES", "yes"),
        ("SA", "yes"),
        ("", "no"),
    ]


def test_errors_have_teal_boxes_in_it(material, tmp_path):
    write_class_map(material.sheets[0], dict(material.colours), tmp_path / "map")
    assert (tmp_path / "map.svg").read_text().count("stroke: #00c8c8") == 3  # and one in the legend


def test_the_same_figure_has_the_same_bytes(material, tmp_path):
    for name in ("one", "two"):
        write_class_map(material.sheets[0], dict(material.colours), tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def training(material, judged_on):
    """Say that a network learnt from the first settled crystal, and was judged on the second."""
    first, second = (each.example.crystal_id for each in material.settled)
    held = (SimpleNamespace(crystal_id=second),)
    return SimpleNamespace(learnt_from=(first,), held_out=held, judged_on=judged_on)


PLACES = np.array([[0.1, 0.2], [0.9, 0.8]])


def test_the_t_sne_tells_crystals_that_were_learnt_from(material, tmp_path):
    write_layout(material, PLACES, training(material, "test"), tmp_path / "tsne")
    assert [row["learnt"] for row in rows(tmp_path / "tsne.csv")] == ["yes", "no"]
    drawn = (tmp_path / "tsne.svg").read_text()
    assert "trained or validated on (n = 1)" in drawn and "neither (n = 1)" in drawn


def test_after_a_cross_validation_the_network_learnt_from_all(material, tmp_path):
    write_layout(material, PLACES, training(material, "folds"), tmp_path / "tsne")
    assert [row["learnt"] for row in rows(tmp_path / "tsne.csv")] == ["yes", "yes"]


def test_where_it_is_not_known_what_was_learnt_from_nothing_is_claimed(material, tmp_path):
    write_layout(material, PLACES, None, tmp_path / "tsne")
    assert [row["learnt"] for row in rows(tmp_path / "tsne.csv")] == ["", ""]
    assert "validated on" not in (tmp_path / "tsne.svg").read_text()


def test_the_dots_of_the_t_sne_reach_the_top_of_the_page(material, tmp_path):
    write_layout(material, PLACES, None, tmp_path / "tsne")
    grey = np.asarray(Image.open(tmp_path / "tsne.png").convert("L"))
    beside_the_axis = grey[:, len(grey[0]) // 6 :]
    assert (beside_the_axis[: len(grey) // 10] < 200).any()


def test_micrographs_that_are_not_drawn_are_named_with_the_reason(tmp_path, store, monkeypatch):
    def without_network(*_):
        raise ModelError("There is no network here.")

    for name in ("write_activations", "write_saliency", "write_tsne"):
        monkeypatch.setattr(paper_figures, name, without_network)
    add(store, tmp_path, "b.tif", offset=1)
    both = gather_material(store, with_model(store))
    paper_figures.write_figures(None, both, tmp_path / "out", sheets=1)
    known = {row["figure"]: row["files"] for row in rows(tmp_path / "out" / "figures.csv")}
    assert known["class_map_b"].startswith("left out: 1 of 2 micrographs are drawn, those with")
