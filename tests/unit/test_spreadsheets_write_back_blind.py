"""Label files written back while experts label blind: nothing leaves that a seal still closes."""

import pytest
from label_files import project, source_file

from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import BlindError
from microcrystalnet.spreadsheets.bring_in import import_labels
from microcrystalnet.spreadsheets.export_source import write_back
from microcrystalnet.spreadsheets.sources import ImportRequest
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def path(tmp_path):
    return source_file(tmp_path, "1,1,rhombic,7,,,,,", "2,1,Rhombic,7,,,,,")


@pytest.fixture
def store(tmp_path, path):
    """A project with Issac's imported file, and a round for Issac and MK; Issac labels in it."""
    made, crystals = project(tmp_path)
    made.close()
    import_labels(made.folder, ImportRequest(path), mirror_root=tmp_path / "mirror")
    opened = ProjectStore.open(made.folder, "Issac", mirror_root=tmp_path / "mirror")
    image_id = next(iter(opened.state.micrographs))
    opened.rounds.open([image_id], ["Issac", "MK"], repeat_frac=0.0)
    opened.label(crystals[0], Answer("PES"))
    opened.flush()
    yield opened
    opened.close()


def written(store, tmp_path, expert="Guest"):
    files, remarks = write_back(
        store.folder, tmp_path / "out", mirror_root=tmp_path / "mirror", expert=expert
    )
    return [each.read_bytes() for each in files], remarks


def seal(store, *experts):
    image_id = next(iter(store.state.micrographs))
    [(store.become(each), store.rounds.seal(image_id)) for each in experts]
    store.flush()


def test_an_answer_that_waits_for_its_seal_is_not_written(store, path, tmp_path):
    assert written(store, tmp_path) == ([path.read_bytes()], [])


def test_a_sealed_answer_is_written(store, path, tmp_path):
    seal(store, "Issac")
    edited = path.read_bytes().replace(b"rhombic", b"polyhedral")
    assert written(store, tmp_path) == ([edited], [])


def test_another_experts_file_is_closed_to_who_labels_blind(store, tmp_path):
    seal(store, "Issac")
    files, remarks = written(store, tmp_path, "Issac")
    assert (len(files), remarks) == (1, [])
    with pytest.raises(BlindError, match="You label blind"):
        written(store, tmp_path, "MK")


def test_after_the_seal_another_experts_file_is_written(store, tmp_path):
    seal(store, "Issac", "MK")
    assert len(written(store, tmp_path, "MK")[0]) == 1
