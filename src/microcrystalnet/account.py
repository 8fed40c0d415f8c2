"""The name of the account that a program runs under: who sits there, until somebody says so."""

import getpass


def account() -> str:
    """Give the name of one's account; *expert* where it has none, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "expert"
