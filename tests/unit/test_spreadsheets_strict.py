"""Labels from a file obey a strict round: none reaches the project folder before the seal."""

import pytest
from label_files import project, source_file

from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import ProjectError
from microcrystalnet.spreadsheets.bring_in import import_labels, preview_import
from microcrystalnet.spreadsheets.sources import ImportRequest
from microcrystalnet.storage.label_intake import GivenLabel, LabelFile, LabelIntake
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def store(tmp_path):
    """Issac's project with a strict round of Issac and MK."""
    made, _ = project(tmp_path)
    made.close()
    opened = ProjectStore.open(made.folder, "Issac", mirror_root=tmp_path / "mirror")
    opened.rounds.open([*opened.state.micrographs], ["Issac", "MK"], blind="strict")
    opened.flush()
    yield opened
    opened.close()


def bring(store, path, way=import_labels):
    return way(store.folder, ImportRequest(path), mirror_root=store.mirror.parent)


def told(folder):
    """Give the files of the project folder that hold labels."""
    return [*folder.rglob("*.label*.jsonl"), *(folder / "imports").rglob("*.*")]


@pytest.mark.parametrize("expert", ["Issac", "issac"])
@pytest.mark.parametrize("way", [import_labels, preview_import])
def test_a_file_about_a_micrograph_that_is_not_sealed_is_refused(store, tmp_path, way, expert):
    path = source_file(tmp_path, "1,1,rhombic,,,,,,", expert=expert)
    with pytest.raises(ProjectError, match=r"Issac labels S1\.tif in a strict round"):
        bring(store, path, way)
    assert told(store.folder) == []


def test_of_several_files_none_is_taken_where_one_must_wait(store, tmp_path):
    source_file(tmp_path, "1,1,rhombic,,,,,,", expert="Ann")
    source_file(tmp_path, "1,1,rhombic,,,,,,")
    with pytest.raises(ProjectError, match="nothing was imported"):
        bring(store, tmp_path / "S1")
    assert told(store.folder) == []


def test_after_the_seal_the_file_is_taken(store, tmp_path):
    store.rounds.seal(next(iter(store.state.micrographs)))
    store.flush()
    assert bring(store, source_file(tmp_path, "1,1,rhombic,,,,,,")).added == 1


def test_an_expert_whom_the_round_does_not_ask_is_taken(store, tmp_path):
    assert bring(store, source_file(tmp_path, "1,1,rhombic,,,,,,", expert="Ann")).added == 1


def test_the_store_itself_refuses_them_too(store, tmp_path):
    (image_id,) = store.state.micrographs
    crystal, *_ = store.state.crystal_ids(image_id)
    intake = LabelIntake.open(store.folder, "MK", mirror_root=tmp_path / "mirror")
    with pytest.raises(ProjectError, match=r"MK labels S1\.tif in a strict round"):
        intake.take(
            LabelFile("a.csv", "", "table", b"a"), [GivenLabel(2, crystal, Answer(None), True)]
        )
    intake.close()
    assert told(store.folder) == []
