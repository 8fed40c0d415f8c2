"""Assembles the command line `mcn` and turns refusals into one sentence and exit code 1."""

import sys

import typer

from microcrystalnet.cli import (
    agreement,
    benchmark,
    classify,
    compare,
    consensus,
    doctor,
    exchange,
    explain,
    export,
    figures,
    import_weights,
    micrographs,
    pipeline,
    predict,
    preprocess,
    project,
    report,
    rounds,
    sam,
    scale_bar,
    segment,
    synth,
    train,
    weights,
)
from microcrystalnet.errors import MicroCrystalError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Outline, label and classify microcrystalline calcite, without a screen.",
)
app.command("info")(micrographs.info)
app.command("preprocess")(preprocess.preprocess)
app.command("segment")(segment.segment)
app.command("prompt")(segment.prompt)
app.command("weights")(weights.weights)
app.command("finetune")(sam.finetune)
app.command("compare")(compare.compare)
app.command("synth")(synth.synth)
app.add_typer(project.app, name="project")
project.app.command("send")(exchange.send)
project.app.command("bring-in")(exchange.bring_in)
app.add_typer(rounds.app, name="round")
app.command("agreement")(agreement.agreement)
app.command("consensus")(consensus.consensus)
app.command("train")(train.train)
app.command("search")(train.search)
app.command("import-weights")(import_weights.import_weights)
app.command("predict")(predict.predict)
app.command("benchmark")(benchmark.benchmark)
app.command("evaluate")(classify.evaluate)
app.command("models")(classify.models)
app.command("explain")(explain.explain)
app.command("scale-bar")(scale_bar.scale_bar)
app.command("measure")(micrographs.measure)
app.command("export")(export.export)
app.command("statistics")(figures.statistics)
app.command("figures")(figures.figures)
app.command("report")(report.report)
app.command("pipeline")(pipeline.pipeline)
app.command("doctor")(doctor.doctor)


def run() -> None:
    """Run `mcn`; exit code 1 for a user's mistake, 2 for a usage error."""
    try:
        app()
    except MicroCrystalError as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(1)
