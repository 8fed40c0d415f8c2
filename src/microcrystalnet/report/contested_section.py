"""The section of the report that tells whether the network errs where the experts disagreed."""

from microcrystalnet.errors import ModelError
from microcrystalnet.labelling.bootstrap import Estimate
from microcrystalnet.learning import model_folder
from microcrystalnet.report.contested import ContestedRow, ContestedTable, Errors, contested_of
from microcrystalnet.report.markup import Markup, element, joined, table
from microcrystalnet.storage.project_store import ProjectStore

TITLE = "Does it err where the experts disagreed?"


def contested(store: ProjectStore, model_id: str) -> Markup:
    """Show the error rates of a model among agreed and first-disagreed crystals."""
    try:
        found = contested_of(store, model_folder.load(store.model_folder(model_id)))
    except ModelError:  # which the section before tells
        return Markup("")
    if found is None or not found.rows[0].agreed.n + found.rows[0].disagreed.n:
        return Markup("")
    columns = ("Class", "wrong where they agreed", "wrong where they disagreed", "difference")
    rows = [texts(each) for each in found.rows]
    return joined(
        [
            element("h3", TITLE),
            element("p", in_words(found)),
            table(columns, rows),
            element("p", remark(found), "small"),
        ]
    )


def in_words(found: ContestedTable) -> str:
    """Say in one sentence what the table shows."""
    row = found.rows[0]
    if not (row.agreed.n and row.disagreed.n):
        missing = "agreed" if row.disagreed.n else "disagreed"
        return f"The experts first {missing} on no crystal that the classifier was judged on."
    gap = row.difference
    told = (
        f"It is wrong on {_percent(row.disagreed.rate.value)} of the crystals that the experts "
        f"first disagreed on, and on {_percent(row.agreed.rate.value)} of the others"
    )
    if gap.low is None or gap.high is None:
        return f"{told}; with fewer than ten micrographs, this may be chance."
    sure = gap.low > 0 or gap.high < 0
    return f"{told}; {'this is more than chance' if sure else 'this may be chance'}."


def errors_text(errors: Errors) -> str:
    """Write errors as ``3 of 12 (25 %, 8 to 41)``; the interval only where there is one."""
    if not errors.n:
        return "no crystal"
    between = _between(errors.rate)
    return f"{errors.wrong} of {errors.n} ({_percent(errors.rate.value)}{between})"


def points(gap: Estimate) -> str:
    """Write a difference of rates in percentage points."""
    return "" if gap.value is None else f"{100 * gap.value:+.0f} points{_between(gap)}"


def remark(found: ContestedTable) -> str:
    """Say what was compared, and what was left out."""
    alone = (
        f" {found.left_out} crystals with fewer than two blind answers are left out."
        if found.left_out
        else ""
    )
    return (
        "Crystals the classifier did not learn from; disagreed: the experts' blind answers were "
        f"not all the same. Intervals of 95 % over redrawn micrographs, from ten on.{alone}"
    )


def texts(row: ContestedRow) -> tuple[str, str, str, str]:
    """Give a row as it is shown: class, agreed, disagreed, difference."""
    return row.cls, errors_text(row.agreed), errors_text(row.disagreed), points(row.difference)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.0f} %"


def _between(found: Estimate) -> str:
    if found.low is None or found.high is None:
        return ""
    return f", {100 * found.low:.0f} to {100 * found.high:.0f}"
