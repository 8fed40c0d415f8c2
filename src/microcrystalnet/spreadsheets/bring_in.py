"""Imports answers into a project, as the labels of the experts who gave them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from microcrystalnet.errors import BlindError, LabelTableError, ProjectError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.spreadsheets.limits import short
from microcrystalnet.spreadsheets.plan import Found, Plan, blind_to, plan
from microcrystalnet.spreadsheets.preview import Preview, unknown_words
from microcrystalnet.spreadsheets.sources import ImportRequest, read_sources
from microcrystalnet.spreadsheets.statements import Source
from microcrystalnet.spreadsheets.table import read_bytes
from microcrystalnet.storage.label_intake import GivenLabel, LabelFile, LabelIntake, Taken


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; ``preview`` is what it would have told before.

    ``added`` labels are new, ``known`` were imported before, ``left_out`` were left out as asked,
    ``unmatched`` rows have no crystal (the file is kept, and importing it again takes them in once
    they have). ``kept`` names the experts who had labelled crystals in this program before, and
    how many of these labels differ and were kept. ``closed`` labels are others' of crystals that
    who asked labels blind: they were taken in, and nobody is told how many of them are new.
    """

    added: int
    known: int
    unmatched: int
    left_out: int
    kept: Mapping[str, int]
    preview: Preview
    closed: int = 0

    def counts(self) -> dict[str, object]:
        """Give what was done as plain numbers."""
        return {
            "added": self.added,
            "known": self.known,
            "unmatched": self.unmatched,
            "left_out": self.left_out,
            "kept": dict(self.kept),
            "closed": self.closed,
        }


def preview_import(
    project: Path,
    request: ImportRequest,
    report: Report = ignore_progress,
    mirror_root: Path | None = None,
) -> Preview:
    """Say what an import would do, without doing it.

    It tells of the table, and which crystals its rows mean; no answer in the project is looked at,
    and no more is opened than who asks may see.

    Raises
    ------
    LabelTableError, ProjectError
        If a table cannot be read or understood, or the project not be opened.
    """
    store = LabelIntake.open(project, request.asker, mirror_root=mirror_root)
    try:
        return _allowed(store, request, report).preview
    finally:
        store.close()


def import_labels(
    project: Path,
    request: ImportRequest,
    report: Report = ignore_progress,
    mirror_root: Path | None = None,
) -> Imported:
    """Import the answers of a table or folder; repeating it adds nothing.

    Raises
    ------
    LabelTableError
        If a table cannot be read, or a word in it means nothing; nothing is imported then.
    ProjectError
        If the project cannot be written.
    """
    store = LabelIntake.open(project, request.asker, mirror_root=mirror_root)
    try:
        planned = _allowed(store, request, report)
        _require_meanings(planned)
        people = {each.casefold(): each for each in store.experts()}
        groups = list(_by_expert_and_file(planned.found))
        actors = {each: people.setdefault(each.casefold(), each) for each, *_ in groups}
        closed = _closed(store, planned)
        return _summed(planned, _taking(store, planned, groups, actors, closed, report=report))
    finally:
        store.close()


def _taking(
    intake: LabelIntake,
    planned: Plan,
    groups: Sequence[tuple[str, Source, Sequence[Found]]],
    actors: Mapping[str, str],
    closed: frozenset[tuple[str, str]],
    *,
    report: Report,
) -> Iterator[tuple[str, Taken, int]]:
    """Take in what each expert says in each file; the project stays open for all of them."""
    for done, (expert, source, found) in enumerate(groups):
        report(Progress(done, len(groups), f"Importing {source.path.name}"))
        intake.become(actors[expert])
        file, given = _file(source), _given(planned, found)
        hidden = [each for each in given if (expert.casefold(), each.crystal_id) in closed]
        intake.take(file, hidden)
        taken = intake.take(file, [each for each in given if each not in hidden])
        if not intake.flush(60):
            raise ProjectError(str(intake.pending().trouble or "The disk has not answered yet."))
        yield actors[expert], taken, len(hidden)


