"""Labels on their way between computers without a server: send one's own, bring in the others'."""

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from microcrystalnet.errors import ProjectError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.storage import files, header, merge
from microcrystalnet.storage.holding import stays
from microcrystalnet.storage.journal import Journal
from microcrystalnet.storage.layout import (
    ATLAS,
    CONTROL,
    LABEL,
    PROJECT_FILE,
    JournalName,
    actor_slug,
    belongs,
    journals,
    travels,
)
from microcrystalnet.storage.replica import carry_over, committed
from microcrystalnet.storage.round_fold import RoundBook

_DAMAGE = (  # what a damaged zip makes the standard library say
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    RuntimeError,  # and NotImplementedError
    OSError,
)
_LABEL_LINE = re.compile(rb'"id":"(\w+)","lc":\d+,"ts":-?\d+,"v":\d+,"t":"label\.set"')


@dataclass(frozen=True, slots=True)
class Sent:
    """What was written, and where; ``held`` labels wait here for a seal of a strict round."""

    target: Path
    sessions: int
    labels: int
    held: int = 0


@dataclass(frozen=True, slots=True)
class Brought:
    """What came in: labels by expert, and the files as `merge` counts them."""

    summary: merge.MergeSummary
    labels: dict[str, int] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


def send(
    folder: Path, mirror: Path, expert: str, target: Path, report: Report = ignore_progress
) -> Sent:
    """Write everything an expert did in a project into a folder or a zip, and nothing else.

    The lab's pictures of the atlas, which are nobody's, go along.

    Sending again into the same place brings it up to date. The result is a copy of the project in
    which the others' sessions are missing, so `bring` and `mcn project merge` take it.

    Parameters
    ----------
    mirror
        Where this computer keeps its own copy of the journals; it may know more than the folder.
    target
        A name that ends in ``.zip``, or a folder; in a folder of other things, such as a USB
        stick, a folder ``labels-of-<expert>`` is made.

    Raises
    ------
    ProjectError
        If the folder is not a project, the target holds another project, or the disk refuses.
    """
    header.read(folder)
    try:
        own, held = _own_sessions(folder, mirror, actor_slug(expert))
        head = (folder / PROJECT_FILE).read_bytes()
        packed = own | _imported_files(folder, actor_slug(expert)) | _pictures(folder)
        if target.suffix.lower() == ".zip":
            written = _zip(target, head, packed, report)
        else:
            written = _place(folder, target, actor_slug(expert))
            _into_folder(written, head, packed, report)
    except OSError as error:
        raise ProjectError(
            f"Your labels cannot be written to {target} ({error.strerror or error}); choose "
            "another place. Nothing is lost here."
        ) from error
    labels = set[bytes]().union(*map(_labels, own.values()))
    return Sent(written, len(own), len(labels), held)


def _own_sessions(folder: Path, mirror: Path, slug: str) -> tuple[dict[str, bytes], int]:
    """Give an expert's journals by path, the longer of two copies, and count what stays here."""
    book, found, held = _rounds(folder, mirror), dict[str, bytes](), 0
    for root in (folder, mirror):
        for relative, name in journals(root):
            if name.actor != slug:
                continue
            content = committed((root / relative).read_bytes())
            if root == mirror and stays(root / relative, name, book):
                held += len(_labels(content))
            elif len(content) > len(found.get(relative, b"")):
                found[relative] = content
    return found, held


def _imported_files(folder: Path, slug: str) -> dict[str, bytes]:
    """Give the copies of the label files that were imported as this expert's, by path."""
    paths = (path for path in sorted((folder / "imports" / slug).glob("*")) if path.is_file())
    found = {path.relative_to(folder).as_posix(): path for path in paths}
    return {relative: path.read_bytes() for relative, path in found.items() if belongs(relative)}


def _pictures(folder: Path) -> dict[str, bytes]:
    paths = (path for path in sorted((folder / ATLAS).glob("*.*")) if not path.is_symlink())
    names = (path.relative_to(folder).as_posix() for path in paths if path.is_file())
    return {name: (folder / name).read_bytes() for name in names if travels(folder, name)}


def _rounds(*roots: Path) -> RoundBook:
    book = RoundBook()
    for root in roots:
        for relative, name in journals(root):
            if name.stream.kind == CONTROL:
                _fold_rounds(book, Journal(root / relative, relative, name.actor))
    return book


def _fold_rounds(book: RoundBook, journal: Journal) -> None:
    for event in journal.read():
        try:
            if event.t == "round.open":
                book.open(event, (event.lc, event.id))
            elif event.t == "seal":
                book.seal(event, (event.lc, event.id), journal.actor)
        except (ValueError, KeyError, TypeError):
            continue  # the Health page lists what is not understood


def _labels(content: bytes) -> set[bytes]:
    """Give the ids of the labels in a journal: second versions of it hold the same ones."""
    return set(_LABEL_LINE.findall(content))


