import os
import shutil
import zipfile

import pytest
from storage_scene import IMAGE, MICROGRAPH, create, disc, outline

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage import archive
from microcrystalnet.storage.merge import merge
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.storage.snapshot import snapshot


@pytest.fixture
def copies(tmp_path):
    """Give two copies of one project; AY labelled in the first, BK in the second."""
    store = create(tmp_path)
    crystal = outline(store)
    store.close()
    one, two = store.folder, tmp_path / "usb"
    shutil.copytree(one, two)
    work(one, "AY", crystal, "RES")
    work(two, "BK", crystal, "PES")
    return one, two


def work(folder, expert, crystal, cls):
    store = ProjectStore.open(folder, expert, mirror_root=folder.parent / f"mirror of {expert}")
    store.label(crystal, Answer(cls))
    store.put_mask(IMAGE, disc(200), MaskSource.MANUAL)
    store.close()


def seen(folder):
    store = ProjectStore.open(folder, "AY", mirror_root=folder.parent / "no mirror")
    said = {
        (crystal, who, label.answer.cls)
        for crystal, labels in store.votes().items()
        for who, label in labels.items()
    }
    found = said, store.state.crystals(IMAGE)
    store.close()
    return found


def content(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_both_experts_work_is_there_after_merging(copies):
    merge(*copies)
    said, crystals = seen(copies[0])
    assert ({(who, cls) for _, who, cls in said}, len(crystals)) == (
        {("AY", "RES"), ("BK", "PES")},
        3,
    )


def test_the_other_copy_is_not_touched(copies):
    before = content(copies[1])
    merge(*copies)
    assert content(copies[1]) == before


def test_a_half_copied_journal_is_completed(copies):
    one, two = copies
    (journal,) = (two / "log").rglob("*.label.jsonl")
    half = one / journal.relative_to(two)
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(journal.read_bytes()[:70])
    assert merge(one, two).grown == 1
    assert half.read_bytes() == journal.read_bytes()


def test_a_journal_that_differs_is_kept_beside_ours_and_both_count(copies):
    one, two = copies
    merge(one, two)
    (journal,) = (two / "log").rglob("*.label.jsonl")
    theirs = seen(one)
    mine = one / journal.relative_to(two)
    mine.write_bytes(b"damaged\n" + mine.read_bytes()[8:])
    assert merge(one, two).beside == 1
    assert seen(one) == theirs


def test_new_micrographs_come_with_their_bytes(copies, tmp_path):
    one, two = copies
    shutil.rmtree(one / "images")
    summary = merge(one, two)
    assert (summary.new > 0, (one / "images" / "files" / f"{IMAGE}.tif").exists()) == (True, True)


def test_a_record_that_knows_the_scale_wins_whichever_way_one_merges(copies):
    one, two = copies
    record = two / "images" / f"{IMAGE}.json"
    record.write_text(record.read_text().replace('"vendor": null', '"vendor": "JEOL"'))
    third = one.parent / "third"
    shutil.copytree(two, third)
    merge(third, one)
    merge(one, two)
    vendors = [
        ProjectStore.open(each, "AY", mirror_root=one.parent).state.micrographs[IMAGE].vendor
        for each in (one, third)
    ]
    assert vendors == ["JEOL", "JEOL"]


def test_a_micrograph_whose_bytes_are_not_what_its_name_says_is_left_out(copies):
    one, two = copies
    name = f"images/files/{IMAGE}.tif"
    (one / name).unlink()
    (two / name).write_bytes(b"something else")
    assert merge(one, two).refused == (name,)
    assert not (one / name).exists()


def test_files_that_are_no_part_of_a_project_are_not_brought_over(copies):
    (copies[1] / "run.exe").write_bytes(b"MZ")
    (copies[1] / "log" / "ay" / "x.sh").parent.mkdir(exist_ok=True)
    (copies[1] / "log" / "ay" / "x.sh").write_bytes(b"rm")
    merge(*copies)
    assert not {path.suffix for path in copies[0].rglob("*")} & {".exe", ".sh"}


def test_a_link_is_not_followed(copies):
    secret = copies[0].parent / "secret"
    secret.write_text("secret")
    link = copies[1] / "images" / "files" / ("0" * 20 + ".txt")
    link.symlink_to(secret)
    merge(*copies)
    assert not (copies[0] / "images" / "files" / link.name).exists()


def test_another_project_is_refused(copies, tmp_path):
    (tmp_path / "new").mkdir()
    other = create(tmp_path / "new")
    other.close()
    before = content(copies[0])
    with pytest.raises(ProjectError, match="is another project than"):
        merge(copies[0], other.folder)
    assert content(copies[0]) == before


def test_a_missing_copy_is_named(copies):
    with pytest.raises(ProjectError, match="does not exist"):
        merge(copies[0], copies[0] / "nothing here")


def test_a_snapshot_merges_like_the_folder_it_was_made_of(copies, tmp_path):
    one, two = copies
    snapshot(two, tmp_path / "two.zip")
    merge(one, tmp_path / "two.zip")
    assert {who for _, who, _ in seen(one)[0]} == {"AY", "BK"}
    assert not list(tmp_path.glob(".merge-*"))


def test_a_snapshot_leaves_out_what_is_not_yet_committed(copies, tmp_path):
    (journal,) = copies[0].rglob("*.label.jsonl")
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"n":')
    snapshot(copies[0], tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert packed.read(journal.relative_to(copies[0]).as_posix()) == whole


def test_a_snapshot_does_not_overwrite(copies, tmp_path):
    (tmp_path / "thesis.zip").write_bytes(b"precious")
    with pytest.raises(ProjectError, match="exists already"):
        snapshot(copies[0], tmp_path / "thesis.zip")
    assert (tmp_path / "thesis.zip").read_bytes() == b"precious"


def zipped(tmp_path, folder, *more, top=""):
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(folder / "project.json", f"{top}project.json")
        [packed.writestr(name, text) for name, text in more]
    return path


def test_a_zip_with_a_folder_around_the_project_is_understood(copies, tmp_path):
    text = next(copies[1].rglob("*.label.jsonl"))
    name = f"usb/{text.relative_to(copies[1]).as_posix()}"
    path = zipped(tmp_path, copies[1], (name, text.read_bytes()), top="usb/")
    assert merge(copies[0], path).new == 1


@pytest.mark.parametrize(
    "name",
    ["../evil.json", "/etc/evil", "C:\\evil.json", "log/../../evil", "\\\\host\\share\\evil"],
)
def test_a_name_that_leads_out_of_the_zip_refuses_all_of_it(copies, tmp_path, name):
    before = content(tmp_path)
    path = zipped(tmp_path, copies[1], (name, b"x"))
    with pytest.raises(ProjectError, match="leads out of it; nothing of it"):
        merge(copies[0], path)
    path.unlink()
    assert content(tmp_path) == before


def test_a_link_in_a_zip_refuses_all_of_it(copies, tmp_path):
    link = zipfile.ZipInfo(f"images/files/{IMAGE}.txt")
    link.external_attr = 0o120777 << 16
    with pytest.raises(ProjectError, match="leads out of it"):
        merge(copies[0], zipped(tmp_path, copies[1], (link, "/etc/passwd")))


def test_a_zip_that_unpacks_to_too_much_is_refused(copies, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "_FREE", 1000)
    bomb = (f"images/files/{IMAGE}.tif", bytes(50_000_000))
    with pytest.raises(ProjectError, match="would unpack to 48 MiB"):
        merge(copies[0], zipped(tmp_path, copies[1], bomb))


def test_a_zip_of_too_many_files_is_refused(copies, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBERS", 2)
    with pytest.raises(ProjectError, match="holds 3 files"):
        merge(copies[0], zipped(tmp_path, copies[1], ("a", ""), ("b", "")))


@pytest.mark.parametrize("damage", [slice(0, 40), slice(40, None), slice(0, 0)])
def test_a_damaged_zip_is_refused_in_a_sentence(copies, tmp_path, damage):
    path = zipped(tmp_path, copies[1], (f"images/{IMAGE}.json", b"x" * 1000))
    path.write_bytes(path.read_bytes()[damage])
    with pytest.raises(ProjectError, match="othing was merged"):
        merge(copies[0], path)


def test_a_zip_without_a_project_is_refused(copies, tmp_path):
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as packed:
        packed.writestr("me.jpg", b"x")
    with pytest.raises(ProjectError, match="holds no projects"):
        merge(copies[0], tmp_path / "photos.zip")


def test_the_record_of_a_micrograph_survives_the_way_through_a_zip(copies, tmp_path):
    snapshot(copies[1], tmp_path / "two.zip")
    shutil.rmtree(copies[0] / "images")
    merge(copies[0], tmp_path / "two.zip")
    store = ProjectStore.open(copies[0], "AY", mirror_root=tmp_path / "mirror")
    assert store.state.micrographs[IMAGE] == MICROGRAPH
    store.close()


def test_a_zip_that_claims_to_be_packed_loosely_is_refused(copies, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "_FREE", 1000)
    path = zipped(tmp_path, copies[1], (f"images/files/{IMAGE}.tif", bytes(20_000_000)))
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02") + 20  # the packed size, in the list at the end
    content[at : at + 4] = (2**31).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(ProjectError, match="would unpack to 19 MiB"):
        merge(copies[0], path)


def test_a_zip_that_is_packed_in_an_unusual_way_is_refused(copies, tmp_path):
    path = zipped(tmp_path, copies[1])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as packed:
        packed.writestr(f"images/{IMAGE}~1.json", b"x" * 1000)
    path.write_bytes(path.read_bytes().replace(b"\x09\x04\x05\x00\x5d", b"\x09\x04\x05\x00\xff"))
    with pytest.raises(ProjectError, match="packed in a way"):
        merge(copies[0], path)


def test_files_dated_before_there_were_zips_are_in_a_snapshot(copies, tmp_path):
    os.utime(copies[0] / "images" / f"{IMAGE}.json", (0, 0))
    snapshot(copies[0], tmp_path / "old.zip")
    assert merge(copies[1], tmp_path / "old.zip").new > 0


def test_the_damaged_file_of_a_micrograph_is_healed_by_a_copy(copies):
    name = f"images/files/{IMAGE}.tif"
    whole = (copies[1] / name).read_bytes()
    (copies[0] / name).write_bytes(b"touched up")
    merge(copies[0], copies[1])
    assert (copies[0] / name).read_bytes() == whole


def test_a_damaged_copy_heals_nothing(copies):
    name = f"images/files/{IMAGE}.tif"
    [(each / name).write_bytes(b"touched up") for each in copies]
    assert merge(copies[0], copies[1]).refused == ()
    assert (copies[0] / name).read_bytes() == b"touched up"
