"""The pages of a TIFF file: which are pictures, which thumbnails, and what is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from tifffile import TiffFile, TiffPage

from microcrystalnet.micrographs import ome, vendor_tags
from microcrystalnet.micrographs.units import said

_SIZES = (
    *("imagewidth", "imagelength", "imagedepth", "bitspersample", "samplesperpixel"),
    *("compression", "photometric", "planarconfig", "tilewidth", "tilelength", "rowsperstrip"),
)
_PAGE_NAME = 285  # TIFF 6.0, PageName
_LONGEST = 60  # characters of a description that still read like a name
_MOST_NAMED = 8  # pages that a sentence lists


@dataclass(frozen=True, slots=True)
class PageSummary:
    """One page of an image file, counted from 1; ``name`` is empty where no tag tells of it.

    A ``thumbnail`` is smaller than the first picture, or says that it is a reduced copy or a mask.
    """

    number: int
    height: int
    width: int
    dtype: str
    name: str = ""
    detector: str | None = None
    thumbnail: bool = False

    @property
    def title(self) -> str:
        """What to call the page in a sentence or a list."""
        return f"page {self.number}" + (f" ({self.name})" if self.name else "")


def count_pages(tif: TiffFile) -> int:
    """Count the pages of a file; ImageJ describes more than it writes where they lie in a row."""
    return len(tif.pages) if len(tif.pages) > 1 else _described(tif)


def page_at(tif: TiffFile, number: int) -> TiffPage:
    """Give a page, counted from 1; of pages that ImageJ only describes, the first is meant."""
    found = tif.pages[min(number, len(tif.pages)) - 1]
    return check_numbers(found) if isinstance(found, TiffPage) else tif.pages.first


def check_numbers(page: TiffPage) -> TiffPage:
    """Refuse a page of which a size is text or several numbers: times another it fills the memory.

    Raises
    ------
    ValueError
        If the page is damaged so.
    """
    for name in _SIZES:
        if not isinstance(value := getattr(page, name), int):
            raise ValueError(f"{name} is {str(value)[:20]} and not a number")
    return page


def picture_numbers(tif: TiffFile) -> list[int]:
    """Give the numbers, counted from 1, of the pages that are neither thumbnail nor mask."""
    pages = [page_at(tif, number) for number in range(1, len(tif.pages) + 1)]
    whole = [number for number, page in enumerate(pages, 1) if not _is_extra(page)] or [1]
    least = _area(pages[whole[0] - 1])
    found = [number for number in whole if _area(pages[number - 1]) >= least]
    return found if len(tif.pages) > 1 else list(range(1, count_pages(tif) + 1))


def summarise(tif: TiffFile) -> list[PageSummary]:
    """Say what is known of every page, without decoding one."""
    pictures = set(picture_numbers(tif))
    return [
        _summary(tif, number, number not in pictures) for number in range(1, count_pages(tif) + 1)
    ]


def listed(pages: Sequence[PageSummary]) -> str:
    """List pages in a sentence, at most eight of them."""
    named = ", ".join(each.title for each in pages[:_MOST_NAMED])
    rest = len(pages) - _MOST_NAMED
    return named if rest <= 0 else f"{named} and {rest} more"


def _summary(tif: TiffFile, number: int, thumbnail: bool) -> PageSummary:
    page = page_at(tif, number)
    own = vendor_tags.read(tif, page) if number <= len(tif.pages) else ()
    detectors = [each.acquisition.detector for each in own if each.acquisition.detector]
    detector = next(iter(detectors), None)
    return PageSummary(
        number,
        page.imagelength,
        page.imagewidth,
        str(page.dtype),
        _name(tif, page, number) or detector or "",
        detector,
        thumbnail,
    )


def _name(tif: TiffFile, page: TiffPage, number: int) -> str:
    """Give what the tags of OME, ImageJ, TIFF or a plain description call a page."""
    first = tif.pages.first
    if ome.is_ome(first):
        return ome.plane_name(first.description, number - 1)
    if first.is_imagej:
        labels = (tif.imagej_metadata or {}).get("Labels") or ()
        return said(labels[number - 1]) or "" if number <= len(labels) else ""
    tag = page.tags.get(_PAGE_NAME)
    if tag is not None and (name := said(tag.value)):
        return name
    text = said(page.description) or ""
    return text if len(text) <= _LONGEST and text[:1] not in {"<", "{"} else ""


def _described(tif: TiffFile) -> int:
    """Count the pictures that ImageJ describes, but not more than begin inside the file."""
    first = tif.pages.first
    if not first.is_imagej:
        return 1
    told = int((tif.imagej_metadata or {}).get("images", 1))
    room = tif.filehandle.size - first.dataoffsets[0]
    return min(told, max(1, int(-(-room // max(1, picture_bytes(first))))))


def picture_bytes(page: TiffPage) -> int:
    """Count the bytes of a page's picture where it is not compressed."""
    bits = page.imagewidth * page.samplesperpixel * page.bitspersample
    return int(page.imagelength * -(-bits // 8))


def _is_extra(page: TiffPage) -> bool:
    return bool(page.is_reduced or page.is_mask)


def _area(page: TiffPage) -> int:
    return int(page.imagelength * page.imagewidth)
