import json
import shutil
import struct
from dataclasses import replace

import numpy as np
import pytest

from microcrystalnet.domain.scheme import FOUR_CLASSES, Scheme
from microcrystalnet.errors import ModelError
from microcrystalnet.learning.codec import from_json, to_json
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.model_folder import count_parameters, load, load_weights, save
from microcrystalnet.learning.networks.paper import paper
from microcrystalnet.learning.records import ModelCard

WEIGHTS = {"logits/bias": np.arange(4, dtype=np.float32)}


@pytest.fixture
def card():
    network = paper(64, 4, components=8, sparsity=0.3, dropout=0.5)
    return ModelCard(
        format=1,
        created="2026-11-20T12:00:00+00:00",
        network=network,
        classes=FOUR_CLASSES.codes,
        scheme=FOUR_CLASSES,
        recipe=CropRecipe(),
        temperature=1.5,
        source="trained",
    )


@pytest.fixture
def folder(tmp_path, card):
    save(tmp_path / "m", card, WEIGHTS)
    return tmp_path / "m"


def rewrite(folder, change):
    """Change model.json and make its checksum fit again."""
    import hashlib

    path = folder / "model.json"
    document = json.loads(path.read_text())
    change(document)
    content = json.dumps(document).encode()
    path.write_bytes(content)
    sums = [line for line in (folder / "SHA256SUMS").read_text().splitlines() if "json" not in line]
    mine = f"{hashlib.sha256(content).hexdigest()}  model.json"
    (folder / "SHA256SUMS").write_text("\n".join([mine, *sums]))


def test_a_card_is_read_as_it_was_written(folder, card):
    assert load(folder) == card


def test_a_card_of_a_newer_version_is_not_called_damaged_alone(folder):
    rewrite(folder, lambda document: document.update(rock="chalk"))
    with pytest.raises(ModelError, match=r"“rock” is not known to this version.*so update"):
        load(folder)


def test_weights_are_read_as_they_were_written(folder):
    assert np.array_equal(load_weights(folder)["logits/bias"], WEIGHTS["logits/bias"])


def test_nothing_unfinished_stays_beside_the_model(folder):
    assert [path.name for path in folder.parent.iterdir()] == ["m"]


def test_a_model_is_never_written_over(folder, card):
    with pytest.raises(ModelError, match="exists already"):
        save(folder, card, WEIGHTS)


def test_a_model_may_go_into_an_empty_folder(tmp_path, card):
    (tmp_path / "empty").mkdir()
    save(tmp_path / "empty", card, WEIGHTS)
    assert load(tmp_path / "empty") == card


def test_a_place_that_cannot_be_written_is_named(tmp_path, card):
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="file/m"):
        save(tmp_path / "file" / "m", card, WEIGHTS)


def test_predicting_without_a_model_says_what_a_model_is(tmp_path):
    with pytest.raises(ModelError, match="train a model first"):
        load(tmp_path / "none")


@pytest.mark.parametrize("name", ["model.json", "weights.safetensors", "SHA256SUMS"])
def test_a_model_without_one_of_its_files_is_refused(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelError, match="not a model"):
        load(folder) and load_weights(folder)


def test_a_changed_card_is_noticed(folder):
    path = folder / "model.json"
    path.write_text(path.read_text().replace("trained", "trusted"))
    with pytest.raises(ModelError, match="changed or damaged"):
        load(folder)


def test_truncated_weights_are_noticed(folder):
    path = folder / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(ModelError, match="changed or damaged"):
        load_weights(folder)


def test_weights_that_are_no_safetensors_are_refused(folder):
    import hashlib

    (folder / "weights.safetensors").write_bytes(b"pickle")
    sums = f"{hashlib.sha256(b'pickle').hexdigest()}  weights.safetensors\n"
    (folder / "SHA256SUMS").write_text(sums)
    with pytest.raises(ModelError, match="damaged"):
        load_weights(folder)


def test_a_newer_format_asks_for_an_update(folder):
    rewrite(folder, lambda document: document.update(format=2))
    with pytest.raises(ModelError, match="another version"):
        load(folder)


def test_an_unknown_field_is_named(folder):
    rewrite(folder, lambda document: document.update(surprise=1))
    with pytest.raises(ModelError, match="surprise"):
        load(folder)


def test_a_choice_that_an_earlier_version_did_not_know_has_its_default(folder, card):
    rewrite(folder, lambda document: document["network"]["layers"][21].pop("scaled"))
    assert load(folder) == card


def test_a_number_where_text_belongs_is_refused(folder):
    rewrite(folder, lambda document: document.update(source=7))
    with pytest.raises(ModelError, match="source"):
        load(folder)


def test_an_unknown_kind_of_layer_is_refused(folder):
    rewrite(folder, lambda document: document["network"]["layers"][0].update(type="Lambda"))
    with pytest.raises(ModelError, match="layers"):
        load(folder)


def test_a_layer_too_large_for_any_computer_is_refused(folder):
    rewrite(folder, lambda document: document["network"]["layers"][0].update(filters=10**9))
    with pytest.raises(ModelError, match="filters 1000000000"):
        load(folder)


def test_a_card_that_contradicts_itself_is_refused(folder):
    rewrite(folder, lambda document: document.update(classes=["RES", "PES"]))
    with pytest.raises(ModelError, match="contradicts itself"):
        load(folder)


def test_a_model_of_another_scheme_names_both(folder):
    other = Scheme("Other", 1, FOUR_CLASSES.classes[::-1])
    with pytest.raises(ModelError, match=r"RES, PES, AA, SA.*SA, AA, PES, RES"):
        load(folder, other)


def test_a_model_moves_to_another_folder_whole(folder, card, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    assert load(tmp_path / "copy", FOUR_CLASSES) == card


def test_layers_keep_their_kind_through_json(card):
    assert from_json(ModelCard, json.loads(json.dumps(to_json(card)))).network == card.network


def test_a_card_written_before_classes_had_descriptions_still_opens(folder):
    def as_it_was(document):
        for each in ("retired", "shapes", "definitions"):
            del document["scheme"][each]
        for cls in document["scheme"]["classes"]:
            del cls["description"], cls["look_alikes"]

    rewrite(folder, as_it_was)
    assert load(folder).scheme.codes == FOUR_CLASSES.codes


def test_a_number_of_hundreds_of_digits_is_refused(folder):
    rewrite(folder, lambda document: document.update(temperature=10**400))
    with pytest.raises(ModelError, match=r"temperature is “a number of hundreds of digits”"):
        load(folder)


@pytest.mark.parametrize(
    "header", [[1], {"a": {"shape": [2.5]}}, {"a": [2]}, {"a": {"shape": "ab"}}]
)
def test_weights_with_an_odd_header_cannot_be_counted(folder, header):
    content = json.dumps(header).encode()
    (folder / "weights.safetensors").write_bytes(struct.pack("<Q", len(content)) + content)
    with pytest.raises(ModelError, match="missing or damaged"):
        count_parameters(folder)


def test_a_model_whose_classes_nobody_knows_says_what_to_do(card):
    unknown = replace(card, scheme=None, classes=("class 1", "class 2", "class 3", "class 4"))
    with pytest.raises(
        ModelError, match=r"the 4 outputs of this imported model .* import its file"
    ):
        unknown.check_scheme(FOUR_CLASSES)
