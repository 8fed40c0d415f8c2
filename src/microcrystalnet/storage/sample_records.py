"""Sample, texture and reading of micrographs as the journals say them: the latest word counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from microcrystalnet.domain.micrograph import Micrograph, Reading
from microcrystalnet.domain.sample import Sample, Texture
from microcrystalnet.storage.reading_records import READING, as_read, reading_from_json
from microcrystalnet.storage.records import Details, number, text

SAMPLE, TEXTURE = "image.sample", "image.texture"
Stamp = tuple[int, str]
NEVER: Stamp = (0, "")


@dataclass(slots=True)
class Origins:
    """The latest sample, texture and reading of each micrograph, whatever the order of events."""

    _samples: dict[str, tuple[Stamp, Sample | None]] = field(default_factory=dict)
    _textures: dict[str, tuple[Stamp, Texture | None]] = field(default_factory=dict)
    _readings: dict[str, tuple[Stamp, Reading | None]] = field(default_factory=dict)

    def apply(self, kind: str, details: Details, image_id: str, stamp: Stamp) -> None:
        """Add one event.

        Raises
        ------
        ValueError, KeyError
            If its details are not what its kind asks for.
        """
        if kind == READING:
            reading = reading_from_json(details)
            if stamp > self._readings.get(image_id, (NEVER,))[0]:
                self._readings[image_id] = (stamp, reading)
            return
        if kind == SAMPLE:
            sample = sample_from_json(details)
            if stamp > self._samples.get(image_id, (NEVER,))[0]:
                self._samples[image_id] = (stamp, sample)
            return
        said = details["texture"]
        texture = None if said is None else Texture(text(said))
        if stamp > self._textures.get(image_id, (NEVER,))[0]:
            self._textures[image_id] = (stamp, texture)

    def read_again(self, record: Micrograph) -> Micrograph:
        """Give a micrograph as its file tells since it was read again, if it was."""
        return as_read(record, self._readings.get(record.image_id, (NEVER, None))[1])

    def told(self, micrograph: Micrograph) -> Micrograph:
        """Give a micrograph with its sample and texture."""
        _, sample = self._samples.get(micrograph.image_id, (NEVER, None))
        _, texture = self._textures.get(micrograph.image_id, (NEVER, None))
        if sample is None and texture is None:
            return micrograph
        return replace(micrograph, sample=sample, texture=texture)


def sample_to_json(image_id: str, sample: Sample | None) -> dict[str, object]:
    """Give the details of ``image.sample``; no name takes the sample away."""
    if sample is None:
        return {"image": image_id, "name": None}
    return {
        "image": image_id,
        "name": sample.name,
        "depth_m": sample.depth_m,
        "locality": sample.locality,
    }


def texture_to_json(image_id: str, texture: Texture | None) -> dict[str, object]:
    """Give the details of ``image.texture``; null takes the tag away."""
    return {"image": image_id, "texture": None if texture is None else texture.value}


def sample_from_json(details: Mapping[str, object]) -> Sample | None:
    """Read the details of ``image.sample``.

    Raises
    ------
    ValueError, KeyError
        If they do not describe a sample.
    """
    if details["name"] is None:
        return None
    depth = details.get("depth_m")
    return Sample(
        text(details["name"]),
        None if depth is None else number(depth),
        text(details.get("locality", "")),
    )
