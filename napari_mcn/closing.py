"""Lets parts go in order, once."""

from __future__ import annotations

from typing import Protocol


class Closable(Protocol):
    """Anything that lets go of others."""

    def close(self) -> None:
        """Let go."""


def close_all(parts: list[Closable]) -> None:
    """Close each part once, in order."""
    while parts:
        parts.pop(0).close()
