"""What a user points at to get a mask: clicks and boxes in full-image pixels."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Click:
    """A point that belongs to the crystal (``positive``) or does not."""

    row: float
    col: float
    positive: bool = True


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle drawn around the crystal."""

    row0: float
    col0: float
    row1: float
    col1: float


@dataclass(frozen=True, slots=True)
class Prompt:
    """All clicks and at most one box for one crystal."""

    clicks: tuple[Click, ...] = ()
    box: Box | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to go by."""
        return self.box is None and not any(click.positive for click in self.clicks)

    def with_click(self, click: Click) -> "Prompt":
        """Add a click."""
        return replace(self, clicks=(*self.clicks, click))

    def with_box(self, box: Box | None) -> "Prompt":
        """Replace the box."""
        return replace(self, box=box)
