"""The section of the report about how far the experts agree."""

from collections.abc import Iterator, Sequence

from microcrystalnet.blind_answers import answers_of
from microcrystalnet.errors import AgreementError
from microcrystalnet.labelling.agreement import Agreement, compare_experts
from microcrystalnet.labelling.answer_table import arrange
from microcrystalnet.labelling.answers import NOT_CRYSTAL
from microcrystalnet.report.answer_file import Row, figures
from microcrystalnet.report.markup import Markup, element, joined, table
from microcrystalnet.storage.project_store import ProjectStore

COLUMNS = ("Figure", "Of", "Value", "95 % interval", "Crystals")
BY_MICROGRAPH = "percent agreement by micrograph"  # `mcn agreement` writes these


def compared(store: ProjectStore) -> tuple[Agreement | None, str]:
    """Compare the experts by their blind, unaided answers; or say why that cannot be done."""
    counted = answers_of(store)
    if not counted.answers:
        return None, "No crystal has been labelled yet."
    try:
        return compare_experts(arrange(counted.answers)), _left_out(counted.left_out)
    except AgreementError as problem:
        return None, str(problem)


def agreement(found: Agreement | None, remark: str) -> Markup:
    """Show every coefficient with its interval, and one matrix per pair of experts."""
    if found is None:
        return element("p", remark)
    about = (
        f"{found.n_compared} crystals of {found.n_images} micrographs that two or more of "
        f"{', '.join(found.experts)} labelled blind and without help. Intervals resample "
        f"micrographs and need ten of them. {remark}"
    )
    shown = [row for row in figures(found) if row[0] != BY_MICROGRAPH]
    matrices = [_matrix(found, pair) for pair in found.confusion]
    notes = [element("p", each, "small") for each in (*_undefined(shown), *found.remarks)]
    return joined(
        [
            element("p", about, "small"),
            table(COLUMNS, [_cells(row) for row in shown]),
            *notes,
            element("div", joined(matrices), "row"),
        ]
    )


def _cells(row: Row) -> tuple[object, ...]:
    quantity, of, value, low, high, crystals = row
    interval = None if low is None or high is None else f"{low:.3f} to {high:.3f}"
    said = None if value is None else f"{value:.3f}"
    return quantity, _answer(of), said, interval, crystals


def _undefined(rows: Sequence[Row]) -> Iterator[str]:
    """Say why a figure has no value."""
    missing = [(quantity, _answer(of)) for quantity, of, value, *_ in rows if value is None]
    if ("Fleiss kappa", "all") in missing:
        yield (
            "Fleiss kappa –: it is defined only where every crystal has the same number of "
            "answers, two or more, and these are not all alike; Krippendorff alpha allows for "
            "missing answers."
        )
    others = [f"{name} ({of})" for name, of in missing if name != "Fleiss kappa"]
    if others:
        yield (
            f"Without a value: {', '.join(others)}. They are undefined where all answers are "
            "alike, or where no crystal has two."
        )


def _answer(word: str) -> str:
    """Write an answer as people read it."""
    return "not a crystal" if word == NOT_CRYSTAL else word


def _matrix(found: Agreement, pair: str) -> Markup:
    first, second = pair.split("|")
    rows = [
        (_answer(name), *counts)
        for name, counts in zip(found.classes, found.confusion[pair], strict=True)
    ]
    title = element("h3", f"{first} (rows) and {second} (columns)")
    return element("div", joined([title, table(("", *map(_answer, found.classes)), rows)]))


def _left_out(count: int) -> str:
    if not count:
        return ""
    return f"{count} answers given with the others' or a prediction in view are left out."
