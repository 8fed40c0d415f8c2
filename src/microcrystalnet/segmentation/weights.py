"""Published SAM weights: where they come from, how big they are, and whether a file is the one."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from microcrystalnet.errors import WeightsError
from microcrystalnet.progress import Progress, Report, ignore_progress

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Published:
    """One weights file of a publisher."""

    name: str
    url: str
    size: int
    sha256: str
    licence: str = "Apache-2.0"

    @property
    def file_name(self) -> str:
        """Last part of the address."""
        return self.url.rpartition("/")[2]


_META = "https://dl.fbaipublicfiles.com/segment_anything/"
PUBLISHED = {
    each.name: each
    for each in (
        Published(
            "vit_b",
            f"{_META}sam_vit_b_01ec64.pth",
            375_042_383,
            "ec2df62732614e57411cdcf32a23ffdf28910380d03139ee0f4fcbe91eb8c912",
        ),
        Published(
            "vit_l",
            f"{_META}sam_vit_l_0b3195.pth",
            1_249_524_607,
            "3adcc4315b642a4d2101128f611684e8734c41232a17c648ed1693702a49a622",
        ),
        Published(
            "vit_h",
            f"{_META}sam_vit_h_4b8939.pth",
            2_564_550_879,
            "a7bf3b02f3ebf1267aba913ff637d9a2d5c33d3173bb679e46d9f338c26f262e",
        ),
    )
}


def weights_folder() -> Path:
    """Say where downloaded weights are kept."""
    return platformdirs.user_data_path("napari-mcn", appauthor=False) / "weights"


def downloaded(name: str, folder: Path | None = None) -> Path:
    """Give the file of published weights that were downloaded before.

    Raises
    ------
    WeightsError
        If they were not.
    """
    published = PUBLISHED[name]
    path = (folder or weights_folder()) / published.file_name
    if not path.is_file():
        raise WeightsError(
            f"The weights {name} are not on this computer; download them "
            f"({published.size / 1e6:.0f} MB, {published.licence}) from {published.url} and pick "
            f"the file, or put it into {path.parent}."
        )
    return path


def download(
    published: Published, folder: Path | None = None, report: Report = ignore_progress
) -> Path:
    """Fetch weights from their publisher, check them, and only then give them their name.

    Raises
    ------
    WeightsError
        If they cannot be fetched, or are not what the publisher's file was.
    """
    target = (folder or weights_folder()) / published.file_name
    if target.is_file() and _sha256(target) == published.sha256:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        _fetch(published, part, report)
        found = _sha256(part)
        if found != published.sha256:
            raise WeightsError(
                f"The download of {published.file_name} is damaged (SHA-256 {found[:12]}... in "
                f"place of {published.sha256[:12]}...); nothing was kept, try again."
            )
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


class _Bar:
    """What pooch draws its progress on."""

    def __init__(self, published: Published, report: Report) -> None:
        self.total, self._size = 0, published.size  # pooch sets what the server announces
        self._published, self._report, self._done = published, report, 0

    def update(self, count: int) -> None:
        self._done += count
        if self._done > self._size + CHUNK:
            raise WeightsError(
                f"{self._published.url} sends more than the {self._size} bytes that belong to "
                f"{self._published.name}; nothing was kept, fetch the file elsewhere and pick it."
            )
        megabytes = f"{self._done / 1e6:.0f} of {self._size / 1e6:.0f} MB"
        self._report(Progress(self._done, self._size, f"{self._published.name}: {megabytes}"))

    def reset(self) -> None:
        self._done = 0

    def close(self) -> None:
        pass


def _fetch(published: Published, part: Path, report: Report) -> None:
    from pooch import HTTPDownloader
    from requests import RequestException

    fetch = HTTPDownloader(progressbar=_Bar(published, report), chunk_size=CHUNK, timeout=30)
    try:
        fetch(published.url, str(part), None)
    except (RequestException, OSError) as problem:
        raise WeightsError(
            f"The weights {published.name} could not be fetched from {published.url} "
            f"({problem}); check the connection, or fetch the file elsewhere and pick it."
        ) from problem


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
