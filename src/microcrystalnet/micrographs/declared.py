"""The size that a microscope declares for its picture, against that of the file."""

from dataclasses import dataclass

from microcrystalnet.domain.micrograph import Region

_TALLEST_BAR = 0.25  # of the picture's height, where the source does not give the bar's


@dataclass(frozen=True, slots=True)
class Declared:
    """Rows and columns of the picture without its databar, and rows of the databar, if told."""

    height: int | None = None
    width: int | None = None
    databar: int | None = None

    def resized(self, source: str, height: int, width: int) -> str:
        """Explain why a scale does not hold for a file of this size, or give an empty text."""
        wide = self.width is None or self.width == width
        tall = self.height is None or self._fits(self.height, height)
        if wide and tall:
            return ""
        told = " x ".join(str(side or "?") for side in (self.width, self.height))
        return (
            f"The {source} describes {told} pixels but the file has {width} x {height}; "
            "it was resized or cropped, so the scale does not hold. "
            "Measure the scale bar in the picture, or type the pixel size."
        )

    def _fits(self, declared: int, actual: int) -> bool:
        """Say whether the rows below the declared ones are as many as a databar has."""
        if self.databar is not None:
            return actual in {declared, declared + self.databar}
        return declared <= actual <= declared * (1 + _TALLEST_BAR)

    def region(self, height: int, width: int) -> Region | None:
        """Give the picture without its databar in a file of this size, or None where unknown."""
        if self.height is not None and self.height <= height:
            return Region(0, 0, self.height, width)
        if self.databar is not None and 0 <= self.databar < height / 2:
            return Region(0, 0, height - self.databar, width)
        return None
