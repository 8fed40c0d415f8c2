"""Puts a comparison of experts into the words and rows of the Agreement page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.labelling.answers import NOT_CRYSTAL, UNCLEAR
from microcrystalnet.labelling.bootstrap import FEWEST_IMAGES
from napari_mcn.panels.agreement_panel import AgreementView, PairView
from napari_mcn.panels.confusion_table import Voices
from napari_mcn.panels.row_table import TableRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from microcrystalnet.labelling.agreement import Agreement
    from microcrystalnet.labelling.bootstrap import Estimate

# Krippendorff (2004), "Content Analysis", chapter 11.
RELIABLE, TENTATIVE = 0.8, 0.667
SHOWN = {UNCLEAR: "?", NOT_CRYSTAL: "×"}
LEGEND = {UNCLEAR: "?: unclear", NOT_CRYSTAL: "×: not a crystal"}


def view_of(found: Agreement, left_out: int = 0) -> AgreementView:
    """Say how far the experts agree; ``left_out`` labels do not count, see `Counted`."""
    return AgreementView(
        headline=_headline(found),
        basis=_basis(found, left_out),
        figures=tuple(_figures(found)),
        pairs=tuple((pair, pair.replace("|", " and ")) for pair in found.confusion),
        classes=tuple(_classes(found)),
        experts=tuple(_experts(found)),
        images=tuple(_images(found)),
        lines={
            expert: tuple(stretch.agreement for stretch in stretches)
            for expert, stretches in found.over_time.items()
            if len(stretches) > 1
        },
    )


def pair_of(found: Agreement, pair: str) -> PairView:
    """Show what two experts said of the crystals that both answered."""
    first, second = pair.split("|")
    counts = found.confusion[pair]
    used = [
        at
        for at in range(len(found.classes))
        if sum(counts[at]) or sum(line[at] for line in counts)
    ]
    classes = [found.classes[at] for at in used]
    return PairView(
        _pair_said(found, pair),
        Voices(first, second, "calls"),
        classes,
        [SHOWN.get(cls, cls) for cls in classes],
        [[counts[at][other] for other in used] for at in used],
    )


def interval(estimate: Estimate, digits: int = 2) -> str:
    """Write a 95 % interval; a dash where there is none."""
    if estimate.low is None or estimate.high is None:
        return "–"
    return f"{estimate.low:.{digits}f} to {estimate.high:.{digits}f}"


def _headline(found: Agreement) -> str:
    alpha = found.krippendorff_alpha
    if alpha.value is None:
        return "All answers are the same, so agreement beyond chance cannot be told."
    spread = "" if alpha.low is None else f" (95 % interval {interval(alpha)})"
    return f"Krippendorff's alpha is {alpha.value:.2f}{spread}: {_verdict(alpha.value)}"


def _verdict(alpha: float) -> str:
    if alpha >= RELIABLE:
        return "the labels can be relied on."
    if alpha >= TENTATIVE:
        return "good enough for tentative conclusions."
    return "too low to build on; talk about the classes that differ most."


def _basis(found: Agreement, left_out: int) -> str:
    said = (
        f"{found.n_compared:,} of {found.n_crystals:,} labelled crystals have blind answers of two "
        f"or more experts; they lie on {_count(found.n_images, 'micrograph')}."
    )
    few = found.krippendorff_alpha.low is None
    wanted = f" Intervals need answers on {FEWEST_IMAGES} micrographs." if few else ""
    return " ".join([said + wanted, *([_unfit(left_out)] if left_out else []), *found.remarks])


def _unfit(left_out: int) -> str:
    verb = "does" if left_out == 1 else "do"
    return (
        f"{_count(left_out, 'label')} {verb} not count: given after answers were shown, with a "
        "prediction in view, or because two experts differed."
    )


def _figures(found: Agreement) -> Iterator[TableRow]:
    intervals = found.intervals
    yield _figure("Krippendorff's alpha", found.krippendorff_alpha)
    yield _figure("Gwet's AC1", intervals.gwet_ac1)
    if found.fleiss_kappa is not None:
        yield _figure("Fleiss' kappa", intervals.fleiss_kappa)
    yield _figure("Same answer", intervals.percent_agreement)
    yield _figure("Expert against the others", found.human_ceiling, CEILING)


CEILING = (
    "How often one expert says what most of the others say: a classifier that does as well is as "
    "good as an expert."
)


def _figure(name: str, estimate: Estimate, hint: str = "") -> TableRow:
    value = "–" if estimate.value is None else f"{estimate.value:.3f}"
    return TableRow(name, (name, value, interval(estimate, 3)), hints={0: hint} if hint else {})


def _classes(found: Agreement) -> Iterator[TableRow]:
    for cls in found.classes:
        same = found.intervals.per_class_agreement[cls]
        alpha = found.intervals.per_class_alpha[cls]
        yield TableRow(
            cls,
            (_spoken(cls), _share(same.value), _rounded(alpha.value)),
            hints={
                1: f"When one expert says {_spoken(cls)}, another does so too; {_spread(same)}",
                2: f"{_spoken(cls)} against all other answers; {_spread(alpha)}",
            },
        )


def _images(found: Agreement) -> Iterator[TableRow]:
    for image, each in found.by_image.items():
        same, alpha = _share(each.percent_agreement), _rounded(each.krippendorff_alpha)
        yield TableRow(image, (image, each.n_crystals, same, alpha))


def _experts(found: Agreement) -> Iterator[TableRow]:
    for expert in found.experts:
        others, again = found.against_others[expert], found.intra_rater.get(expert)
        oneself = "–" if again is None else _share(again.agreement.value)
        hints = {
            1: f"On {_count(others.n_crystals, 'crystal')}; {_spread(others.agreement)}",
            2: _spread(others.cohen_kappa),
            3: "No crystal came up a second time."
            if again is None
            else f"On {_count(again.n_repeats, 'repeat')}; {_spread(again.agreement)}",
        }
        yield TableRow(
            expert,
            (
                expert,
                _share(others.agreement.value),
                _rounded(others.cohen_kappa.value),
                oneself,
                _share(found.dawid_skene.accuracy[expert]),
            ),
            hints=hints,
        )


def _pair_said(found: Agreement, pair: str) -> str:
    first, second = pair.split("|")
    counts, kappa = found.confusion[pair], found.intervals.cohen_kappa[pair]
    crystals = sum(map(sum, counts))
    if not crystals:
        return f"{first} and {second} have no crystal in common."
    same = sum(counts[at][at] for at in range(len(counts))) / crystals
    beyond = "" if kappa.value is None else f", Cohen's kappa {kappa.value:.2f}"
    spread = "" if kappa.low is None else f" ({interval(kappa)})"
    legend = "; ".join(text for cls, text in LEGEND.items() if cls in found.classes)
    return (
        f"The same answer on {100 * same:.0f} % of {_count(crystals, 'crystal')}{beyond}{spread}. "
        f"Rows: {first}; columns: {second}{f'; {legend}' if legend else ''}. "
        "Click a cell to go to its crystals one by one."
    )


def _spread(estimate: Estimate) -> str:
    return f"95 % interval {interval(estimate)}."


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _share(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def _spoken(cls: str) -> str:
    return "not a crystal" if cls == NOT_CRYSTAL else cls


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
