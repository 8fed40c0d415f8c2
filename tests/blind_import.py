"""A preview of labels in a process of its own, which writes down every file that is opened.

``python tests/blind_import.py PROJECT MIRROR TABLE EXPERT`` prints as JSON which files with another
expert's answers the preview opened.
"""

import json
import sys
from pathlib import Path

from blind_sitting import listen, telling

from microcrystalnet.spreadsheets.bring_in import preview_import
from microcrystalnet.spreadsheets.sources import ImportRequest


def main(folder: str, mirror: str, table: str, expert: str) -> None:
    sys.addaudithook(listen)
    request = ImportRequest(Path(table), asked_by=expert)
    preview_import(Path(folder), request, mirror_root=Path(mirror))
    sys.stdout.write(json.dumps(telling(expert)))


if __name__ == "__main__":
    main(*sys.argv[1:])
