"""What `mcn synth` leaves in its folder."""

import csv

import numpy as np
import pytest
import tifffile
import typer
from typer.testing import CliRunner

from microcrystalnet.cli.synth import synth
from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.synth.files import WrittenScenes, answer_text, write_scenes


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> WrittenScenes:
    return write_scenes(tmp_path_factory.mktemp("scenes"), 2, 5, (300, 300))


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_micrograph_has_its_sidecar_and_its_label_image(written):
    assert [path.name for path in written.micrographs] == ["scene_001.tif", "scene_002.tif"]
    assert written.micrographs[0].with_suffix(".txt").exists()
    assert written.label_images[0].name == "scene_001_labels.tif"


def test_the_label_image_is_uint32_and_as_large_as_the_micrograph(written):
    labels = tifffile.imread(written.label_images[0])
    assert labels.dtype == np.uint32
    assert labels.shape == tifffile.imread(written.micrographs[0]).shape


def test_the_truth_has_one_row_for_each_numbered_crystal(written):
    numbers = {
        int(each["crystal"]) for each in rows(written.truth) if each["image"] == "scene_001.tif"
    }
    assert numbers == set(np.unique(tifffile.imread(written.label_images[0]))) - {0}


def test_every_expert_has_a_file_with_an_answer_for_every_crystal(written):
    tables = [rows(path) for path in written.experts]
    assert [len(table) for table in tables] == [written.crystals] * 3
    assert list(tables[0][0]) == ["image", "crystal", "expert", "label"]


def test_answers_are_written_as_one_word():
    words = [answer_text(each) for each in (Answer("RES"), UNCLEAR, NOT_A_CRYSTAL)]
    assert words == ["RES", "unclear", "not_crystal"]


def test_asking_for_no_micrograph_is_refused(tmp_path):
    with pytest.raises(MicroCrystalError, match="0 micrographs"):
        write_scenes(tmp_path, 0, 0)


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(MicroCrystalError, match="choose another"):
        write_scenes(tmp_path / "file", 1, 0)


def test_the_command_tells_where_everything_is(tmp_path):
    app = typer.Typer()
    app.command()(synth)
    result = CliRunner().invoke(
        app, ["--out", str(tmp_path), "--micrographs", "1", "--size", "200"]
    )
    assert result.exit_code == 0
    assert '"truth"' in result.stdout
