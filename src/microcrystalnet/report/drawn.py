"""The outlines of a project with their numbers and classes, gathered without measuring them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from microcrystalnet.domain.colours import NO_CLASS_LINE
from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.file_names import usable
from microcrystalnet.interchange.outline import Outline
from microcrystalnet.labelling.consensus import settle_all
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.report.facts import Only, wanted
from microcrystalnet.report.plain_text import readable
from microcrystalnet.storage.project_store import ProjectStore

_LONGEST = 100  # bytes; file systems take 255, and endings and numbers are added


@dataclass(frozen=True, slots=True)
class Drawn:
    """One crystal: its number on its micrograph from 1, the settled class, empty if there is none.

    ``colour`` is that of the class, ``#rrggbb``.
    """

    number: int
    crystal: Crystal
    cls: str
    colour: str

    @property
    def outline(self) -> Outline:
        """The crystal as other programs take it."""
        return Outline(self.crystal.mask, str(self.number), self.cls)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One micrograph with its crystals; ``stem`` is free of its folder and of doubles."""

    micrograph: Micrograph
    stem: str
    crystals: tuple[Drawn, ...]


def gather_outlines(
    store: ProjectStore,
    report: Report = ignore_progress,
    only: Only = None,
    *,
    classes: bool = True,
) -> Iterator[Sheet]:
    """Give the micrographs, or ``only`` some, in turn.

    Settled classes count as seen by this, unless there shall be no ``classes``.

    Raises
    ------
    BlindError
        If the classes are closed to the expert, who labels blind and has sealed nothing.
    """
    if classes:
        store.rounds.require_open()
    verdicts = settle_all(store.votes(reveal=False), store.adjudication.cases())
    colours = {each.code: each.colour for each in store.state.scheme.known}
    micrographs = wanted(store, only)
    names = stems(store.state.micrographs.values())
    for done, (image_id, micrograph) in enumerate(micrographs.items()):
        report(Progress(done, len(micrographs), f"Writing {micrograph.file_name}"))
        drawn = []
        for number, crystal in enumerate(store.state.crystals(image_id).values(), 1):
            verdict = verdicts.get(crystal.crystal_id)
            settled = verdict.cls if classes and verdict and verdict.settled else None
            cls = settled or ""
            drawn.append(Drawn(number, crystal, cls, colours.get(cls, NO_CLASS_LINE)))
        store.see([each.crystal.crystal_id for each in drawn if each.cls])
        yield Sheet(micrograph, names[image_id], tuple(drawn))


def stems(micrographs: Iterable[Micrograph]) -> dict[str, str]:
    """Name each micrograph's files; one taken, too long or unusable is told apart by its id."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for each in micrographs:
        stem = readable(PurePath(each.file_name).stem, "_x")
        short = usable(stem).encode()[:_LONGEST].decode(errors="ignore")
        known = short != stem or stem.casefold() in taken
        names[each.image_id] = f"{short}_{each.image_id}" if known else stem
        taken.add(names[each.image_id].casefold())
    return names
