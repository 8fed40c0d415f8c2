"""`mcn finetune`: SAM's weights, taught without a screen."""

from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.console import report_to_stderr, write_json


def finetune(  # noqa: PLR0917 - typer turns each argument into an option
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project folder.")],
    out: Annotated[Path, typer.Option(help="The checkpoint to write (.pth).")],
    engine: Annotated[
        str, typer.Option(metavar="vit_b|FILE.pth", help="The SAM that learns.")
    ] = "vit_b",
    epochs: Annotated[int, typer.Option(min=1, help="How often all crystals are shown.")] = 10,
    learning_rate: Annotated[float, typer.Option(min=0, help="How boldly it learns.")] = 1e-4,
    seed: Annotated[int, typer.Option(help="The same number holds out the same crystals.")] = 0,
) -> None:
    """Teach SAM's mask decoder from a project's masks; JSON with the held-out gain on stdout."""
    from microcrystalnet.engines.sam_chores import SamChores
    from microcrystalnet.segmentation.finetune import FinetuneConfig
    from microcrystalnet.storage.project_store import ProjectStore

    store = ProjectStore.open(project, "finetune")
    try:
        material = [
            (
                store.image_path(each),
                tuple(one.mask for one in store.state.crystals(each).values()),
            )
            for each in store.state.micrographs
        ]
    finally:
        store.close()
    config = FinetuneConfig(epochs=epochs, learning_rate=learning_rate, seed=seed)
    with report_to_stderr() as report:
        summary = SamChores().finetune(engine, material, out, config, report)
    write_json(
        {
            "checkpoint": str(summary.path),
            "click_iou": {"before": summary.before, "after": summary.after},
            "learnt_from": summary.learnt_from,
            "held_out": summary.held_out,
            "note": summary.note,
        }
    )
