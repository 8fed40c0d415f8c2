"""Names of the files of a project: where each lies, and which names are allowed."""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from microcrystalnet.file_names import is_device

PROJECT_FILE = "project.json"
CONTROL, LABEL, ADJUDICATION, MASKS = "ctl", "label", "adj", "masks"

_ULID = r"[0-9A-HJKMNP-TV-Z]{26}"
_IMAGE = r"[0-9a-f]{20}"
_ACTOR = r"[a-z0-9][a-z0-9-]{0,23}"
_COPY = r"(~(?P<copy>[1-9][0-9]{0,3}))?"
_CLOUD = r"(?P<cloud>[ (._-][^/\\:]{1,80})?"  # what file synchronisers add to a second version
_LOG_NAME = re.compile(
    rf"log/(?P<actor>{_ACTOR})/(?P<session>{_ULID})\.(?P<kind>ctl|label|adj){_COPY}{_CLOUD}\.jsonl"
)
IMAGE_ID = re.compile(_IMAGE)
_MASK_NAME = re.compile(
    rf"masks/(?P<image>{_IMAGE})/(?P<actor>{_ACTOR})\.(?P<session>{_ULID}){_COPY}{_CLOUD}\.jsonl"
)
ATLAS, LARGEST_PICTURE = "atlas", 8 << 20  # a lab's own pictures of its classes; bytes of one
PICTURE_ENDINGS = ("png", "jpg", "jpeg", "tif", "tiff")
_PICTURE = rf"{ATLAS}/[A-Za-z0-9][A-Za-z0-9 ._()~-]{{0,70}}\.(?i:{'|'.join(PICTURE_ENDINGS)})"
_FILE_NAMES = re.compile(
    rf"project\.json|images/{_IMAGE}{_COPY}\.json|images/files/{_IMAGE}\.[a-z0-9]{{1,8}}"
    rf"(\.txt)?|images/files/{_IMAGE}-[a-z0-9]{{1,8}}\.hdr"
    rf"|models/{_ULID}/(model\.json|weights\.safetensors|SHA256SUMS)"
    rf"|imports/{_ACTOR}/{_IMAGE}\.[a-z0-9]{{1,8}}"
    rf"|{_PICTURE}"
    rf"|predictions/{_ULID}/{_IMAGE}(~[1-9][0-9]{{0,3}})?\.jsonl"
)


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of journal: ``ctl``, ``label``, ``adj``, or the ``masks`` of one micrograph."""

    kind: str
    image_id: str | None = None


@dataclass(frozen=True, slots=True)
class JournalName:
    """What the name of a journal says; ``copy`` is 0 unless the name ends in ``~k``.

    ``cloud`` is what a file synchroniser added to the name of a second version, or empty.
    """

    actor: str
    session: str
    stream: Stream
    copy: int = 0
    cloud: str = ""

    @property
    def path(self) -> PurePosixPath:
        """The path the session itself wrote to, below the project folder."""
        return journal_path(self.actor, self.session, self.stream)


def actor_slug(actor: str) -> str:
    """Give the folder name of an expert: up to 24 of ``a-z0-9-``, different for different names.

    It is none that Windows keeps for a device, such as ``con``.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", actor.lower()).strip("-")
    if plain == actor and len(plain) <= 24 and not is_device(plain):
        return plain
    digest = hashlib.blake2b(actor.encode(), digest_size=3).hexdigest()
    return f"{plain[:17].strip('-')}-{digest}".lstrip("-")


def journal_path(actor: str, session: str, stream: Stream) -> PurePosixPath:
    """Give the path of a journal below the project folder; ``actor`` is a slug."""
    if stream.kind == MASKS:
        return PurePosixPath(f"masks/{stream.image_id}/{actor}.{session}.jsonl")
    return PurePosixPath(f"log/{actor}/{session}.{stream.kind}.jsonl")


def copy_path(path: Path, copy: int) -> Path:
    """Give the name ``<name>~k`` of a file that could not be written under its own."""
    stem = re.sub(r"~[0-9]+$", "", path.stem)
    return path.with_name(f"{stem}~{copy}{path.suffix}")


def parse_journal(relative: str) -> JournalName | None:
    """Read the name of a journal; None if this is not one."""
    if match := _LOG_NAME.fullmatch(relative):
        stream = Stream(match["kind"])
    elif match := _MASK_NAME.fullmatch(relative):
        stream = Stream(MASKS, match["image"])
    else:
        return None
    return JournalName(
        match["actor"], match["session"], stream, int(match["copy"] or 0), match["cloud"] or ""
    )


def belongs(relative: str) -> bool:
    """Say whether a file of this relative path, with ``/`` between, is part of the layout."""
    return parse_journal(relative) is not None or bool(_FILE_NAMES.fullmatch(relative))


def travels(root: Path, relative: str) -> bool:
    """Say whether a file of a project goes along with copies of it; huge pictures do not."""
    if not belongs(relative):
        return False
    picture = relative.startswith(f"{ATLAS}/")
    return not picture or (root / relative).stat().st_size <= LARGEST_PICTURE


def journals(root: Path, pattern: str = "**/*.jsonl") -> list[tuple[str, JournalName]]:
    """List the journals below ``log`` and ``masks`` of a folder as relative path and name.

    Raises
    ------
    OSError
        If the folder lies on a share that is gone; one that does not exist has no journals.
    """
    found = []
    for top in ("log", "masks"):
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            (root / top).stat()  # newer versions of Python list nothing where this fails
        for path in sorted((root / top).glob(pattern)):
            relative = path.relative_to(root).as_posix()
            if name := parse_journal(relative):
                found.append((relative, name))
    return found
