"""`mcn project import-labels` and `mcn export --format source-csv`, from end to end."""

import json

import pytest
from label_files import project, source_file, written
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import BlindError, LabelTableError
from microcrystalnet.storage.exchange import send
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture(autouse=True)
def made(tmp_path, monkeypatch):
    """A project with four crystals, and a computer of one's own."""
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")
    monkeypatch.chdir(tmp_path)
    store, _ = project(tmp_path)
    store.close()


def mcn(*words):
    """Run `mcn` and give its JSON."""
    result = CliRunner().invoke(app, list(words))
    if result.exception is not None:
        raise result.exception
    return json.loads(result.stdout)


LONG = "image;crystal;expert;label"


def test_a_dry_run_tells_what_maps_to_what_and_imports_nothing(tmp_path):
    written(tmp_path / "t.csv", LONG, "S1;1;MK;Rounded", "S1;9;MK;cubic")
    said = mcn("project", "import-labels", "project", "t.csv", "--dry-run")
    (file,) = said["files"]
    assert file["columns"] == {
        "image": ["image"],
        "crystal": ["crystal"],
        "expert": ["expert"],
        "label": ["label"],
    }
    assert said["values"] == [
        {"text": "Rounded", "means": "SA", "count": 1},
        {"text": "cubic", "means": None, "count": 1},
    ]
    assert (said["matched"], said["unmatched"], said["unknown"]) == (1, 1, ["cubic"])
    assert said["imported"] is None


def test_labels_are_imported_with_columns_and_words_that_were_named(tmp_path):
    written(tmp_path / "t.csv", "image,crystal,who?,b,label", "S1,1,MK,cubic,AA")
    said = mcn(
        *("project", "import-labels", "project", "t.csv", "--map", "expert=who?"),
        *("--map", "label=b", "--value", "cubic=PES", "--blind"),
    )
    assert said["imported"] == {
        "added": 1,
        "known": 0,
        "unmatched": 0,
        "left_out": 0,
        "kept": {},
        "closed": 0,
    }
    assert said["blind"]


def test_a_word_that_means_nothing_is_refused_with_what_to_do(tmp_path):
    written(tmp_path / "t.csv", LONG, "S1;1;MK;cubic")
    with pytest.raises(LabelTableError, match="cubic=RES"):
        mcn("project", "import-labels", "project", "t.csv")


def test_an_option_without_an_equals_sign_is_refused(tmp_path):
    written(tmp_path / "t.csv", LONG, "S1;1;MK;PES")
    with pytest.raises(LabelTableError, match="“label” is not understood; write --map NAME=VALUE"):
        mcn("project", "import-labels", "project", "t.csv", "--map", "label")


def test_a_way_of_matching_that_does_not_exist_is_refused(tmp_path):
    written(tmp_path / "t.csv", LONG, "S1;1;MK;PES")
    with pytest.raises(LabelTableError, match="cannot be matched by “sight”"):
        mcn("project", "import-labels", "project", "t.csv", "--match", "sight")


def test_files_come_out_byte_for_byte_and_a_check_finds_nothing_odd(tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,7,,,,,é", "8,q,,,,,,,=1+1")
    mcn("project", "import-labels", "project", "S1")
    (out,) = mcn("export", "project", "--format", "source-csv", "--out", "out")["files"]
    checked = mcn("project", "check", "project")
    assert (tmp_path / out).read_bytes() == path.read_bytes()
    assert (checked["damaged"], checked["problems"]) == (False, [])


def test_a_merge_carries_the_imported_files_too(tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,7,,,,,")
    mcn("project", "import-labels", "project", "S1")
    mcn("project", "snapshot", "project", "copy.zip")
    store = ProjectStore.open(tmp_path / "project", "AY")
    (stored,) = (tmp_path / "project" / "imports").rglob("*.csv")
    store.close()
    stored.unlink()
    mcn("project", "merge", "project", "copy.zip")
    assert stored.read_bytes() == path.read_bytes()


def test_an_expert_sends_the_imported_files_with_the_labels(tmp_path):
    path = source_file(tmp_path, "1,1,rhombic,7,,,,,")
    mcn("project", "import-labels", "project", "S1")
    send(tmp_path / "project", tmp_path / "no-mirror", "Issac", tmp_path / "sent.zip")
    (stored,) = (tmp_path / "project" / "imports").rglob("*.csv")
    stored.unlink()
    mcn("project", "merge", "project", "sent.zip")
    assert stored.read_bytes() == path.read_bytes()


def test_an_imported_file_that_is_gone_is_named(tmp_path):
    source_file(tmp_path, "1,1,rhombic,7,,,,,")
    mcn("project", "import-labels", "project", "S1")
    (stored,) = (tmp_path / "project" / "imports").rglob("*.csv")
    stored.unlink()
    with pytest.raises(LabelTableError, match=f"{stored.name} cannot be read"):
        mcn("export", "project", "--format", "source-csv", "--out", "out")


def test_imported_labels_count_in_the_consensus(tmp_path):
    source_file(tmp_path, "1,1,rhombic,,,,,,")
    source_file(tmp_path, "1,1,Rhombic ,,,,,,", expert="Ann")
    mcn("project", "import-labels", "project", "S1")
    assert mcn("consensus", "project", "--out", "c.csv")["agreed"] == 1


def test_an_import_is_taken_back_and_can_be_made_again(tmp_path):
    source_file(tmp_path, "1,1,rhombic,,,,,,", "2,1,amorphous,,,,,,")
    words = ("project", "import-labels", "project", "S1")
    mcn(*words)
    assert mcn(*words, "--take-back") == {"taken_back": 2}
    assert mcn("consensus", "project", "--out", "c.csv")["unlabelled"] == 4
    assert mcn(*words)["imported"]["added"] == 2


def test_a_label_that_was_changed_here_stays_when_its_import_is_taken_back(tmp_path):
    source_file(tmp_path, "1,1,rhombic,,,,,,", "2,1,amorphous,,,,,,")
    words = ("project", "import-labels", "project", "S1")
    mcn(*words)
    store = ProjectStore.open(tmp_path / "project", "Issac")
    crystal = next(iter(store.state.labels()))
    store.label(crystal, Answer("PES"))
    store.close()
    assert mcn(*words, "--take-back") == {"taken_back": 1}
    assert mcn("consensus", "project", "--out", "c.csv")["single"] == 1


def test_the_files_of_others_are_not_written_back_for_who_labels_blind(tmp_path):
    source_file(tmp_path, "1,1,rhombic,,,,,,")
    mcn("project", "import-labels", "project", "S1")
    store = ProjectStore.open(tmp_path / "project", "AY")
    store.rounds.open([*store.state.micrographs], ["AY", "MK"])
    store.close()
    words = ("export", "project", "--format", "source-csv", "--out", "out", "--expert")
    with pytest.raises(BlindError, match="You label blind"):
        mcn(*words, "MK")
    assert len(mcn(*words, "Issac")["files"]) == 1
