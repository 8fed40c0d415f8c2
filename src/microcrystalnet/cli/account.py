"""The option that says who works at the command line."""

from typing import Annotated

import typer

from microcrystalnet.account import account

Expert = Annotated[
    str, typer.Option("--expert", help="Your name or initials.", default_factory=account)
]
