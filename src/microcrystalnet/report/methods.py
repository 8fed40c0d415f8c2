"""A paragraph for the methods of a paper, made of what the project knows and nothing else."""

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version

from microcrystalnet.domain.micrograph import Micrograph, ScaleSource
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.domain.verdict import State
from microcrystalnet.labelling.agreement import Agreement
from microcrystalnet.labelling.bootstrap import Estimate
from microcrystalnet.learning.records import ModelCard
from microcrystalnet.report.facts import CrystalFacts, MicrographFacts
from microcrystalnet.report.outlined import OUTLINED_BY, filter_sentences

_MOST_NAMES = 8  # of samples that the paragraph lists


def methods(
    facts: Sequence[MicrographFacts],
    scheme: Scheme,
    found: Agreement | None,
    card: ModelCard | None,
) -> str:
    """Give the paragraph; what is not known is not mentioned."""
    crystals = [crystal for each in facts for crystal in each.crystals]
    if not crystals:
        return "Nothing has been outlined yet, so there is no method to describe."
    carrying = [each for each in facts if each.counted] or [each for each in facts if each.crystals]
    sentences = [
        *_imaging(carrying, len(facts) - len(carrying)),
        *_outlining(facts, crystals),
        *_labelling(facts, crystals, scheme),
        *_agreement(found),
        *_classifier(card),
        "Sizes are of the recorded pixels and apparent: of what the chip shows.",
        f"Analysed with napari-mcn {version('napari-mcn')}.",
    ]
    return " ".join(sentences)


def _imaging(facts: Sequence[MicrographFacts], bare: int) -> Iterator[str]:
    """Describe the micrographs that carry crystals, and how many ``bare`` ones there are."""
    known = [each.micrograph for each in facts]
    count = _counted(len(known), "scanning electron micrograph")
    yield f"{count} recorded{_by(known)} {_was(len(known))} analysed."
    if bare:
        held = "holds" if bare == 1 else "hold"
        yield f"{bare} more of the project {held} no crystal that counts."
    yield from _samples(known)
    voltages = sorted({each.hv_kv for each in known if each.hv_kv is not None})
    distances = sorted({each.wd_mm for each in known if each.wd_mm is not None})
    if voltages:
        at = f" and the working distance {_range(distances)} mm" if distances else ""
        yield f"The acceleration voltage was {_range(voltages)} kV{at}, where recorded."
    times = [each.acquisition.magnification for each in known]
    if magnified := [each for each in times if each is not None]:
        yield f"The magnification that the instrument wrote was {_range(magnified, 6)} times."
    yield from _scale(Counter(each.scale_source for each in known), facts)


def _scale(sources: Counter[ScaleSource], facts: Sequence[MicrographFacts]) -> Iterator[str]:
    sizes = [each.micrograph.pixel_size.nm for each in facts if each.micrograph.pixel_size]
    named = [f"{source.value} ({n})" for source, n in sources.items() if source != "unknown"]
    if sizes:
        yield f"Pixels measure {_range(sizes)} nm; the scale is from: {', '.join(named)}."
    uncertain = [100 * each for each in _uncertainties(facts)]
    if uncertain:
        where = "" if len(uncertain) == len(sizes) else f" on {len(uncertain)} of them"
        yield f"The standard uncertainty of the scale is {_range(uncertain)} %{where}."
    tilts = [abs(each.micrograph.tilt_corrected or 0) for each in facts]
    if corrected := [each for each in tilts if each]:
        yield (
            f"Heights on {_counted(len(corrected), 'micrograph')} were corrected for "
            f"{_range(corrected)}° of stage tilt about the horizontal axis."
        )
    if sources[ScaleSource.UNKNOWN]:
        yield (
            f"The scale of {sources[ScaleSource.UNKNOWN]} is unknown; no size in micrometres "
            "includes them."
        )


def _by(known: Sequence[Micrograph]) -> str:
    """Name the instruments and detectors; those of unknown make are left out."""
    taken = [(each.acquisition, each.vendor) for each in known]
    made = sorted({name for each, vendor in taken if (name := each.instrument or vendor)})
    detectors = sorted({each.detector for each, _ in taken if each.detector})
    by = f" by instruments of {_listed(made)}" if made else ""
    several = "s" if len(detectors) > 1 else ""
    return f"{by} with the detector{several} {_listed(detectors)}" if detectors else by


