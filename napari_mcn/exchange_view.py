"""What was sent, brought in and found, as sentences for the Exchange page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.panels.exchange_panel import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from microcrystalnet.storage.exchange import Brought, Sent
    from microcrystalnet.storage.health import Health
    from microcrystalnet.storage.journal import Problem

MOST = 40  # sentences; a badly damaged project could have thousands


def sent_text(sent: Sent) -> str:
    """Say what was sent and where it lies."""
    held = f" {_labels(sent.held)} of a strict round stay here until you seal." if sent.held else ""
    return f"{_labels(sent.labels)} of yours are now in {sent.target}.{held}"


def brought_text(brought: Brought) -> str:
    """Say what came in, and what was refused."""
    new = ", ".join(f"{_labels(n)} of {who}" for who, n in brought.labels.items())
    summary = brought.summary
    files = summary.new + summary.grown + summary.beside
    if not files:
        said = "Nothing new: everything in it was here already."
    else:
        said = f"Brought in {new or 'no new labels'} ({_files(files)} new or longer than here)."
    if summary.refused:
        said += (
            f" {_files(len(summary.refused))} were left out, because their content is not what "
            f"their name promises: {', '.join(summary.refused[:3])}."
        )
    return said


def health_summary(health: Health) -> str:
    """Say how the project is, in one sentence."""
    labels, experts, crystals = (
        f"{count:,} {word}{'' if count == 1 else 's'}"
        for count, word in (
            (health.labels, "label"),
            (len(health.experts), "expert"),
            (health.crystals, "crystal"),
        )
    )
    held = f"{labels} of {experts} on {crystals}"
    if not health.problems:
        return f"Nothing is damaged or missing: {held}."
    many = len(health.problems)
    problems = "1 thing is" if many == 1 else f"{many} things are"
    return f"{problems} wrong; the rest is whole: {held}. Bring in another copy to fill the gaps."


def findings(health: Health) -> Sequence[Finding]:
    """Give a sentence for everything that was found, what is wrong first."""
    said = [
        *(Finding(_sentence(each), trouble=True) for each in health.problems),
        *(Finding(_sentence(each), trouble=False) for each in health.notes),
    ]
    if len(said) > MOST:
        rest = f"There are {len(said) - MOST} more; mcn project check lists them all."
        return [*said[:MOST], Finding(rest, trouble=False)]
    return said


def _sentence(problem: Problem) -> str:
    text = problem.text[:1].upper() + problem.text[1:]
    ended = text if text.endswith(".") else f"{text}."
    where = problem.path + (f", line {problem.line}" if problem.line else "")
    return f"{ended} ({where})" if where else ended


def _labels(count: int) -> str:
    return "1 label" if count == 1 else f"{count:,} labels"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"