def _zip(target: Path, head: bytes, own: dict[str, bytes], report: Report) -> Path:
    part = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(PROJECT_FILE, head)
            for done, (relative, content) in enumerate(own.items(), 1):
                packed.writestr(relative, content)
                report(Progress(done, len(own), relative))
        files.keep(part, target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _place(folder: Path, target: Path, slug: str) -> Path:
    """Choose the folder for an expert's labels: the target itself if it holds some already."""
    place = target if (target / PROJECT_FILE).exists() else target / f"labels-of-{slug}"
    if place.resolve() == folder.resolve():
        raise ProjectError(
            f"{target} is the project itself, your labels are in it; choose another folder."
        )
    if (place / PROJECT_FILE).exists():
        header.require_same(folder, place)
    return place


def _into_folder(place: Path, head: bytes, own: dict[str, bytes], report: Report) -> None:
    if not (place / PROJECT_FILE).exists():
        files.create_whole(place / PROJECT_FILE, head)
    for done, (relative, content) in enumerate(own.items(), 1):
        carry_over(content, place / relative)
        report(Progress(done, len(own), relative))


def bring(folder: Path, other: Path, report: Report = ignore_progress) -> Brought:
    """Bring in what others sent: a zip, a folder, or a folder in which several of them lie.

    Bringing the same in again changes nothing.

    Raises
    ------
    ProjectError
        If nothing of this project is there, a zip is unsafe, or the disk refuses.
    """
    head = header.read(folder)
    try:
        before, found = _sizes(folder), _sources(other, head.project_id)
        summaries = [_merged(folder, each, report, alone=len(found) == 1) for each in found]
        new = _new_labels(folder, before)
    except OSError as error:
        raise ProjectError(
            f"{other} could not be brought in to its end ({error.strerror or error}); check that "
            "the drives are connected and bring it in again. What came in is kept."
        ) from error
    return Brought(_sum(summaries), new, tuple(each.name for each in found))


def _merged(folder: Path, other: Path, report: Report, *, alone: bool) -> merge.MergeSummary:
    """Merge one source; a damaged one of several is left out, and named as refused."""
    try:
        return merge.merge(folder, other, report)
    except ProjectError as error:
        if alone or isinstance(error.__cause__, OSError):  # a full disk stops all of them
            raise
    except _DAMAGE as error:
        if alone:
            raise ProjectError(
                f"{other.name} is damaged ({error}); ask for it again. Nothing of it was kept."
            ) from error
    return merge.MergeSummary(refused=(other.name,))


def _sources(other: Path, project_id: str) -> list[Path]:
    if not other.is_dir() or (other / PROJECT_FILE).exists():
        return [other]
    found = [each for each in sorted(other.iterdir()) if _is_source(each, project_id)]
    if not found:
        raise ProjectError(
            f"{other} holds no labels of this project; choose the folder or the zip that another "
            "expert sent. Nothing was changed."
        )
    return found


def _is_source(path: Path, project_id: str) -> bool:
    """Say whether a folder or a zip, one of several in a place, is of this project."""
    try:
        if path.is_dir():
            return header.read(path).project_id == project_id
        if path.suffix.lower() != ".zip":
            return False
        with zipfile.ZipFile(path) as packed:
            heads = [each for each in packed.infolist() if each.filename.endswith(PROJECT_FILE)]
            return any(
                each.file_size < 65_536 and project_id.encode() in packed.read(each)
                for each in heads
            )
    except (ProjectError, *_DAMAGE):
        return False


def _sum(summaries: list[merge.MergeSummary]) -> merge.MergeSummary:
    return merge.MergeSummary(
        sum(each.new for each in summaries),
        sum(each.grown for each in summaries),
        sum(each.beside for each in summaries),
        sum(each.known for each in summaries),
        tuple(name for each in summaries for name in each.refused),
    )


def _sizes(folder: Path) -> dict[str, int]:
    return {
        relative: (folder / relative).stat().st_size
        for relative, name in journals(folder)
        if name.stream.kind == LABEL
    }


def _new_labels(folder: Path, before: dict[str, int]) -> dict[str, int]:
    """Count the labels that files have gained, by expert, without looking what they say."""
    gained: dict[str, set[bytes]] = {}  # by expert's folder
    known: dict[str, set[bytes]] = {}
    authors: dict[str, str] = {}
    names: dict[str, str] = {}
    for relative, name in journals(folder, "**/*.label*.jsonl"):
        start, content = before.get(relative, 0), (folder / relative).read_bytes()
        known.setdefault(name.actor, set()).update(_labels(content[:start]))
        if new := _labels(content[start:]):
            authors[name.actor] = _author(folder / relative, relative, name, names)
            gained.setdefault(name.actor, set()).update(new)
    counts = {each: len(new - known[each]) for each, new in gained.items()}
    return {authors[each]: count for each, count in counts.items() if count}


def _author(path: Path, relative: str, name: JournalName, names: dict[str, str]) -> str:
    journal = Journal(path, relative, name.actor, names)
    next(iter(journal.read()), None)
    return journal.actor