def _samples(known: Sequence[Micrograph]) -> Iterator[str]:
    samples = [each.sample for each in known if each.sample]
    if not samples:
        return
    names = sorted({each.name for each in samples})
    shown = f" ({_listed(names)})" if len(names) <= _MOST_NAMES else ""
    depths = [each.depth_m for each in samples if each.depth_m is not None]
    at = f", from a depth of {_range(depths, 6)} m" if depths else ""
    rest = len(known) - len(samples)
    unnamed = f"; the sample of {rest} is not named" if rest else ""
    yield f"They show {_counted(len(names), 'sample')}{shown}{at}{unnamed}."


def _uncertainties(facts: Sequence[MicrographFacts]) -> list[float]:
    known = (each.micrograph.scale_uncertainty for each in facts if each.micrograph.calibrated)
    return [each for each in known if each is not None]


def _outlining(facts: Sequence[MicrographFacts], crystals: Sequence[CrystalFacts]) -> Iterator[str]:
    sources = Counter(each.crystal.source for each in crystals)
    said = [f"{count} {OUTLINED_BY[source]}" for source, count in sources.most_common()]
    analysed = [crystal for each in facts for crystal in each.analysed]
    counted = [crystal for each in facts for crystal in each.counted]
    cut = sum(each.measurement.touches_edge for each in counted)
    yield f"{_counted(len(crystals), 'crystal')} {_was(len(crystals))} outlined: {_listed(said)}."
    yield from filter_sentences(each.crystal for each in crystals)
    if beyond := len(crystals) - len(analysed):
        where = "centre of 1 lies" if beyond == 1 else f"centres of {beyond} lie"
        yield f"The {where} outside the analysed region; {_they(beyond)} in no number."
    if none := len(analysed) - len(counted):
        yield f"People took {none} for no crystal; {_they(none)} in no number."
    touch = "touches" if cut == 1 else "touch"
    yield f"{cut} {touch} the edge of the analysed region and {_is(cut)} left out of sizes."


def _labelling(
    facts: Sequence[MicrographFacts], crystals: Sequence[CrystalFacts], scheme: Scheme
) -> Iterator[str]:
    labels = [label for each in crystals for label in each.labels.values()]
    experts = sorted({label.expert for label in labels})
    if not experts:
        return
    named = {label.answer.cls for label in labels}
    retired = (each for each in scheme.retired if each.code in named)
    classes = ", ".join(f"{each.code} ({each.name})" for each in (*scheme.classes, *retired))
    blind = sum(label.blind for label in labels)
    yield (
        f"{_counted(len(experts), 'expert')} ({_listed(experts)}) gave {len(labels)} labels, "
        f"{blind} of them before seeing another's answer, in the classes {classes}."
    )
    states = Counter(crystal.verdict.state for each in facts for crystal in each.counted)
    decided = states[State.ADJUDICATED] + states[State.SELF_REVIEWED]
    disputed, single = states[State.DISPUTED], states[State.SINGLE]
    yield (
        f"A class is settled where two or more blind labels name the same one and nobody objects "
        f"({_counted(states[State.AGREED], 'crystal')}), or where people decided ({decided}); "
        f"{disputed} {_is(disputed)} disputed and {single} {'has' if single == 1 else 'have'} one "
        "label."
    )


def _agreement(found: Agreement | None) -> Iterator[str]:
    if found is not None and found.krippendorff_alpha.value is not None:
        yield (
            f"Agreement before discussion on {found.n_compared} crystals: Krippendorff's nominal "
            f"alpha {_estimate(found.krippendorff_alpha)}, identical labels "
            f"{100 * found.percent_agreement:.1f} %."
        )


def _classifier(card: ModelCard | None) -> Iterator[str]:
    if card is None or card.training is None:
        return
    training, config = card.training, card.training.config
    stopped = f", with {training.validated} more to tell when to stop" if training.validated else ""
    yield (
        f"The classifier (network “{config.network}”, crops of {card.recipe.size} pixels) learnt "
        f"from {_counted(training.trained, 'crystal')}{stopped}, split by {config.split}, with "
        f"seed {config.seed}; on "
        f"{_counted(training.metrics.n, 'crystal')} ({training.judged_on}) its accuracy was "
        f"{100 * training.metrics.accuracy:.1f} % and its macro F1 {training.metrics.macro.f1:.3f}."
    )


def _estimate(value: Estimate) -> str:
    if value.low is None or value.high is None:
        return f"{value.value:.3f} (no interval: fewer than ten micrographs)"
    return f"{value.value:.3f} (95 % interval {value.low:.3f} to {value.high:.3f})"


def _range(values: Sequence[float], digits: int = 4) -> str:
    low, high = f"{min(values):.{digits}g}", f"{max(values):.{digits}g}"
    return low if low == high else f"{low} to {high}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _they(count: int) -> str:
    return "it is" if count == 1 else "they are"
