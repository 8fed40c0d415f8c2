"""The figures of a paper that need no TensorFlow, and what they are drawn from."""

import csv

import numpy as np
import pytest
from report_project import add, empty, labelled, with_model

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import ModelError
from microcrystalnet.report.figure_material import gather_material
from microcrystalnet.report.paper_classes import telling, write_class_map
from microcrystalnet.report.paper_maps import typical


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
