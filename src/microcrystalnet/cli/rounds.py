"""`mcn round`: open rounds of blind labelling, see how far they are, seal."""

from dataclasses import asdict
from typing import Annotated

import typer

from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import write_json
from microcrystalnet.cli.project import Project
from microcrystalnet.cli.sitting import opened
from microcrystalnet.domain.round import Blindness, Round
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage.project_store import ProjectStore

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Rounds of blind labelling. Blindness is an honour system: the project consists of plain "
        "files, and the program only refuses to open them."
    ),
)
Micrographs = Annotated[
    list[str] | None,
    typer.Option("--micrograph", help="A file name or id in the project; all unless given."),
]


@app.command("open")
def open_round(
    project: Project,
    asked: Annotated[list[str], typer.Option("--ask", help="An expert of the round; repeat.")],
    expert: Expert,
    *,
    micrographs: Micrographs = None,
    labels: Annotated[int, typer.Option(help="Experts who label every crystal.")] = 2,
    third: Annotated[bool, typer.Option(help="Ask a third expert where two differ.")] = True,
    blind: Annotated[Blindness, typer.Option(help="What leaves a computer before a seal.")] = (
        Blindness.ON
    ),
    seed: Annotated[int | None, typer.Option(help="Fixes everyone's order.")] = None,
    repeats: Annotated[float, typer.Option(help="Share labelled twice, unannounced.")] = 0.05,
) -> None:
    """Open a round: from now on its experts label these micrographs blind."""
    with opened(ProjectStore.open(project, expert)) as store:
        made = store.rounds.open(
            [_image_id(store, each) for each in micrographs or store.state.micrographs],
            asked,
            min_labels=labels,
            third_on_dispute=third,
            blind=blind,
            order_seed=seed,
            repeat_frac=repeats,
        )
    write_json(asdict(made))


@app.command()
def status(project: Project, expert: Expert) -> None:
    """List the rounds and how far everyone is; others' counts only where you may see them."""
    with opened(ProjectStore.open(project, expert)) as store:
        store.votes(reveal=False)
        if not store.read_only and any(expert in each.experts for each in store.rounds.all()):
            store.rounds.ask_thirds()
        write_json([_described(store, each) for each in store.rounds.all()])


@app.command()
def seal(
    project: Project,
    micrograph: Annotated[str, typer.Argument(help="A file name or id in the project.")],
    expert: Expert,
) -> None:
    """Say that you are done with a micrograph: your labels are fixed, then all may be seen."""
    with opened(ProjectStore.open(project, expert)) as store:
        image_id = _image_id(store, micrograph)
        made = store.rounds.seal(image_id)
        write_json({"image": image_id, "labels": made.labels, "digest": made.digest})


def _described(store: ProjectStore, round_: Round) -> dict[str, object]:
    return {**asdict(round_), "progress": [asdict(each) for each in store.rounds.progress(round_)]}


def _image_id(store: ProjectStore, wanted: str) -> str:
    known = store.state.micrographs
    found = [each for each, record in known.items() if wanted in {each, record.file_name}]
    if len(found) != 1:
        raise ProjectError(
            f"{len(found) or 'No'} micrographs of the project are called {wanted}; name one of "
            f"{', '.join(record.file_name for record in known.values()) or 'them by its id'}."
        )
    return found[0]
