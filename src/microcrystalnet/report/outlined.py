"""With what the crystals of a project were outlined: cells, a table and a sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator

from microcrystalnet.domain.crystal import Crystal, MaskSource

COLUMNS = ("outline_engine", "outline_version", "outline_filters")
TABLE_COLUMNS = ("Outlined", "Engine", "Version", "Filters against noise before", "Crystals")
OUTLINED_BY = {
    MaskSource.AUTO: "by the embedded segmentation network",
    MaskSource.SAM: "by Segment Anything",
    MaskSource.MANUAL: "drawn or corrected by hand",
    MaskSource.IMPORT: "in another program",
}
UNRECORDED = "not recorded"  # by versions before this was
_PROPOSED = {MaskSource.AUTO, MaskSource.SAM}


def cells(crystal: Crystal) -> tuple[str | None, str | None, str | None]:
    """Give the cells of `COLUMNS`; empty for what was drawn, imported or not recorded."""
    made = crystal.made
    if made is None:
        return None, None, None
    return made.engine, made.version, made.filter_words


def table_rows(crystals: Iterable[Crystal]) -> Iterator[tuple[object, ...]]:
    """Give the rows of `TABLE_COLUMNS`, the most frequent first."""
    counts = Counter((each.source, each.made) for each in crystals)
    for (source, made), count in counts.most_common():
        if made is not None:
            yield OUTLINED_BY[source], made.engine, made.version, made.filter_words, count
        else:
            unknown = UNRECORDED if source in _PROPOSED else None
            yield OUTLINED_BY[source], unknown, unknown, unknown, count


def filter_sentences(crystals: Iterable[Crystal]) -> Iterator[str]:
    """Say through which filters the micrographs went before crystals were outlined on them."""
    proposed = [each for each in crystals if each.source in _PROPOSED]
    counts = Counter(each.made for each in proposed)
    filtered = [(made, count) for made, count in counts.most_common() if made and made.filters]
    for made, count in filtered:
        yield (
            f"Noise was filtered before {count} of the {len(proposed)} outlines were proposed "
            f"({made.steps}; preset {made.preset})."
        )
    plain = sum(count for made, count in counts.items() if made and not made.filters)
    if plain and filtered:
        yield f"{plain} were proposed on the micrograph as recorded."
    elif plain:
        yield "Outlines were proposed on the micrographs as recorded, without filters."
    if counts[None]:
        outlines = "1 outline" if counts[None] == 1 else f"{counts[None]} outlines"
        yield f"The filters of {outlines} were not recorded."
