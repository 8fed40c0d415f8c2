"""One self-contained HTML file that shows what is known of a project."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from microcrystalnet.errors import ModelError
from microcrystalnet.learning import model_folder
from microcrystalnet.learning.records import ModelCard
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report import micrographs_section, sections
from microcrystalnet.report.agreement_section import agreement, compared
from microcrystalnet.report.contested_section import contested
from microcrystalnet.report.crystal_rows import predicted_rows, settled_rows
from microcrystalnet.report.decisions_section import decisions
from microcrystalnet.report.facts import MicrographFacts, gather, newest_model
from microcrystalnet.report.figures_section import figures, material_of
from microcrystalnet.report.files import require_place, write_atomically
from microcrystalnet.report.markup import Markup, element, joined, page
from microcrystalnet.report.methods import methods
from microcrystalnet.report.model_section import model
from microcrystalnet.report.provenance_section import provenance
from microcrystalnet.report.size_section import class_sizes
from microcrystalnet.storage.project_store import ProjectStore


def write_report(store: ProjectStore, path: Path, report: Report = ignore_progress) -> None:
    """Write the report of a project; a file of that name is replaced only when all is done.

    It holds every figure and table inside, opens every expert's labels, and shows the newest
    model.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    require_place(path)
    model_id = newest_model(store)
    facts: list[MicrographFacts] = []
    pictures: list[Markup] = []
    ratios: list[float | None] = []
    for each, pixels in gather(store, model_id, report):
        predicted = any(crystal.prediction for crystal in each.crystals)
        facts.append(each)
        ratios.append(micrographs_section.ratio(each, pixels))
        pictures.append(sections.micrograph(each, pixels, store.state.scheme, predicted))
    name = store.folder.resolve().name
    body = _body(store, facts, ratios, pictures, model_id)
    write_atomically(path, page(f"Report of {name}", body))


def _body(
    store: ProjectStore,
    facts: list[MicrographFacts],
    ratios: list[float | None],
    pictures: list[Markup],
    model_id: str | None,
) -> Markup:
    found, remark = compared(store)
    card = _card(store, model_id)
    return joined(
        [
            element("h1", store.folder.resolve().name),
            element("p", _origin(store), "small"),
            _closed(store),
            sections.overview(facts, _experts(facts)),
            element("h2", "Methods"),
            element("p", methods(facts, store.state.scheme, found, card)),
            element("h2", "Scale"),
            micrographs_section.scales(facts),
            element("h2", "Recording"),
            micrographs_section.taken(facts, ratios),
            element("h2", "Samples"),
            micrographs_section.origins(facts),
            element("h2", "Classes"),
            sections.states(facts, store.state.scheme),
            element("h2", "Agreement"),
            agreement(found, remark),
            element("h2", "Decisions"),
            decisions(facts),
            element("h2", "Sizes"),
            _sizes(store, facts),
            element("h2", "Figures"),
            figures(store, settled_rows(facts)),
            element("h2", "Classifier"),
            model(store, model_id) if model_id else element("p", "No model has been trained yet."),
            contested(store, model_id) if model_id else Markup(""),
            element("h2", "Micrographs"),
            sections.legend(facts, store.state.scheme),
            *(pictures or [element("p", "The project has no micrograph yet.")]),
            element("h2", "Provenance"),
            provenance(store, facts, card),
        ]
    )


def _card(store: ProjectStore, model_id: str | None) -> ModelCard | None:
    """Read what is known of the model; a damaged one is told of in its own section."""
    try:
        return model_folder.load(store.model_folder(model_id)) if model_id else None
    except ModelError:
        return None


def _sizes(store: ProjectStore, facts: list[MicrographFacts]) -> Markup:
    settled = material_of(store, settled_rows(facts))
    predicted = material_of(store, predicted_rows(facts))
    found = [
        class_sizes("the experts' settled classes", settled),
        class_sizes("the predicted classes", predicted),
    ]
    return joined(found) if any(found) else element("p", "No crystal has a class yet.")


def _experts(facts: list[MicrographFacts]) -> int:
    crystals = (crystal for each in facts for crystal in each.crystals)
    return len({expert for crystal in crystals for expert in crystal.labels})


def _closed(store: ProjectStore) -> Markup:
    """Say on how many micrographs the one who writes may not see the others' answers."""
    count, expert = len(store.rounds.withheld), store.actor
    if not count:
        return Markup("")
    return element(
        "p",
        f"Written as {expert}, who still labels {count} of the micrographs blind: there, only "
        f"{expert}'s own answers are counted, and nothing is settled. Let somebody who is not "
        "asked write the report that is published.",
        "warn",
    )


def _origin(store: ProjectStore) -> str:
    now = datetime.now(UTC).astimezone()
    return (
        f"Project {store.project_id}, scheme “{store.state.scheme.name}” version "
        f"{store.state.scheme.version}. Written {now:%Y-%m-%d %H:%M} by napari-mcn "
        f"{version('napari-mcn')}."
    )
