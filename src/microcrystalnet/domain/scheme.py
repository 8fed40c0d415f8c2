"""The classes experts choose from: data, not code, so that a lab can bring its own."""

from collections.abc import Iterator
from dataclasses import dataclass

# The two axes of the source system (DOMAIN.md 1), recorded beside the class where the expert wants.
SHAPES = ("rhombic", "polyhedral", "amorphous", "spherical")
DEFINITIONS = ("euhedral", "subhedral", "anhedral")


@dataclass(frozen=True, slots=True)
class CrystalClass:
    """One class of a scheme.

    ``colour`` is ``#rrggbb``, ``key`` the digit that names it or empty; ``description`` says how to
    tell it, ``look_alikes`` are the codes it is mistaken for.
    """

    code: str
    name: str
    colour: str
    key: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    look_alikes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """An ordered set of classes; the order is that of a classifier's outputs.

    ``retired`` classes are not offered any more, but labels that name them keep their meaning, and
    no new class gets their code. *Unclear* and *not a crystal* are answers outside every scheme.
    """

    name: str
    version: int
    classes: tuple[CrystalClass, ...]
    retired: tuple[CrystalClass, ...] = ()
    shapes: tuple[str, ...] = SHAPES
    definitions: tuple[str, ...] = DEFINITIONS

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the classes that are offered, in order."""
        return tuple(each.code for each in self.classes)

    @property
    def known(self) -> tuple[CrystalClass, ...]:
        """All classes a label can name: those offered, then those retired."""
        return (*self.classes, *self.retired)

    def __getitem__(self, code: str) -> CrystalClass:
        """Give the class with this code, retired ones too.

        Raises
        ------
        KeyError
            If the scheme has no such code.
        """
        found = self.find(code)
        if found is None:
            raise KeyError(code)
        return found

    def find(self, code: str | None) -> CrystalClass | None:
        """Give the class with this code, retired ones too, or None."""
        return next((each for each in self.known if each.code == code), None)

    def index(self, code: str) -> int:
        """Give the position of a code, 0 first."""
        return self.codes.index(code)

    def at_key(self, key: str) -> CrystalClass | None:
        """Give the class that a digit names, or None."""
        return next((each for each in self.classes if key and each.key == key), None)

    def resolve(self, text: str) -> str | None:
        """Give the code that a code, name or alias stands for, whatever its case, or None."""
        wanted = text.strip().casefold()
        return next((each.code for each in self.classes if wanted in spellings(each)), None)


def spellings(cls: CrystalClass) -> Iterator[str]:
    """Give everything a class is called, case folded."""
    yield from (each.strip().casefold() for each in (cls.code, cls.name, *cls.aliases))


# Colours: Okabe and Ito (2008), told apart with any common colour-vision deficiency. Descriptions:
# the shapes of DOMAIN.md 1, and what euhedral, subhedral and anhedral mean in any textbook.
FOUR_CLASSES = Scheme(
    "Microcrystalline calcite",
    1,
    (
        CrystalClass(
            "RES",
            "Rhombic euhedral-subhedral",
            "#0072b2",
            "1",
            ("rhombic",),
            "Rhombic: six faces, which meet in straight edges. Euhedral, with all faces well "
            "formed, or subhedral, with some of them lost or rounded.",
            ("PES",),
        ),
        CrystalClass(
            "PES",
            "Polyhedral euhedral-subhedral",
            "#e69f00",
            "2",
            ("polyhedral",),
            "Polyhedral: more than six faces, which meet in straight edges. Euhedral, with all "
            "faces well formed, or subhedral, with some of them lost or rounded.",
            ("RES", "SA"),
        ),
        CrystalClass(
            "AA",
            "Amorphous anhedral",
            "#cc79a7",
            "3",
            ("amorphous",),
            "Amorphous: no discernible form. Anhedral: without faces of its own, irregular, often "
            "grown together or worn.",
            ("SA", "PES"),
        ),
        CrystalClass(
            "SA",
            "Spherical anhedral",
            "#009e73",
            "4",
            ("spherical", "rounded", "RA"),
            "Spherical, also called rounded: a ball or a smooth oval. Anhedral: without faces of "
            "its own.",
            ("AA", "PES"),
        ),
    ),
)


def description_of(scheme: Scheme, code: str) -> str:
    """Say how to tell a class; the four classes of a project made earlier are described too."""
    described = (each.find(code) for each in (scheme, FOUR_CLASSES))
    return next((cls.description for cls in described if cls and cls.description), "")


def look_alikes_of(scheme: Scheme, code: str) -> tuple[str, ...]:
    """Give the codes of the offered classes that a class is mistaken for."""
    named = (each.find(code) for each in (scheme, FOUR_CLASSES))
    found = next((cls.look_alikes for cls in named if cls and cls.look_alikes), ())
    return tuple(each for each in found if each in scheme.codes)
