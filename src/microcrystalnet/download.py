"""Fetches published weights: resumes where it stopped, and names a file only when it is the one.

The bytes grow in a ``.part`` file that a pause, a lost connection or a crash leaves behind; the
next attempt asks the server for the rest (RFC 9110, section 14, range requests).
"""

import hashlib
import re
import shutil
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from microcrystalnet.errors import WeightsError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.published import Published, part_of, weights_folder

CHUNK = 1 << 18
PATIENCE = 30.0  # seconds without a byte


def download(
    published: Published,
    folder: Path | None = None,
    report: Report = ignore_progress,
    patience: float = PATIENCE,
) -> Path:
    """Fetch weights from their publisher, check them, and only then give them their name.

    An exception that ``report`` raises pauses the download; calling again goes on from there.
    ``patience`` is how many seconds the server may be silent.

    Raises
    ------
    WeightsError
        If they cannot be fetched or kept, or are not what the publisher's file was.
    """
    target = (folder or weights_folder()) / published.file_name
    if target.is_file() and _sha256(target, published, report) == published.sha256:
        return target
    part = part_of(published, folder)
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        _complete(published, part, report, patience)
        _verify(published, part, report)
        part.replace(target)
    except OSError as problem:
        raise WeightsError(
            f"The weights {published.name} could not be written to {part.parent} "
            f"({problem.strerror or problem}); make room there and go on, what was fetched stays."
        ) from problem
    return target


def _complete(published: Published, part: Path, report: Report, patience: float) -> None:
    """Let a part grow to its full size."""
    from requests import RequestException

    if _size(part) > published.size:
        part.unlink()
    _check_room(published, part)
    if _size(part) == published.size:
        return
    try:
        _fetch_rest(published, part, report, patience)
    except RequestException as problem:
        host = urlsplit(published.url).hostname
        raise WeightsError(
            f"{published.name} could not be fetched: {_reason(problem)} ({host}). Check the "
            f"connection and go on, what was fetched stays; or fetch {published.url} elsewhere "
            "and pick the file."
        ) from problem
    if _size(part) < published.size:
        raise WeightsError(
            f"{published.url} stopped at {_size(part):,} of {published.size:,} bytes; go on, what "
            "was fetched stays."
        )


def _check_room(published: Published, part: Path) -> None:
    missing, free = published.size - _size(part), shutil.disk_usage(part.parent).free
    if free < missing:
        raise WeightsError(
            f"{published.name} needs {missing / 1e6:.0f} MB more, but only {free / 1e6:.0f} MB are "
            f"free in {part.parent}; make room there and go on."
        )


def _fetch_rest(published: Published, part: Path, report: Report, patience: float) -> None:
    import requests

    done = _size(part)
    # Compressed on the way, a range would not be one of the file's bytes.
    headers = {"Accept-Encoding": "identity"}
    if done:
        headers["Range"] = f"bytes={done}-"
    with requests.get(published.url, headers=headers, stream=True, timeout=patience) as answer:
        if answer.status_code == requests.codes.requested_range_not_satisfiable:
            part.unlink()  # the server's file is another one: begin afresh
            _fetch_rest(published, part, report, patience)
            return
        answer.raise_for_status()
        if done and not _goes_on(answer, done):
            done = 0
        with part.open("ab" if done else "wb") as file:
            _take(answer, file, done, published, report)


def _goes_on(answer: Any, done: int) -> bool:
    """Say whether the server sends the rest; servers that know no ranges send everything."""
    sent = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return answer.status_code == 206 and sent is not None and int(sent[1]) == done


def _take(answer: Any, file: IO[bytes], done: int, published: Published, report: Report) -> None:
    total = published.size
    for chunk in answer.iter_content(CHUNK):
        done += len(chunk)
        if done > total:
            file.truncate(0)
            raise WeightsError(
                f"{published.url} sends more than the {total} bytes that belong to "
                f"{published.name}; nothing was kept, fetch the file elsewhere and pick it."
            )
        file.write(chunk)
        file.flush()  # a pause ends this process: what came so far must lie in the file
        megabytes = f"{done / 1e6:.0f} of {total / 1e6:.0f} MB"
        report(Progress(done, total, f"{published.name}: {megabytes}"))


def _verify(published: Published, part: Path, report: Report) -> None:
    found = _sha256(part, published, report)
    if found != published.sha256:
        part.unlink()
        raise WeightsError(
            f"The download of {published.file_name} is damaged (SHA-256 {found[:12]}... in "
            f"place of {published.sha256[:12]}...); nothing was kept, try again."
        )


def _sha256(path: Path, published: Published, report: Report) -> str:
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            done += len(chunk)
            report(Progress(done, published.size, f"{published.name}: checking every byte"))
    return digest.hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _reason(problem: Exception) -> str:
    """Say in plain words what requests tells with names of its own classes."""
    text = str(problem)
    if "timed out" in text.lower():
        return "the server stopped answering"
    if " for url" in text:
        return text.partition(" for url")[0]
    if "IncompleteRead" in text or "Connection broken" in text:
        return "the connection broke off"
    return "there is no connection"
