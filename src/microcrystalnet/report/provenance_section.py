"""The section of the report that lets others check it: hashes, versions, settings, history."""

import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version

from ulid import ULID

from microcrystalnet.domain.label import Label
from microcrystalnet.learning.records import ModelCard
from microcrystalnet.moments import moment
from microcrystalnet.report.facts import MicrographFacts
from microcrystalnet.report.markup import Markup, element, joined, table
from microcrystalnet.report.outlined import TABLE_COLUMNS, table_rows
from microcrystalnet.storage.project_store import ProjectStore

PACKAGES = ("napari-mcn", "numpy", "scipy", "scikit-image", "tifffile", "matplotlib", "onnxruntime")
CROPS = {  # the fields of a `CropRecipe`
    "size": "crops: side in pixels",
    "margin": "crops: margin, share of the crystal's side",
    "masked": "crops: black around the crystal",
    "order": "crops: interpolation (0 nearest pixel, 1 linear)",
    "stretch": "crops: contrast of the micrograph stretched first",
    "squash": "crops: box squashed to the square",
}
_LONGEST = 64  # characters of a value in the table of settings


def provenance(
    store: ProjectStore, facts: Sequence[MicrographFacts], card: ModelCard | None
) -> Markup:
    """Show what was analysed, by whom and when, and with what."""
    return joined(
        [
            element("h3", "Files"),
            table(("Micrograph", "SHA-256 of the file"), _files(store, facts)),
            element("h3", "Outlines"),
            table(
                TABLE_COLUMNS, table_rows(one.crystal for each in facts for one in each.crystals)
            ),
            element("h3", "History"),
            table(("Expert", "Labels", "Blind", "With help", "First", "Last"), _history(facts)),
            _rounds(store),
            element("h3", "Software"),
            table(("", "Version"), [("Python", platform.python_version()), *_versions()]),
            _settings(card),
        ]
    )


def _files(store: ProjectStore, facts: Sequence[MicrographFacts]) -> Iterator[tuple[object, ...]]:
    for each in facts:
        digits = element("code", store.sha256(each.micrograph.image_id), "digits")
        yield each.micrograph.file_name, digits


def _history(facts: Sequence[MicrographFacts]) -> Iterator[tuple[object, ...]]:
    labels = [
        label for each in facts for crystal in each.crystals for label in crystal.labels.values()
    ]
    for expert in sorted({label.expert for label in labels}):
        own = [label for label in labels if label.expert == expert]
        helped = sum(label.assist != "none" for label in own)
        days = sorted(day for label in own if (day := _day(label)))
        first, last = (days[0], days[-1]) if days else (None, None)
        yield expert, len(own), sum(label.blind for label in own), helped, first, last


def _day(label: Label) -> str:
    """Give the day of a label, UTC, from the time in its id."""
    try:
        said = moment(ULID.from_str(label.label_id).milliseconds)
    except ValueError:
        return ""
    return "" if said is None else said.date().isoformat()


def _rounds(store: ProjectStore) -> Markup:
    rounds = store.rounds.all()
    if not rounds:
        return element("p", "No round of blind labelling was opened.", "small")
    columns = ("Round", "Experts", "Micrographs", "Labels each", "Third on dispute", "Blind")
    rows = [
        (
            at,
            ", ".join(each.experts),
            len(each.image_ids),
            each.min_labels,
            "yes" if each.third_on_dispute else "no",
            each.blind.value,
        )
        for at, each in enumerate(rounds, 1)
    ]
    return table(columns, rows)


def _versions() -> Iterator[tuple[str, str]]:
    for name in PACKAGES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def _settings(card: ModelCard | None) -> Markup:
    if card is None or card.training is None:
        return Markup("")
    digest = ("labels and outlines used", card.training.data_digest)
    chosen = asdict(card.training.config).items()
    crops = ((CROPS[name], value) for name, value in asdict(card.recipe).items())
    rows = [(name.replace("_", " "), _value(value)) for name, value in (*chosen, *crops)]
    title = element("h3", "Settings of the classifier")
    note = "mcn train --set NAME=VALUE repeats them; mcn train --help lists them."
    shown = table(("", "Value"), [digest, *rows])
    return joined([title, shown, element("p", note, "small")])


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text[:_LONGEST] or "none"
