"""Words and pictures for one disputed crystal, made from what was said of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.domain.decision import Decision, Objection, Outcome, Ruling, Signature
from microcrystalnet.domain.label import Flag, Label
from microcrystalnet.domain.verdict import State, Verdict
from microcrystalnet.moments import ODD, moment
from napari_mcn.panels.crop_picture import CropView
from napari_mcn.panels.dispute_card import VoteLine
from napari_mcn.panels.thumbnails import Thumbnail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from microcrystalnet.atlas.pictures import AtlasPicture
    from microcrystalnet.domain.decision import Act, Case
    from microcrystalnet.domain.scheme import Scheme

SHOWN = 12  # acts of a history; the page would grow beyond reading
REMARKS = {
    Flag.UNSURE: "unsure",
    Flag.OCCLUDED: "partly hidden",
    Flag.BAD_MASK: "wrong outline",
}


def word(label: Label) -> str:
    """Write an answer in a word or two."""
    return "not a crystal" if label.answer.discards else label.answer.cls or "unclear"


def spoken(ruling: Ruling) -> str:
    """Write an outcome."""
    if ruling.outcome is Outcome.EXCLUDE:
        return "excluded"
    return ruling.cls or "undecidable"


def pressed(decision: Decision | None) -> str:
    """Name the button that stands for a decision; empty for none."""
    if decision is None:
        return ""
    return decision.ruling.cls or decision.ruling.outcome.value


def counted(labels: Mapping[str, Label]) -> str:
    """Count answers without saying whose they are, such as ``RES 2, PES 1``."""
    counts = Counter(word(label) for label in labels.values())
    said = ", ".join(f"{answer} {count}" for answer, count in counts.most_common())
    doubts = sum(Flag.UNSURE in label.answer.flags for label in labels.values())
    return f"{said} ({doubts} unsure)" if doubts else said


def vote_lines(
    labels: Mapping[str, Label], letters: Mapping[str, str], scheme: Scheme, names: bool
) -> tuple[VoteLine, ...]:
    """Write every vote, in the order of the letters, under a letter or a name."""
    ordered = sorted(labels, key=lambda expert: letters.get(expert, ""))
    return tuple(
        VoteLine(
            expert if names else letters.get(expert, "?"),
            word(labels[expert]),
            colour_of(labels[expert].answer.cls, scheme),
            _remark(labels[expert]),
        )
        for expert in ordered
    )


def colour_of(cls: str | None, scheme: Scheme) -> str | None:
    """Give the colour of a class, also of a retired one; None where the scheme has none such."""
    found = scheme.find(cls)
    return None if found is None else found.colour


def atlas_of(
    labels: Mapping[str, Label],
    letters: Mapping[str, str],
    atlas: Mapping[str, CropView],
    scheme: Scheme,
) -> tuple[Thumbnail, ...]:
    """Give one picture of each class that somebody named, framed in its colour."""
    named = [labels[each].answer.cls for each in sorted(labels, key=lambda e: letters.get(e, ""))]
    found = []
    for cls in dict.fromkeys(named):
        if cls is not None and cls in atlas:
            found.append(Thumbnail(cls, atlas[cls], colour_of(cls, scheme)))
    return tuple(found)


def framed_atlas(atlas: Mapping[str, Sequence[AtlasPicture]]) -> dict[str, CropView]:
    """Give the first picture of each class, made once: panels draw the same one at no cost."""
    return {
        cls: _framed(examples[0].pixels, f"{cls}: what this class looks like")
        for cls, examples in atlas.items()
        if examples
    }


def _framed(pixels: NDArray[np.uint8], title: str) -> CropView:
    frame = np.zeros(pixels.shape[:2], bool)
    frame[2:-2, 2:-2] = True
    return CropView(pixels, title, outline=frame)


def _remark(label: Label) -> str:
    answer = label.answer
    flags = [text for flag, text in REMARKS.items() if flag in answer.flags]
    second = [f"or else {answer.second}"] if answer.second else []
    seen = [] if label.blind else ["after seeing the others"]
    note = [f"“{answer.note}”"] if answer.note else []
    return ", ".join((*flags, *second, *seen, *note))


def standing(verdict: Verdict) -> str:
    """Say in a sentence where a crystal stands."""
    decision = verdict.decision
    if decision is not None:
        alone = verdict.state is State.SELF_REVIEWED
        people = " and ".join(decision.participants)
        return f"Decided: {spoken(decision.ruling)}, by {people}{' alone' if alone else ''}."
    if verdict.state is State.DISPUTED:
        return verdict.reason
    if verdict.state is State.AGREED:
        return f"The experts agree on {verdict.cls}; press Q to discuss it nevertheless."
    return "This crystal has no label yet." if not verdict.votes else "One expert has labelled it."


def history_of(case: Case, names: bool) -> tuple[str, ...]:
    """Write what was said of a crystal, the oldest first; whose label differed only by name."""
    told = [f"{_when(act)}  {_told(act, names)}" for act in case.acts[-SHOWN:]]
    earlier = len(case.acts) - len(told)
    return (f"{earlier} earlier", *told) if earlier else tuple(told)


def _when(act: Act) -> str:
    said = moment(act.ms, zone=None)
    return ODD if said is None else f"{said:%Y-%m-%d %H:%M}"


def _told(act: Act, names: bool) -> str:
    match act:
        case Decision():
            return _decided(act, names)
        case Signature():
            return f"{act.by} stands by the decision."
        case Objection():
            said = "took it up again" if act.reopens else "wanted it discussed"
            return f"{act.by} {said}{f': {act.reason}' if act.reason else '.'}"
    return act.by


def _decided(decision: Decision, names: bool) -> str:
    people = ", ".join(decision.participants)
    count = len(decision.dissent)
    differing = ", ".join(decision.dissent) if names else "1 expert" if count == 1 else f"{count}"
    dissent = f" Labelled otherwise: {differing}." if count else ""
    why = f" Reason: {decision.rationale}" if decision.rationale else ""
    return f"Decided {spoken(decision.ruling)} by {people}.{dissent}{why}"
