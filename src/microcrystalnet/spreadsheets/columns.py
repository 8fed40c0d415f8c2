"""Which column of a spreadsheet is which: guessed from names and values, corrected by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets.limits import listed, short
from microcrystalnet.spreadsheets.source_team import plain
from microcrystalnet.spreadsheets.table import Table
from microcrystalnet.spreadsheets.vocabulary import Vocabulary, split_flags

IMAGE, CRYSTAL, EXPERT, LABEL, NOTE, EXPERTS = (
    *("image", "crystal", "expert", "label", "note"),
    "experts",
)
ROLES = (IMAGE, CRYSTAL, EXPERT, LABEL, NOTE, EXPERTS)
_NAMES: Mapping[str, tuple[str, ...]] = {
    IMAGE: (
        *("image", "file", "micrograph", "filename", "imagename", "imagefile", "photo", "picture"),
        *("img", "sample", "folder", "imageid"),
    ),
    CRYSTAL: (
        *("crystal", "crystalid", "labelno", "labelnumber", "crystalno", "crystalnumber", "grain"),
        *("grainid", "object", "objectid", "particle", "number", "no", "nr", "id", "instance"),
    ),
    EXPERT: (
        *("expert", "annotator", "rater", "observer", "labeller", "labeler", "petrographer"),
        *("author", "person", "user", "who", "name"),
    ),
    LABEL: (
        *("label", "form", "class", "answer", "secclass", "type", "shape", "category"),
        *("morphology", "classification", "crystaltype"),
    ),
    NOTE: ("note", "notes", "comment", "comments", "remark", "remarks"),
}
_PREFIX = "expert "  # of the columns of this program's own tables


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The columns of a table by what they hold; None: there is no such column.

    Either ``label`` holds the answers, of the person in ``expert``; or ``experts`` are the columns
    of one person each, whose names are the persons'.
    """

    image: str | None = None
    crystal: str | None = None
    expert: str | None = None
    label: str | None = None
    note: str | None = None
    experts: tuple[str, ...] = ()

    @property
    def answer_columns(self) -> tuple[str, ...]:
        """The columns in which answers stand."""
        return self.experts or (() if self.label is None else (self.label,))

    def named(self) -> tuple[tuple[str, str], ...]:
        """Give role and column of everything that is there."""
        single = ((role, getattr(self, role)) for role in ROLES[:-1])
        return (
            *((role, name) for role, name in single if name is not None),
            *((EXPERTS, name) for name in self.experts),
        )


def map_columns(table: Table, vocabulary: Vocabulary, chosen: Mapping[str, str]) -> ColumnMap:
    """Guess the columns of a table, except for those that a person has chosen.

    Parameters
    ----------
    chosen
        Column by role; ``experts`` holds several, with commas between; an empty name says that
        there is no such column.

    Raises
    ------
    LabelTableError
        If a chosen column or a role does not exist, or nothing names the crystals or the answers.
    """
    fixed = _checked(table, chosen)
    guess = _by_name(table, fixed)
    wide = fixed.get(EXPERTS)
    guess |= {role: names[0] if names else None for role, names in fixed.items() if role != EXPERTS}
    if wide is None and LABEL not in fixed and guess[EXPERT] is None:
        wide = _expert_columns(table, vocabulary, guess)
    found = ColumnMap(
        guess[IMAGE],
        guess[CRYSTAL],
        None if wide else guess[EXPERT],
        None if wide else guess[LABEL] or _speaking(table, vocabulary, guess),
        guess[NOTE],
        tuple(wide or ()),
    )
    _require(table, found)
    return found


def expert_name(column: str) -> str:
    """Give the person that a column of answers stands for."""
    return column.removeprefix(_PREFIX).strip() or column


def _checked(table: Table, chosen: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    fixed = {}
    for role, names in chosen.items():
        if role not in ROLES:
            raise LabelTableError(
                f"There is no role “{role}” for a column; the roles are {', '.join(ROLES)}."
            )
        split = names.split(",") if role == EXPERTS and names not in table.columns else [names]
        wanted = tuple(name.strip() for name in split if name.strip())
        for name in wanted:
            table.column(name)
        fixed[role] = wanted
    return fixed


def _by_name(table: Table, fixed: Mapping[str, tuple[str, ...]]) -> dict[str, str | None]:
    free = {plain(name): name for name in reversed(table.columns)}
    for names in fixed.values():
        free = {key: name for key, name in free.items() if name not in names}
    found: dict[str, str | None] = {}
    for role, likely in _NAMES.items():
        key = None if role in fixed else next((each for each in likely if each in free), None)
        found[role] = None if key is None else free.pop(key)
    return found


def _speaking(table: Table, vocabulary: Vocabulary, taken: Mapping[str, str | None]) -> str | None:
    """Give the only column whose cells are mostly answers; None where several are, or none."""
    found = _answering(table, vocabulary, [n for r, n in taken.items() if n and r != LABEL])
    return found[0] if len(found) == 1 else None


def _expert_columns(
    table: Table, vocabulary: Vocabulary, taken: Mapping[str, str | None]
) -> tuple[str, ...]:
    """Give the columns of one expert each: several whose cells are mostly answers."""
    used = [name for role, name in taken.items() if name and role != LABEL]
    found = _answering(table, vocabulary, used)
    marked = tuple(name for name in table.columns if name.startswith(_PREFIX))
    if marked:
        return marked
    return found if len(found) > 1 else ()


def _answering(table: Table, vocabulary: Vocabulary, used: Sequence[str]) -> tuple[str, ...]:
    free = (name for name in table.columns if name not in used)
    return tuple(name for name in free if _answers(table.values(name), vocabulary))


def _answers(cells: Sequence[str], vocabulary: Vocabulary) -> bool:
    filled = [cell for cell in cells if cell]
    known = sum(vocabulary.meaning(split_flags(cell)[0]) is not None for cell in filled)
    return bool(filled) and 2 * known >= len(filled)


def _require(table: Table, found: ColumnMap) -> None:
    if found.crystal is None:
        raise _missing(table, CRYSTAL, "names the crystals, such as “crystal” or “Label No.”")
    if not found.answer_columns:
        raise _missing(table, LABEL, "holds the answers, such as “label” or “Form”")


def _missing(table: Table, role: str, what: str) -> LabelTableError:
    return LabelTableError(
        f"{table.path.name} has no column that {what}; say which it is ({role}=…). "
        f"Its columns are {listed(map(short, table.columns))}."
    )
