"""`mcn export --format source-csv`: every imported file of the source team, with its edits."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import BlindError, LabelTableError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.report.files import write_atomically
from microcrystalnet.report.whole import staged
from microcrystalnet.spreadsheets.statements import SOURCE_TEAM
from microcrystalnet.spreadsheets.write_back import Rewritten, edits_of, rewrite
from microcrystalnet.storage.import_records import ImportedFile, Imports, Key, Origin
from microcrystalnet.storage.label_intake import LabelIntake


def write_back(
    project: Path,
    folder: Path,
    report: Report = ignore_progress,
    mirror_root: Path | None = None,
    *,
    expert: str,
) -> tuple[list[Path], list[str]]:
    """Write the label files of a project back; see `export_source`.

    Parameters
    ----------
    expert
        Who asks: what this one must not see yet, because they label blind, is not written, and
        what is written of others' answers counts as seen.

    Raises
    ------
    LabelTableError, OutputError, ProjectError
        As `export_source`, and if the project cannot be opened.
    """
    store = LabelIntake.open(project, expert, mirror_root=mirror_root)
    try:
        return export_source(store, folder, report)
    finally:
        store.close()


def export_source(
    store: LabelIntake, folder: Path, report: Report = ignore_progress
) -> tuple[list[Path], list[str]]:
    """Write the newest import of each label file into ``<folder>/<micrograph's folder>``.

    Gives the files, and sentences about what could not be written as asked. Answers that wait for
    the seal of a round are not written.

    Raises
    ------
    LabelTableError
        If no label file of the source team was imported, or a copy in the project is missing.
    BlindError
        If who asks labels blind and has imported none.
    OutputError
        If a file cannot be written.
    """
    imports = store.imports()
    newest = _newest(imports)
    if not newest and store.blind:
        raise BlindError(
            "You label blind, so the label files of others are closed to you until you seal a "
            "micrograph on Consensus > Rounds; none is yours."
        )
    if not newest:
        raise LabelTableError(
            "No label file of the source team was imported into this project, so there is none to "
            "write back; `mcn export --format csv` writes every label as one table."
        )
    with staged(folder) as stage:
        written, remarks = _write(store, imports, newest, stage, report)
    return [folder / each for each in written], remarks


def _write(
    store: LabelIntake,
    imports: Imports,
    newest: Sequence[tuple[Key, ImportedFile]],
    folder: Path,
    report: Report,
) -> tuple[list[Path], list[str]]:
    """Write files and give their paths in the folder, and what is to be said of them."""
    written: list[Path] = []
    remarks: list[str] = []
    for done, (key, file) in enumerate(newest):
        report(Progress(done, len(newest), f"Writing {file.name}"))
        if file.name.casefold().endswith(".xlsx"):
            remarks.append(f"{file.name} is a workbook, and only CSV files are written back.")
            continue
        if store.closed(key[0], file.digest):
            remarks.append(f"{file.name} is closed to you until you seal what you label blind.")
            continue
        rows = imports.rows.get(key, {})
        if key[0] != store.actor:
            store.see(each.crystal_id for each in rows.values())
        again = _rewritten(store, rows, key[0], file)
        path = Path(_plain(file.folder)) / _plain(file.name)
        write_atomically(folder / path, again.content)
        written.append(path)
        remarks += again.remarks
    return written, remarks


def _newest(imports: Imports) -> list[tuple[Key, ImportedFile]]:
    found: dict[tuple[str, str], tuple[Key, ImportedFile]] = {}
    for key, (_, file) in sorted(imports.files.items(), key=lambda each: each[1][0]):
        if file.layout == SOURCE_TEAM:
            found[file.folder.casefold(), file.name.casefold()] = key, file
    return list(found.values())


def _rewritten(
    store: LabelIntake, rows: Mapping[int, Origin], expert: str, file: ImportedFile
) -> Rewritten:
    answers: dict[int, tuple[Answer, Answer | None]] = {}
    for line, origin in rows.items():
        label = store.given_by(expert, origin.crystal_id, origin.image_id)
        answers[line] = (origin.answer, None if label is None else label.answer)
    return rewrite(store.folder / file.stored, file.name, edits_of(answers), store.state.scheme)


def _plain(name: str) -> str:
    """Give a name that stays in its folder: it came out of a journal, which others may write."""
    parts: Iterable[str] = Path(name.replace("\\", "/")).parts[-1:]
    safe = "".join(parts).strip(". ")
    return safe or "labels"
