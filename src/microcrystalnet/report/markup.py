"""Small pieces of HTML: escaped text, tables, embedded pictures, and the page around them."""

import base64
from collections.abc import Iterable, Sequence
from html import escape

from microcrystalnet.report.plain_text import encoded

_CSS = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 1000px; margin: 2em auto;
       padding: 0 1.2em; }
h1 { font-size: 1.6em; margin-bottom: 0.1em; }
h2 { margin-top: 2em; border-bottom: 1px solid #ccc; }
h3 { margin: 1.4em 0 0.3em; } p.small, figcaption { color: #555; font-size: 0.9em; }
table { border-collapse: collapse; margin: 0.8em 0; font-size: 0.93em; }
th, td { padding: 0.25em 0.8em; text-align: right; border-bottom: 1px solid #e4e4e4; }
th { border-bottom: 2px solid #999; font-weight: 600; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; }
td { white-space: nowrap; }
.scroll { overflow-x: auto; }
figure { margin: 0.8em 0; } figure img { max-width: 100%; height: auto; }
.row { display: flex; flex-wrap: wrap; gap: 1em; align-items: flex-start; }
.key { display: inline-block; width: 0.9em; height: 0.9em; border-radius: 2px;
       margin: 0 0.35em 0 0; vertical-align: -0.08em; }
.legend span { margin-right: 1.4em; white-space: nowrap; }
.warn { color: #b3261e; } .number { font-size: 1.5em; font-weight: 600; display: block; }
.cards > div { background: #f4f5f7; border-radius: 6px; padding: 0.6em 1em; min-width: 5.5em; }
.bounds { color: #555; font-size: 0.85em; line-height: 1.2; }
.digits { font-size: 0.82em; }
.words { text-align: left; white-space: normal; }
@media print {
  @page { margin: 16mm 14mm; }
  body { margin: 0; padding: 0; max-width: none; font-size: 10pt; }
  h1, h2, h3, .legend { break-after: avoid; } p { orphans: 3; widows: 3; }
  figure, tr, .cards, .short { break-inside: avoid; } figcaption { break-before: avoid; }
  .scroll { overflow: visible; } .row { display: block; } .cards { display: flex; }
  thead { display: table-header-group; }
  th, td { padding: 0.15em 0.5em; }
  figure img { max-height: 22cm; max-width: 100%; width: auto; }
  .digits { font-size: 0.7em; }
  .key, .cards > div { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
MOST_TOGETHER = 16  # rows of a table that is never cut by the end of a printed page


class Markup(str):
    """Text that is HTML already and must not be escaped again."""

    __slots__ = ()


def text(value: object) -> Markup:
    """Escape a value unless it is markup; None becomes a dash."""
    if isinstance(value, Markup):
        return value
    return Markup("–" if value is None else escape(str(value)))


def element(tag: str, content: object, kind: str = "") -> Markup:
    """Wrap content into a tag, with a CSS class if one is given."""
    attribute = f' class="{kind}"' if kind else ""
    return Markup(f"<{tag}{attribute}>{text(content)}</{tag}>")


def joined(parts: Iterable[object]) -> Markup:
    """Put pieces after one another."""
    return Markup("\n".join(text(part) for part in parts))


def table(columns: Sequence[object], rows: Iterable[Sequence[object]]) -> Markup:
    """Lay out rows; columns of words are aligned left, columns of numbers right."""
    cells = [list(row) for row in rows]
    kinds = [_kind(row[at] for row in cells if at < len(row)) for at in range(len(columns))]
    head = element("tr", _cells("th", columns, kinds))
    body = joined(element("tr", _cells("td", row, kinds)) for row in cells)
    inner = joined([element("thead", head), element("tbody", body)])
    kind = "scroll short" if len(cells) <= MOST_TOGETHER else "scroll"
    return element("div", element("table", inner), kind)


def _cells(tag: str, row: Sequence[object], kinds: Sequence[str]) -> Markup:
    return joined(element(tag, cell, kind) for cell, kind in zip(row, kinds, strict=True))


def _kind(cells: Iterable[object]) -> str:
    """Say whether a column holds words: text that begins with a letter."""
    texts = [cell for cell in cells if isinstance(cell, str) and not isinstance(cell, Markup)]
    return "words" if any(text[:1].isalpha() for text in texts) else ""


def picture(content: bytes, kind: str, caption: object = "", label: str = "") -> Markup:
    """Embed an image file of a MIME ``kind``; ``label`` describes it to those who cannot see it."""
    encoded = base64.b64encode(content).decode()
    image = Markup(f'<img src="data:{kind};base64,{encoded}" alt="{escape(label)}">')
    below = element("figcaption", caption) if caption else Markup("")
    return element("figure", joined([image, below]))


def chart(svg: bytes, caption: object, label: str) -> Markup:
    """Embed an SVG file as an image, so that its names do not clash with those of another."""
    return picture(svg, "image/svg+xml", caption, label)


def key(colour: str, name: object) -> Markup:
    """Give a coloured square with a name; ``colour`` is ``#rrggbb``."""
    square = Markup(f'<i class="key" style="background:{escape(colour)}"></i>')
    return element("span", Markup(square + text(name)))


def cards(numbers: Sequence[tuple[object, str]]) -> Markup:
    """Show a few numbers large, each with what it counts."""
    each = (
        element("div", Markup(element("span", number, "number") + text(meaning)))
        for number, meaning in numbers
    )
    return element("div", joined(each), "row cards")


def page(title: str, body: Markup) -> bytes:
    """Give a whole HTML page that refers to nothing outside itself."""
    return encoded(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_CSS}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )
