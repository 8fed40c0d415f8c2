"""Assembles the command line `mcn` and turns refusals into one sentence and exit code 1."""

import sys

import typer

from microcrystalnet.errors import MicroCrystalError

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


def run() -> None:
    """Run `mcn`; exit code 1 for a user's mistake, 2 for a usage error."""
    try:
        app()
    except MicroCrystalError as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(1)
