"""The classes experts choose from: data, not code, so that a lab can bring its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrystalClass:
    """One class of a scheme; ``colour`` is ``#rrggbb``, ``key`` the digit that names it."""

    code: str
    name: str
    colour: str
    key: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """An ordered set of classes; the order is that of a classifier's outputs."""

    name: str
    version: int
    classes: tuple[CrystalClass, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes in order."""
        return tuple(each.code for each in self.classes)

    def __getitem__(self, code: str) -> CrystalClass:
        """Give the class with this code.

        Raises
        ------
        KeyError
            If the scheme has no such code.
        """
        for each in self.classes:
            if each.code == code:
                return each
        raise KeyError(code)

    def index(self, code: str) -> int:
        """Give the position of a code, 0 first."""
        return self.codes.index(code)

    def resolve(self, text: str) -> str | None:
        """Give the code that a code, name or alias stands for, whatever its case, or None."""
        wanted = text.strip().casefold()
        for each in self.classes:
            if wanted in {name.casefold() for name in (each.code, each.name, *each.aliases)}:
                return each.code
        return None


# Colours: Okabe and Ito (2008), told apart with any common colour-vision deficiency.
FOUR_CLASSES = Scheme(
    "Microcrystalline calcite",
    1,
    (
        CrystalClass("RES", "Rhombic euhedral-subhedral", "#0072b2", "1", ("rhombic",)),
        CrystalClass("PES", "Polyhedral euhedral-subhedral", "#e69f00", "2", ("polyhedral",)),
        CrystalClass("AA", "Amorphous anhedral", "#cc79a7", "3", ("amorphous",)),
        CrystalClass("SA", "Spherical anhedral", "#009e73", "4", ("spherical", "rounded", "RA")),
    ),
)
