"""The messages that a client and its child process exchange, and how they become bytes."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass

from microcrystalnet import errors
from microcrystalnet.errors import EngineError, MicroCrystalError
from microcrystalnet.progress import Progress

# Protocol 5 carries numpy arrays without an intermediate copy (PEP 574).
PICKLE_PROTOCOL = 5


@dataclass(frozen=True, slots=True)
class Call:
    """Client to child: run a method; a newer call in the same ``lane`` makes this one stale."""

    request_id: int
    method: str
    arguments: Mapping[str, object]
    lane: str | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Client to child: nobody waits for this answer any more."""

    request_id: int


@dataclass(frozen=True, slots=True)
class Started:
    """Child to client: the work on this request begins."""

    request_id: int


@dataclass(frozen=True, slots=True)
class Progressed:
    """Child to client: how far the work is."""

    request_id: int
    progress: Progress


@dataclass(frozen=True, slots=True)
class Answered:
    """Child to client: the result."""

    request_id: int
    result: object


@dataclass(frozen=True, slots=True)
class Refused:
    """Child to client: the work failed; ``kind`` names a class of `microcrystalnet.errors`.

    The exception itself is not sent: unpickling it could import a framework into the client.
    """

    request_id: int
    kind: str
    text: str


ToChild = Call | Drop
ToClient = Started | Progressed | Answered | Refused


def encode(message: ToChild | ToClient) -> bytes:
    """Turn a message into bytes."""
    return pickle.dumps(message, protocol=PICKLE_PROTOCOL)


def decode(encoded: bytes) -> object:
    """Turn bytes from an authenticated connection back into a message."""
    return pickle.loads(encoded)


def refusal(request_id: int, error: MicroCrystalError) -> Refused:
    """Describe an error by the nearest class that `microcrystalnet.errors` holds."""
    known = (each.__name__ for each in type(error).__mro__ if hasattr(errors, each.__name__))
    return Refused(request_id, next(known), str(error))


def error_of(refused: Refused) -> MicroCrystalError:
    """Give back the error that a child described."""
    kind = getattr(errors, refused.kind, EngineError)
    if not (isinstance(kind, type) and issubclass(kind, MicroCrystalError)):
        kind = EngineError
    return kind(refused.text)
