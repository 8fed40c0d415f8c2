"""Works out what an import would do: which row is whose answer for which crystal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from microcrystalnet.domain.label import NOT_A_CRYSTAL, Answer
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.spreadsheets.find_crystals import find_crystals
from microcrystalnet.spreadsheets.limits import short
from microcrystalnet.spreadsheets.matching import Match, MicrographNames
from microcrystalnet.spreadsheets.preview import FilePreview, MicrographPreview, Preview
from microcrystalnet.spreadsheets.sources import ImportRequest, read_sources
from microcrystalnet.spreadsheets.statements import SOURCE_TEAM, Source, Statement
from microcrystalnet.spreadsheets.table import read_table
from microcrystalnet.spreadsheets.vocabulary import Vocabulary
from microcrystalnet.storage.open_project import OpenProject


@dataclass(frozen=True, slots=True)
class Found:
    """A statement, its file, and the crystal it is about; None: not found."""

    source: Source
    statement: Statement
    crystal_id: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Every statement with its crystal, what words mean, and the preview of it all."""

    found: tuple[Found, ...]
    vocabulary: Vocabulary
    preview: Preview

    def answer(self, statement: Statement) -> Answer | None:
        """Give the answer that a statement stands for; None where it is left out."""
        if statement.discarded:
            answer: Answer | None = NOT_A_CRYSTAL
        else:
            answer = self.vocabulary.answer(statement.text)
        if answer is None:
            return None
        return Answer(answer.cls, answer.flags, statement.note, marks=statement.marks)


def plan(store: OpenProject, request: ImportRequest, report: Report = ignore_progress) -> Plan:
    """Read, match and describe; changes nothing.

    Raises
    ------
    LabelTableError
        As `read_sources`.
    """
    scheme = store.state.scheme
    sources, remarks = read_sources(request, scheme, report)
    vocabulary = Vocabulary.of(scheme, request.values)
    known = MicrographNames(store.state.micrographs)
    found: list[Found] = []
    micrographs: list[MicrographPreview] = []
    for source in sources:
        remarks += source.remarks
        for said in _by_image(source):
            match, described = _match(store, known, request, source, said, report=report)
            found += [Found(source, each, match.crystals.get(each.crystal)) for each in said]
            micrographs.append(described)
    statements = [each.statement for each in found]
    preview = Preview(
        tuple(FilePreview.of(each) for each in sources),
        read_table(sources[0].path).columns,
        vocabulary.uses(each.text for each in statements if not each.discarded),
        dict(Counter(each.expert for each in statements)),
        tuple(micrographs),
        is_blind(request, sources),
        tuple(remarks),
    )
    return Plan(tuple(found), vocabulary, preview)


def is_blind(request: ImportRequest, sources: Sequence[Source]) -> bool:
    """Say whether labels count as given without seeing another expert's.

    Files of the source team hold one expert each and were filled in apart; of other tables it is
    not known, and only blind labels count in the agreement.
    """
    if request.blind is not None:
        return request.blind
    return all(each.layout == SOURCE_TEAM for each in sources)


def blind_to(store: OpenProject, sources: Sequence[Source]) -> list[str]:
    """Give the others whose answers here are on micrographs that who asks labels blind, sorted."""
    known, closed = MicrographNames(store.state.micrographs), store.withheld
    return sorted(
        {
            each.expert
            for source in sources
            for said in _by_image(source)
            if any(it.image_id in closed for it in known.find(_names(source, said[0].image)))
            for each in said
            if each.expert.casefold() != store.actor.casefold()
        }
    )


def _names(source: Source, image: str) -> tuple[str, ...]:
    """Give what a micrograph may be called in the project."""
    return (image, source.folder) if source.layout == SOURCE_TEAM else (image,)


def _by_image(source: Source) -> Iterator[list[Statement]]:
    ordered = sorted(source.statements, key=lambda each: each.image)
    for _, said in groupby(ordered, key=lambda each: each.image):
        yield list(said)


def _match(
    store: OpenProject,
    known: MicrographNames,
    request: ImportRequest,
    source: Source,
    said: Sequence[Statement],
    *,
    report: Report,
) -> tuple[Match, MicrographPreview]:
    image = said[0].image
    fitting = known.find(_names(source, image))
    if len(fitting) != 1:
        nothing = Match("", {})
        return nothing, _described(image, None, said, nothing, _not_one(image, len(fitting)))
    crystals = list(dict.fromkeys(each.crystal for each in said))
    match = find_crystals(store, fitting[0], source, crystals, way=request.match, report=report)
    return match, _described(image, fitting[0].image_id, said, match)


def _not_one(image: str, count: int) -> str:
    if count:
        return f"The project has {count} micrographs called {short(image)}; give its id instead."
    return (
        f"The micrograph {short(image)} is not in the project; add it, and its labels can be "
        "imported then."
    )


def _described(
    image: str, image_id: str | None, said: Sequence[Statement], match: Match, why: str = ""
) -> MicrographPreview:
    unmatched = [each.crystal for each in said if each.crystal not in match.crystals]
    return MicrographPreview(
        image,
        image_id,
        len(said),
        len(said) - len(unmatched),
        match.by,
        tuple(dict.fromkeys(unmatched)),
        why,
    )
