"""The option that says who works at the command line."""

import getpass
from typing import Annotated

import typer


def account() -> str:
    """Give the name of one's account; *expert* where it has none, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "expert"


Expert = Annotated[
    str, typer.Option("--expert", help="Your name or initials.", default_factory=account)
]
