"""What an import of labels would do, written for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.spreadsheets.statements import SOURCE_TEAM
from microcrystalnet.spreadsheets.vocabulary import LEAVE_OUT, NOT_CRYSTAL, UNCLEAR_WORD
from napari_mcn.panels.label_import_panel import START, MicrographRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from microcrystalnet.domain.scheme import Scheme
    from microcrystalnet.spreadsheets.bring_in import Imported
    from microcrystalnet.spreadsheets.preview import MicrographPreview, Preview
    from microcrystalnet.spreadsheets.sources import ImportRequest
    from napari_mcn.panels.label_import_panel import LabelImportPanel

NO_PROJECT = "Open a project on the page Micrographs first."
MOST_NUMBERS = 30
MOST_REMARKS = 3


def show_preview(
    panel: LabelImportPanel,
    request: ImportRequest | None,
    preview: Preview | None,
    scheme: Scheme | None,
) -> None:
    """Show on the page what was read, or that nothing was."""
    if request is None or scheme is None:
        panel.set_file("")
        panel.set_next_step(START)
        panel.set_found(None)
        return
    if preview is None:
        panel.set_found(None)
        panel.set_file(f"{request.path.name} was not read.")
        panel.set_import("Import", False, "The table was not read.")
        return
    panel.set_file(file_text(request, preview))
    first = preview.files[0]
    source = first.layout == SOURCE_TEAM
    panel.set_columns(preview.table_columns, first.columns, open_=not source)
    asked = not {"expert", "experts"} & {role for role, _ in first.columns}
    name = next(iter(preview.experts), "") if asked else ""
    panel.set_expert(request.expert or name, asked=asked and len(preview.files) == 1)
    words = [(each.text, each.count, each.means) for each in preview.values]
    panel.set_words(words, list(choices(scheme)))
    panel.set_found(found_text(preview), [_row(each) for each in preview.micrographs])
    panel.set_remarks("\n".join(dict.fromkeys((*preview.remarks, *_whys(preview)))))
    panel.set_blind(preview.blind)
    _show_button(panel, preview)


def ask_for_columns(
    panel: LabelImportPanel, request: ImportRequest, columns: Sequence[str]
) -> None:
    """Let a person say which column is which, and whose labels they are."""
    panel.set_next_step("Say which column is which, or whose labels these are.")
    panel.set_columns(columns, list(request.columns.items()), open_=True)
    panel.set_expert(request.expert or "", asked=True)


def _show_button(panel: LabelImportPanel, preview: Preview) -> None:
    unknown = preview.unknown
    if unknown:
        panel.set_next_step("Say what the red words mean, or leave them out; then import.")
        panel.set_import("Import", False, "Some words mean nothing yet: choose a class for each.")
    elif not preview.matched:
        panel.set_next_step("No answer found its crystal. Change the columns, or Found by.")
        panel.set_import("Import", False, "No answer found its crystal.")
    else:
        panel.set_next_step("Check what was read, then import it.")
        what = "1 label" if preview.matched == 1 else f"{preview.matched:,} labels"
        text = f"Import {what} of {', '.join(preview.experts)}"
        panel.set_import(text if len(text) < 42 else f"Import {what}", True)


def choices(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Give what a word can mean."""
    yield from ((each.code, f"{each.code}  {each.name}") for each in scheme.classes)
    yield UNCLEAR_WORD, "unclear"
    yield NOT_CRYSTAL, "not a crystal"
    yield LEAVE_OUT, "leave out"


def file_text(request: ImportRequest, preview: Preview) -> str:
    """Say which file was read as what."""
    first = preview.files[0]
    if len(preview.files) > 1:
        return f"{request.path.name}: {len(preview.files)} files of labels."
    between = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}.get(first.delimiter)
    written = f" ({first.encoding}, {between} between cells)" if between else ""
    layout = "the source team's layout" if first.layout == SOURCE_TEAM else "a table"
    return f"{first.name}: {layout}{written}."


def found_text(preview: Preview) -> str:
    """Say how many answers found their crystal."""
    empty = sum(each.empty for each in preview.files)
    blank = f" {empty:,} rows hold no answer." if empty else ""
    experts = "1 expert" if len(preview.experts) == 1 else f"{len(preview.experts)} experts"
    rest = preview.rows - preview.matched
    left = f" {rest:,} without a crystal are kept in the file for later." if rest else ""
    return (
        f"{preview.matched:,} of {preview.rows:,} answers of {experts} found their crystal."
        f"{left}{blank}"
    )


def done(imported: Imported) -> str:
    """Say what an import did."""
    parts = [f"{labels(imported.added)} imported."]
    if imported.closed:
        parts.append(
            f"{imported.closed:,} are of others on crystals that you label blind; they were taken "
            "in, and how many of them are new stays closed."
        )
    if imported.known:
        parts.append(f"{imported.known:,} were imported before.")
    if imported.unmatched:
        parts.append(
            f"{imported.unmatched:,} rows have no crystal yet; import the file again once they do."
        )
    for expert, count in imported.kept.items():
        parts.append(
            f"{expert} had named {count:,} of these crystals here already, and those labels stay; "
            "if this is another person, import under another name."
        )
    return " ".join(parts)


def labels(count: int) -> str:
    """Count labels in words."""
    return "1 label was" if count == 1 else f"{count:,} labels were"


def written(files: Sequence[Path], remarks: Sequence[str]) -> str:
    """Say which files were written, and what could not be written as asked."""
    count = "1 file was" if len(files) == 1 else f"{len(files)} files were"
    place = f" into {files[0].parents[1].name}" if files else ""
    return " ".join((f"{count} written{place}.", *remarks[:MOST_REMARKS]))


def _row(each: MicrographPreview) -> MicrographRow:
    numbers = ", ".join(each.unmatched[:MOST_NUMBERS])
    hint = each.why or (f"Without a crystal: {numbers}" if numbers else "")
    return MicrographRow(each.name, each.rows, each.matched, each.by or "–", hint)


def _whys(preview: Preview) -> Iterator[str]:
    missing = [each for each in preview.micrographs if each.why]
    if len(missing) > 3:
        yield f"{len(missing)} micrographs are not in the project; add them on Micrographs first."
    else:
        yield from (each.why for each in missing)
