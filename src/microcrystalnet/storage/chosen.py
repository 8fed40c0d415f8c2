"""What experts chose for a micrograph, over what its file says."""

from dataclasses import replace

from microcrystalnet.domain.micrograph import Micrograph, Scale, ScaleSource
from microcrystalnet.storage.fold import Fold


def as_chosen(record: Micrograph, fold: Fold) -> Micrograph:
    """Give a micrograph as its file told last, with the scale and the region chosen last."""
    record = fold.origins.read_again(record)
    if found := fold.scales.get(record.image_id):
        record = _scaled(record, found[1])
    chosen = fold.regions.get(record.image_id)
    if chosen is None:
        return record
    origins = {**record.origins, "databar": "chosen by hand"}
    return replace(record, region=chosen[1], origins=origins)


def _scaled(record: Micrograph, scale: Scale) -> Micrograph:
    origins = dict(record.origins)
    if scale.source != record.scale_source:
        origins["pixel_size"] = scale.source.value
    if scale.tilt_corrected not in {None, record.acquisition.tilt_degrees}:
        origins["tilt_degrees"] = ScaleSource.USER.value
    return replace(
        record,
        pixel_size=scale.pixel_size,
        scale_source=scale.source,
        scale_uncertainty=scale.uncertainty,
        tilt_corrected=scale.tilt_corrected,
        origins=origins,
    )
