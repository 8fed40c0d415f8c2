"""Writes every answer of every expert, with all that was recorded beside the class."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from microcrystalnet.blind_answers import counts, image_names, time_of
from microcrystalnet.domain.label import MARKS, UNAIDED, Flag, Label
from microcrystalnet.domain.round import Round
from microcrystalnet.labelling.answers import said
from microcrystalnet.labelling.rounds import planned_experts
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report import csv_file
from microcrystalnet.report.answer_file import ANSWER_COLUMNS, iso
from microcrystalnet.report.facts import Only, wanted
from microcrystalnet.storage.project_store import ProjectStore

FLAGS = (Flag.UNSURE, Flag.OCCLUDED, Flag.BAD_MASK)
COLUMNS = (
    *ANSWER_COLUMNS,
    *("blind", "planned", "second_choice", *FLAGS, *MARKS),
    *("shape", "definition", "confidence", "note", "assist", "round", "scheme_version"),
)


def export_answers(
    store: ProjectStore, folder: Path, report: Report = ignore_progress, only: Only = None
) -> list[Path]:
    """Write ``answers.csv``, a row an answer; `mcn agreement` of it is that of the project.

    Of each expert and crystal it holds the latest answer and, where that was given after seeing
    others', the last one before: ``blind`` and ``planned`` say which of them are compared.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    csv_file.write(folder / "answers.csv", COLUMNS, _rows(store, only))
    return [folder / "answers.csv"]


def _rows(store: ProjectStore, only: Only) -> Iterator[Sequence[object]]:
    store.votes(reveal=False)
    shown, names = wanted(store, only), image_names(store)
    rounds = {each.round_id: each for each in store.rounds.all()}
    numbers = {round_id: number for number, round_id in enumerate(rounds, 1)}
    told = [each for each in store.state.labelled if store.state.image_of(each) in shown]
    store.see(told)
    for crystal_id in told:
        words = store.state.words_of(crystal_id)
        image_id = store.state.image_of(crystal_id) if words else None
        if image_id is not None:
            for label in _told(words, rounds):
                yield _row(label, names[image_id], rounds, numbers)


def _told(words: Iterable[Label], rounds: Mapping[str, Round]) -> Iterable[Label]:
    """Give everyone's latest answer, and the last one that is compared."""
    known = list(words)
    compared = {(each.expert, each.turn): each for each in known if counts(each, rounds)}
    latest = {(each.expert, each.turn): each for each in known}
    found = {each.label_id: each for each in compared.values()}
    for each in latest.values():  # one that was undone and came back has its first id
        found.setdefault(each.label_id, each)
    return found.values()


def _row(
    label: Label, image: str, rounds: Mapping[str, Round], numbers: Mapping[str, int]
) -> Sequence[object]:
    answer, round_ = label.answer, rounds.get(label.round_id or "")
    planned = round_ is None or label.expert in planned_experts(round_, label.crystal_id)
    return (
        *(image, label.crystal_id, label.expert, said(answer), label.turn, iso(time_of(label))),
        *(_yes(label.blind and label.assist == UNAIDED), _yes(planned), answer.second),
        *("x" if flag in answer.flags else None for flag in FLAGS),
        *("x" if mark in answer.marks else None for mark in MARKS),
        *(answer.shape, answer.definition, answer.confidence, answer.note or None, label.assist),
        *(numbers.get(label.round_id or ""), label.scheme_version),
    )


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
