"""Text of ``key=value`` lines under ``[Section]`` headings, as several microscopes write it."""

from collections.abc import Mapping

Sections = Mapping[str, Mapping[str, str]]


def parse(text: str) -> Sections:
    """Read the entries by section; those before the first heading are under an empty name.

    What is not an entry is passed over: the text may be cut off anywhere.
    """
    sections: dict[str, dict[str, str]] = {}
    section = sections.setdefault("", {})
    for line in map(str.strip, text.replace("\0", "\n").splitlines()):
        if line.startswith("[") and line.endswith("]"):
            section = sections.setdefault(line[1:-1].strip(), {})
        elif "=" in line:
            key, value = line.split("=", 1)
            section[key.strip()] = value.strip()
    return sections
