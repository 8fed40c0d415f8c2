"""With what a program proposed an outline: engine, version, and the filters before it."""

from dataclasses import dataclass

_ON_OR_OFF = frozenset({"Noise2Void"})  # filters without a strength


@dataclass(frozen=True, slots=True)
class Outlining:
    """An engine and what the micrograph went through before the engine saw it.

    ``engine`` is ``embedded`` or the name of a file of weights, ``version`` that of napari-mcn.
    ``preset`` names the filters, ``custom`` where no preset is like them; ``filters`` are the names
    and strengths of those that were on, in order.
    """

    engine: str
    version: str
    preset: str = "none"
    filters: tuple[tuple[str, float], ...] = ()

    @property
    def steps(self) -> str:
        """The filters and their strengths, such as ``non-local means 0.8, Noise2Void``."""
        return ", ".join(
            name if name in _ON_OR_OFF else f"{name} {strength:g}"
            for name, strength in self.filters
        )

    @property
    def filter_words(self) -> str:
        """The preset and its filters, such as ``light: non-local means 0.8``."""
        return f"{self.preset}: {self.steps}" if self.filters else self.preset
