"""`mcn import-weights`: a Keras .h5 classifier as a model folder, and the order of its classes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.cli.project_crystals import open_project
from microcrystalnet.domain.scheme import FOUR_CLASSES, Scheme
from microcrystalnet.examples import settled_examples
from microcrystalnet.learning import imported
from microcrystalnet.learning.released_weights import RELEASED
from microcrystalnet.published import require_download


def import_weights(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.h5|released", help="A file, or what was fetched.")
    ],
    out: Annotated[Path, typer.Option(help="The model folder to write; it must not exist.")],
    class_order: Annotated[
        str | None, typer.Option(help="The class of each output in turn, such as AA,RES,PES,SA.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option(help="A project whose settled crystals tell the order.")
    ] = None,
) -> None:
    """Take a Keras .h5 classifier into a model folder; its class order is never guessed.

    With --check, every order of the classes is compared with the project's settled crystals, the
    best match first; give the one you trust as --class-order. The classes are then the project's,
    without it the four of the paper.
    """
    named = str(file) == RELEASED.name and not file.exists()
    path = require_download(RELEASED, "Model") if named else file
    matches, scheme = _matches(path, check) if check else ([], FOUR_CLASSES)
    order = class_order.split(",") if class_order else None
    card = imported.import_weights(path, out, scheme, order)
    write_json({"model": str(out), "classes": card.classes, **_spoken(matches)})


def _matches(path: Path, project: Path) -> tuple[list[imported.OrderMatch], Scheme]:
    with open_project(project) as store, report_to_stderr() as report:
        examples, labels = settled_examples(store)
        scheme = store.state.scheme
        found = imported.check_class_order(path, examples, labels, scheme.codes, report)
        return found, scheme


def _spoken(matches: Sequence[imported.OrderMatch]) -> dict[str, Any]:
    return {
        "orders": [{"order": match.order, "accuracy": match.accuracy} for match in matches],
        "margin": imported.margin(matches),
    }
