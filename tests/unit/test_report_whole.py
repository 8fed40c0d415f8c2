"""Results of many files are there all or not at all, and what was there before stays."""

import errno
import os
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from report_project import add, labelled, square
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.progress import ignore_progress
from microcrystalnet.report import csv_file
from microcrystalnet.report.files import OutputError, require_place
from microcrystalnet.report.formats import WRITERS, write_formats
from microcrystalnet.report.html import write_report
from microcrystalnet.report.whole import staged
from microcrystalnet.storage import files
from microcrystalnet.storage.project_store import ProjectStore

unix = pytest.mark.skipif(sys.platform == "win32", reason="only Unix limits the size of files")


@contextmanager
def no_room(size=64):
    """Let no file grow beyond so many bytes: the disk takes a part of a file and then refuses."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def store(tmp_path):
    labelled(tmp_path).close()
    made = ProjectStore.open(tmp_path / "project", "export", mirror_root=tmp_path / "mirror")
    yield made
    made.close()


@pytest.fixture
def out(tmp_path):
    """A folder with somebody's file in it."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    return folder


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}


@unix
@pytest.mark.parametrize("name", WRITERS)
def test_a_disk_that_takes_only_the_beginning_of_a_file_leaves_nothing(store, out, name):
    with no_room(), pytest.raises(OutputError, match=r"out/[^.].*File too|free space there"):
        write_formats([name], store, out, ignore_progress)
    assert contents(out) == {"mine.txt": b"mine"}


@unix
def test_a_report_that_finds_no_room_leaves_the_old_one(store, out):
    (out / "report.html").write_text("old")
    with no_room(), pytest.raises(OutputError, match=r"report.html cannot be written"):
        write_report(store, out / "report.html")
    assert contents(out) == {"mine.txt": b"mine", "report.html": b"old"}


@pytest.mark.parametrize("name", WRITERS)
def test_a_folder_in_the_place_of_a_file_is_refused_before_anything_moves(store, out, name):
    names = [path.relative_to(out) for path in write_formats([name], store, out)]
    (out / names[-1]).unlink()
    (out / names[-1]).mkdir()
    before = contents_of_files(out)
    with pytest.raises(OutputError, match="is a folder; choose another name"):
        write_formats([name], store, out, ignore_progress)
    assert contents_of_files(out) == before


def contents_of_files(folder):
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_replaced_comes_back_when_a_later_file_cannot_be(out, monkeypatch):
    (out / "a.csv").write_text("old")
    move = Path.replace

    def refuse_b(source, target):
        if Path(target).name == "b.csv":
            raise OSError(errno.EACCES, "Permission denied")
        return move(source, target)

    with pytest.raises(OutputError, match=r"b.csv cannot be written \(Permission denied\)"):
        write_two(out, lambda: monkeypatch.setattr(Path, "replace", refuse_b))
    assert contents(out) == {"mine.txt": b"mine", "a.csv": b"old"}
    assert sorted(each.name for each in out.iterdir()) == ["a.csv", "mine.txt"]


def test_a_former_file_that_cannot_be_put_back_is_kept_and_named(out, monkeypatch):
    (out / "a.csv").write_text("old")
    move = Path.replace

    def gone(source, target):
        if ".aside" not in str(target):
            raise OSError(errno.EIO, "Input/output error")
        return move(source, target)

    with pytest.raises(OutputError, match=r"such as a.csv, could not be put back; they lie in \."):
        write_two(out, lambda: monkeypatch.setattr(Path, "replace", gone))
    assert [each.read_text() for each in out.rglob(".aside/*")] == ["old"]


def write_two(folder, then):
    with staged(folder) as stage:
        for name in ("a.csv", "new/b.csv"):
            csv_file.write(stage / name, ["x"], [["new"]])
        then()


def test_files_of_the_same_name_are_replaced(out):
    (out / "a.csv").write_text("old")
    write_two(out, lambda: None)
    assert (out / "a.csv").read_text() == (out / "new" / "b.csv").read_text() == "x\nnew\n"
    assert sorted(each.name for each in out.iterdir()) == ["a.csv", "mine.txt", "new"]


def test_a_subfolder_that_takes_no_file_is_named_before_anything_moves(out, monkeypatch):
    (out / "new").mkdir()
    monkeypatch.setattr(files, "writable", lambda folder: folder.name != "new")
    with pytest.raises(OutputError, match="read-only or full"):
        write_two(out, lambda: None)
    assert contents(out) == {"mine.txt": b"mine"}


@unix
def test_a_pipe_or_a_device_is_never_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(OutputError, match="is not an ordinary file"):
        csv_file.write(tmp_path / "pipe.csv", ["x"], [])
    assert not (tmp_path / "pipe.csv").is_file()


def test_a_file_that_cannot_be_written_leaves_no_folder(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "_write", refuse)
    with pytest.raises(OutputError, match="No space left on device"):
        csv_file.write(tmp_path / "new" / "deep" / "a.csv", ["x"], [])
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_too_long_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(OutputError, match=r"cannot be written \(File name too long\)"):
        require_place(tmp_path / f"{'x' * 300}.csv")


def test_where_not_even_a_root_is_there_one_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "exists", lambda _: False)  # a drive Z: that is not connected
    with pytest.raises(OutputError, match=r"cannot be written \(there is no "):
        require_place(tmp_path / "a.csv")


def test_a_folder_of_any_name_may_lie_where_results_go(out):
    (out / "any").mkdir()
    with staged(out) as stage:
        csv_file.write(stage / "new.csv", ["x"], [])
    assert (out / "new.csv").is_file()


@pytest.mark.parametrize("name", ["project.json", "model.json"])
@pytest.mark.parametrize(
    "words",
    [
        ["export", "nowhere", "--format", "source-csv"],
        ["figures", "nowhere"],
        ["explain", "nowhere", "crops.csv"],
    ],
)
def test_results_are_not_strewn_among_the_files_of_a_project_or_model(tmp_path, words, name):
    (tmp_path / name).write_text("{}")
    refused = CliRunner().invoke(app, [*words, "--out", str(tmp_path)])
    assert isinstance(refused.exception, OutputError)
    assert "choose another one" in str(refused.exception)
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_exports_are_not_strewn_among_the_files_of_the_project(store):
    with pytest.raises(OutputError, match="is the folder of a project"):
        write_formats(["coco"], store, store.folder)


def test_a_report_looks_for_its_place_before_it_measures(store, out, monkeypatch):
    def measuring(*_, **__):
        pytest.fail("it measured first")

    monkeypatch.setattr(files, "writable", lambda _: False)
    monkeypatch.setattr("microcrystalnet.report.html.gather", measuring)
    with pytest.raises(OutputError, match="read-only or full"):
        write_report(store, out / "report.html")


@unix
@pytest.mark.parametrize("words", [["figures"], ["statistics"]])
def test_a_full_disk_is_no_figure_that_is_left_out(tmp_path, monkeypatch, words):
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")
    made = labelled(tmp_path)
    add(made, tmp_path, "b.tif", [square(30, 30)], offset=1)
    made.close()
    target = tmp_path / "new" / ("s.csv" if words == ["statistics"] else "")
    monkeypatch.setattr(csv_file, "write_atomically", _full)
    done = CliRunner().invoke(app, [*words, str(made.folder), "--out", str(target)])
    assert isinstance(done.exception, OutputError)
    assert not (tmp_path / "new").exists()


def _full(path, _content):
    raise OutputError(f"{path} cannot be written (No space left on device); free space.")
