"""What the journals say about files of labels that were imported: which row became which label."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from microcrystalnet.domain.label import Answer, Label
from microcrystalnet.storage.layout import belongs
from microcrystalnet.storage.records import Details, integers, text

IMPORT = "import"


Stamp = tuple[int, str]  # Lamport counter and event id: the greater one wins
NEVER: Stamp = (0, "")


class Origin(NamedTuple):
    """What one row of an imported file said, of which crystal, and when it was imported."""

    stamp: Stamp
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
            If they do not describe a file, or its copy would lie outside the project's ``imports``.
        """
        named = ("file", "name", "folder", "layout", "stored")
        found = cls(*(text(details[each]) for each in named))
        if not (found.stored.startswith("imports/") and belongs(found.stored)):
            raise ValueError(f"{found.stored!r} is no place for the copy of a label file")
        return found


Key = tuple[str, str]  # expert and digest of the file


@dataclass(slots=True)
class Imports:
    """Files and rows seen so far, in whatever order the journals were read."""

    files: dict[Key, tuple[Stamp, ImportedFile]] = field(default_factory=dict)
    rows: dict[Key, dict[int, Origin]] = field(default_factory=dict)
    label_ids: set[str] = field(default_factory=set)
    taken_back: dict[tuple[str, str], Stamp] = field(default_factory=dict)  # expert and crystal

    def add_file(self, details: Details, stamp: Stamp, actor: str) -> None:
        """Take note of a file; its first import counts."""
        file = ImportedFile.from_json(details)
        key = (actor, file.digest)
        if key not in self.files or stamp < self.files[key][0]:
            self.files[key] = (stamp, file)

    def add_label(self, details: Details, label: Label, image_id: str, stamp: Stamp) -> None:
        """Take note of the row that a label came from; labels given here came from none."""
        if details.get("src") != IMPORT:
            return
        origin = cast(Mapping[str, object], details["origin"])
        (row,) = integers([origin["row"]], 1)
        rows = self.rows.setdefault((label.expert, text(origin["file"])), {})
        if row not in rows or stamp > rows[row].stamp:
            rows[row] = Origin(stamp, image_id, label.crystal_id, label.answer)
        self.label_ids.add(label.label_id)

    def take_back(self, details: Details, stamp: Stamp, actor: str) -> None:
        """Take note that an imported label was taken back as such; others' undoing is not meant."""
        if details.get("src") == IMPORT:
            key = (actor, text(details["crystal"]))
            self.taken_back[key] = max(stamp, self.taken_back.get(key, NEVER))

    def has(self, actor: str, digest: str, row: int, crystal_id: str) -> bool:
        """Say whether a row became a label of a crystal and was not taken back since."""
        origin = self.rows.get((actor, digest), {}).get(row)
        if origin is None or origin.crystal_id != crystal_id:
            return False
        return origin.stamp > self.taken_back.get((actor, crystal_id), NEVER)
