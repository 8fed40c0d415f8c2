"""One line of a journal: an event, its text, and the hash that shows damage by accident."""

import hashlib
import json
import time
from collections.abc import Mapping
from operator import itemgetter
from typing import NamedTuple

from ulid import ULID

VERSION = 1  # of the events that this program understands
MAX_LINE_BYTES = 8 * 1024 * 1024
LONGEST_DETAILS = MAX_LINE_BYTES // 4  # characters of up to 4 bytes; the rest is for the frame
FIRST = "0" * 16  # the previous hash of a first line
_TAIL_BYTES = 24  # of ,"h":"0123456789abcdef"}
_FIELDS = itemgetter("n", "p", "id", "lc", "ts", "v", "t", "d")
_TYPES = (int, str, str, int, int, int, str, dict)


class DamagedLineError(ValueError):
    """A journal line that is not what was written; it is skipped and listed, never repaired."""


class Event(NamedTuple):
    """Something an expert did. A tuple, because a project holds hundreds of thousands.

    ``lc`` is the Lamport counter that orders events, ties broken by ``id``; ``ts`` is the clock in
    milliseconds, only shown. ``d`` are the details of kind ``t``; ``v`` the version of both.
    """

    id: str
    lc: int
    ts: int
    v: int
    t: str
    d: Mapping[str, object]


class Line(NamedTuple):
    """A line read back: its number in the file, the previous hash it names, its own, the event."""

    n: int
    p: str
    h: str
    event: Event


def new_event(kind: str, lc: int, details: Mapping[str, object], event_id: str = "") -> Event:
    """Make an event that happens now; its id is new unless one is given."""
    return Event(event_id or str(ULID()), lc, time.time_ns() // 1_000_000, VERSION, kind, details)


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=8).hexdigest()


def details_text(details: Mapping[str, object]) -> str:
    """Give the details of an event as one line of JSON.

    Raises
    ------
    ValueError, TypeError
        If they hold something JSON cannot say, such as NaN.
    """
    return json.dumps(details, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def encode(n: int, previous: str, event: Event, details: str) -> tuple[bytes, str]:
    """Give the line of an event, with its LF, and its hash; ``details`` is their text."""
    body = (
        f'{{"n":{n},"p":"{previous}","id":"{event.id}","lc":{event.lc},"ts":{event.ts},'
        f'"v":{event.v},"t":"{event.t}","d":{details}'
    ).encode(errors="backslashreplace")  # lone surrogates, as JSON escapes them
    digest = _digest(body)
    return body + b',"h":"' + digest.encode() + b'"}\n', digest


def _refuse(constant: str) -> object:
    raise DamagedLineError(f"{constant} is not a number")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def decode(line: bytes) -> Line:
    """Read one line, given without its LF.

    Raises
    ------
    DamagedLineError
        If it is too long, its hash does not fit, or it is not an event.
    """
    if len(line) > MAX_LINE_BYTES:
        raise DamagedLineError("the line is longer than 8 MiB")
    body, digest = line[:-_TAIL_BYTES], line[-18:-2].decode("latin-1")
    if digest != _digest(body) or line != b"".join((body, b',"h":"', line[-18:-2], b'"}')):
        raise DamagedLineError("the hash does not fit the text")
    try:
        text = body.decode() + "}"
        fields, end = _DECODER.raw_decode(text)
        if end != len(text):
            raise DamagedLineError("the text is not an event")
        return _line(fields, digest)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedLineError("the text is not an event") from error


def _line(fields: Mapping[str, object], digest: str) -> Line:
    values = _FIELDS(fields)
    if tuple(map(type, values)) != _TYPES:
        raise DamagedLineError("the text is not an event")
    n, p, *event = values
    return Line(n, p, digest, Event(*event))
