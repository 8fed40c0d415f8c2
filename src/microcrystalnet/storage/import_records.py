"""What the journals say about files of labels that were imported: which row became which label."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from microcrystalnet.domain.label import Answer, Label
from microcrystalnet.storage.records import Details, integers, text

IMPORT = "import"


class Origin(NamedTuple):
    """What one row of an imported file said, and of which crystal."""

    image_id: str
    crystal_id: str
    answer: Answer


class ImportedFile(NamedTuple):
    """A file whose labels of one expert were imported.

    ``digest`` is the first 20 hexadecimal digits of the SHA-256 of its bytes, ``stored`` where a
    copy lies below the project folder, ``folder`` the name of the folder it came from.
    """

    digest: str
    name: str
    folder: str
    layout: str
    stored: str

    def to_json(self) -> Details:
        """Give the details of ``label.import``."""
        return {
            "file": self.digest,
            "name": self.name,
            "folder": self.folder,
            "layout": self.layout,
            "stored": self.stored,
        }

    @classmethod
    def from_json(cls, details: Details) -> "ImportedFile":
        """Read the details of ``label.import``.

        Raises
        ------
        ValueError, KeyError
            If they do not describe a file.
        """
        named = ("file", "name", "folder", "layout", "stored")
        return cls(*(text(details[each]) for each in named))


Key = tuple[str, str]  # expert and digest of the file


@dataclass(slots=True)
class Imports:
    """Files and rows seen so far, in whatever order the journals were read."""

    files: dict[Key, tuple[tuple[int, str], ImportedFile]] = field(default_factory=dict)
    rows: dict[Key, dict[int, Origin]] = field(default_factory=dict)
    label_ids: set[str] = field(default_factory=set)

    def add_file(self, details: Details, stamp: tuple[int, str], actor: str) -> None:
        """Take note of a file; its first import counts."""
        file = ImportedFile.from_json(details)
        key = (actor, file.digest)
        if key not in self.files or stamp < self.files[key][0]:
            self.files[key] = (stamp, file)

    def add_label(self, details: Details, label: Label, image_id: str) -> None:
        """Take note of the row that a label came from; labels given here came from none."""
        if details.get("src") != IMPORT:
            return
        origin = cast(Mapping[str, object], details["origin"])
        (row,) = integers([origin["row"]], 1)
        rows = self.rows.setdefault((label.expert, text(origin["file"])), {})
        rows[row] = Origin(image_id, label.crystal_id, label.answer)
        self.label_ids.add(label.label_id)

    def has(self, actor: str, digest: str, row: int, crystal_id: str) -> bool:
        """Say whether a row of a file became a label of a crystal before."""
        origin = self.rows.get((actor, digest), {}).get(row)
        return origin is not None and origin.crystal_id == crystal_id
