"""`mcn figures`: the paper's figures of a network, from one's own project."""

from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.errors import ModelError


def figures(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project folder.")],
    out: Annotated[Path, typer.Option(help="The folder for the figures.")],
    model: Annotated[
        str | None, typer.Option(help="The id of a model; without it, the newest.")
    ] = None,
    micrographs: Annotated[
        int, typer.Option(min=0, help="How many micrographs are drawn as class maps.")
    ] = 3,
) -> None:
    """Draw activation maps, saliency, class maps and t-SNE as SVG, PDF and PNG with their CSV."""
    from microcrystalnet.learning.predict import open_classifier
    from microcrystalnet.report.contested import contested_of, write_contested
    from microcrystalnet.report.figure_material import gather_material
    from microcrystalnet.report.paper_figures import write_figures
    from microcrystalnet.storage.project_store import ProjectStore

    store = ProjectStore.open(project, "figures")
    try:
        chosen = model or next(reversed(store.models()), None)
        if chosen is None:
            raise ModelError(f"{project} holds no classifier yet: run mcn train first.")
        classifier = open_classifier(store.model_folder(chosen))
        material = gather_material(store, chosen)
        table = contested_of(store, classifier.card)
    finally:
        store.close()
    with report_to_stderr() as report:
        written = write_figures(classifier, material, out, report, sheets=micrographs)
    if table is not None:
        write_contested(out / "errors_by_agreement.csv", table)
        written.append(out / "errors_by_agreement.csv")
    write_json({"model": chosen, "files": [path.name for path in written]})
