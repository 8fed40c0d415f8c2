"""One crystal on its way into or out of another program's file."""

from dataclasses import dataclass

from microcrystalnet.domain.mask import Mask

# What reading well-formed JSON of any other content may raise.
ODD = (
    *(ValueError, KeyError, TypeError, IndexError),
    *(OverflowError, AttributeError, RecursionError),
)


@dataclass(frozen=True, slots=True)
class Outline:
    """A crystal's pixels with what the other program calls it.

    ``name`` is a number or id, ``cls`` a class as written there, empty where there is none.
    """

    mask: Mask
    name: str = ""
    cls: str = ""