def _allowed(store: LabelIntake, request: ImportRequest, report: Report) -> Plan:
    """Plan an import, all of which may come into the project now."""
    planned = plan(store, request, report)
    crystals: dict[str, list[str]] = {}
    for each in planned.found:
        if each.crystal_id is not None:
            crystals.setdefault(each.statement.expert, []).append(each.crystal_id)
    for expert, theirs in crystals.items():
        store.require_not_held(expert, theirs)
    return planned


def _closed(store: LabelIntake, planned: Plan) -> frozenset[tuple[str, str]]:
    """Give expert and crystal of the rows of which who asks must not know whether they are new."""
    others = {
        (each.statement.expert.casefold(), each.crystal_id)
        for each in planned.found
        if each.crystal_id is not None
        and each.statement.expert.casefold() != store.actor.casefold()
    }
    return frozenset(each for each in others if not store.opened(each[1]))


def _require_meanings(planned: Plan) -> None:
    if unknown := planned.preview.unknown:
        word = short(unknown[0].text)
        raise LabelTableError(
            f"No class of the scheme is called {unknown_words(unknown)}; say what each means "
            f"(such as {word}={planned.vocabulary.scheme.codes[0]}), or leave it out "
            f"({word}=leave-out). Nothing was imported."
        )


def _by_expert_and_file(
    found: Iterable[Found],
) -> Iterable[tuple[str, Source, list[Found]]]:
    def key(each: Found) -> tuple[str, str]:
        return each.statement.expert.casefold(), str(each.source.path)

    for _, group in groupby(sorted(found, key=key), key):
        listed = list(group)
        yield listed[0].statement.expert, listed[0].source, listed


def _given(planned: Plan, found: Sequence[Found]) -> list[GivenLabel]:
    return [
        GivenLabel(each.statement.line, each.crystal_id, answer, planned.preview.blind)
        for each in found
        if each.crystal_id is not None and (answer := planned.answer(each.statement)) is not None
    ]


def _file(source: Source) -> LabelFile:
    file = LabelFile(source.path.name, source.folder, source.layout, read_bytes(source.path))
    if file.digest != source.digest:
        raise LabelTableError(f"{source.path.name} changed while it was read; import it again.")
    return file


def _summed(planned: Plan, taken: Iterable[tuple[str, Taken, int]]) -> Imported:
    parts = list(taken)
    kept: dict[str, int] = {}
    for actor, each, _ in parts:
        if each.kept:
            kept[actor] = kept.get(actor, 0) + len(each.kept)
    return Imported(
        sum(each.added for _, each, _ in parts),
        sum(each.known for _, each, _ in parts),
        sum(each.crystal_id is None for each in planned.found),
        sum(planned.answer(each.statement) is None for each in planned.found),
        kept,
        planned.preview,
        sum(closed for *_, closed in parts),
    )


def take_back(
    project: Path,
    request: ImportRequest,
    report: Report = ignore_progress,
    mirror_root: Path | None = None,
) -> int:
    """Take the labels of an imported table or folder back; gives how many.

    Labels that the experts gave or changed in the program stay, and so does the file.

    Raises
    ------
    LabelTableError, ProjectError
        If a table cannot be read, or the project not be written.
    BlindError
        If labels in it are others' on a micrograph that who asks labels blind.
    """
    store = LabelIntake.open(project, request.asker, mirror_root=mirror_root)
    try:
        sources, _ = read_sources(request, store.state.scheme, report)
        if others := blind_to(store, sources):
            raise BlindError(
                f"Labels of {short(others[0])} in it are on micrographs that you label blind; they "
                "can be taken back by their expert, or by you once you have sealed these."
            )
        people = {each.casefold(): each for each in store.experts()}
    finally:
        store.close()
    pairs = {(e.expert.casefold(), source.digest) for source in sources for e in source.statements}
    return sum(
        _taken_back(project, people[expert], digest, mirror_root)
        for expert, digest in sorted(pairs)
        if expert in people
    )


def _taken_back(project: Path, actor: str, digest: str, mirror_root: Path | None) -> int:
    intake = LabelIntake.open(project, actor, mirror_root=mirror_root)
    try:
        count = intake.take_back(digest)
        if not intake.flush(60):
            raise ProjectError(str(intake.pending().trouble or "The disk has not answered yet."))
    finally:
        intake.close()
    return count
