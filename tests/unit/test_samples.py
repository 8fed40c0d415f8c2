"""Sample, depth, locality and texture of micrographs: joined, kept, undone, merged, exported."""

import csv
import json
import shutil

import pytest
from report_project import add, empty, square
from storage_scene import IMAGE, create, reopen
from typer.testing import CliRunner

from microcrystalnet.cli.project import app
from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.sample import Sample, Texture
from microcrystalnet.errors import LabelTableError
from microcrystalnet.report.export import export_csv
from microcrystalnet.spreadsheets.sample_table import join_samples
from microcrystalnet.storage.merge import merge

CHALK = Sample("K-12", 1520.5, "Stevns")


@pytest.fixture
def store(tmp_path):
    made = create(tmp_path)
    yield made
    made.close()


@pytest.fixture
def table(tmp_path):
    """Give a function that writes a table of samples."""

    def write(text):
        path = tmp_path / "samples.csv"
        path.write_text(text)
        return path

    return write


def sample(store):
    return store.state.micrograph(IMAGE).sample


def texture(store):
    return store.state.micrograph(IMAGE).texture


def test_a_row_is_joined_by_file_name_with_or_without_its_ending(store, table):
    path = table("File name,Sample ID,Depth (m),Locality\nSCENE,K-12,1520.5,Stevns\n")
    assert join_samples(path, store.state.micrographs).samples == {IMAGE: CHALK}


def test_a_depth_in_feet_becomes_metres(store, table):
    path = table("file;sample;depth_ft\nscene.tif;K-12;100,5\n")
    found = join_samples(path, store.state.micrographs).samples[IMAGE]
    assert found.depth_m == pytest.approx(30.63, abs=0.01)


@pytest.mark.parametrize("written", ["1520,5", "1,520.5", "1.520,5"])
def test_a_depth_with_thousands_or_a_decimal_comma_is_read(store, table, written):
    path = table(f"file;sample;depth\nscene.tif;K-12;{written}\n")
    assert join_samples(path, store.state.micrographs).samples[IMAGE].depth_m == 1520.5


def test_rows_and_micrographs_without_a_partner_are_named(store, table):
    joined = join_samples(table("file,sample\nother.tif,K-1\n"), store.state.micrographs)
    assert (joined.unknown_files, joined.without_sample) == (("other.tif",), ("scene.tif",))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("file,rock\nscene.tif,K\n", "no column for the sample; call one “sample”"),
        ("file,sample,depth\nscene.tif,K,deep\n", "Line 2 .* “deep”, which is no number"),
        ("file,sample,depth\nscene.tif,K,inf\n", "“inf”, which is no number"),
        ("file;sample;depth\nscene.tif;K;1,520\n", "“1,520”, whose comma may be decimal or"),
        ("file,sample\nscene.tif,K\nscene,L\n", "Line 3 gives scene.tif the sample “L”"),
    ],
)
def test_a_table_that_cannot_be_joined_is_refused(store, table, text, reason):
    with pytest.raises(LabelTableError, match=reason):
        join_samples(table(text), store.state.micrographs)


def test_sample_and_texture_are_there_when_the_project_is_opened_again(store):
    store.set_samples({IMAGE: CHALK})
    store.set_texture(IMAGE, Texture.FITTED)
    again = reopen(store)
    assert (sample(again), texture(again)) == (CHALK, Texture.FITTED)
    again.close()


def test_undo_takes_a_sample_and_a_texture_back(store):
    store.set_samples({IMAGE: CHALK})
    store.set_texture(IMAGE, Texture.GRANULAR)
    store.undo()
    assert (sample(store), texture(store)) == (CHALK, None)
    store.undo()
    assert sample(store) is None


def test_redo_brings_a_texture_back(store):
    store.set_texture(IMAGE, Texture.CLUSTERED)
    store.undo()
    store.redo()
    assert texture(store) is Texture.CLUSTERED


def test_saying_the_same_again_is_no_edit(store):
    store.set_samples({IMAGE: CHALK})
    assert store.set_samples({IMAGE: CHALK}) == 0


def test_what_two_computers_say_is_there_after_a_merge(store, tmp_path):
    store.flush()
    shutil.copytree(store.folder, tmp_path / "copy")
    other = type(store).open(tmp_path / "copy", "MK", mirror_root=tmp_path / "elsewhere")
    other.set_texture(IMAGE, Texture.FITTED)
    other.close()
    store.set_samples({IMAGE: CHALK})
    store.flush()
    merge(store.folder, tmp_path / "copy")
    again = reopen(store)
    assert (sample(again), texture(again)) == (CHALK, Texture.FITTED)
    again.close()


def test_the_table_of_crystals_names_sample_and_texture(tmp_path):
    store = empty(tmp_path)
    image_id, _ = add(store, tmp_path, masks=[])
    store.put_masks(image_id, [square(30, 30)], MaskSource.MANUAL)
    store.set_samples({image_id: CHALK})
    store.set_texture(image_id, Texture.FITTED)
    [path] = export_csv(store, tmp_path / "out")
    store.close()
    with path.open() as file:
        [row] = csv.DictReader(file)
    told = [row[name] for name in ("sample", "depth_m", "locality", "texture")]
    assert told == ["K-12", "1520.5", "Stevns", "fitted"]


@pytest.fixture
def mcn(store, monkeypatch, tmp_path):
    """Give a function that runs `mcn project` on the project, and its JSON."""
    store.close()
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")

    def run(command, *words):
        done = CliRunner().invoke(app, [command, str(store.folder), *words, "--expert", "AY"])
        return json.loads(done.stdout)

    return run


def test_samples_are_added_at_the_command_line(mcn, table):
    told = mcn("add-samples", str(table("file,sample\nscene.tif,K-12\nx.tif,L\n")))
    assert told == {
        "micrographs": 1,
        "changed": 1,
        "unknown_files": ["x.tif"],
        "without_sample": [],
    }


def test_a_texture_is_given_at_the_command_line(mcn):
    told = mcn("texture", "scene.tif", "--is", "granular")
    assert told == {"micrographs": ["scene.tif"], "texture": "granular"}
