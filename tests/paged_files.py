"""TIFF files of several pictures, as microscopes and image programs write them."""

import numpy as np
import tifffile
from vendor_files import FEI, fei

SE, BSE = (np.full((768, 1024), level, np.uint8) for level in (90, 160))
DETECTORS = {"SE": (SE, "1.25e-08"), "BSE": (BSE, "2.5e-08")}


def write_detectors(path, thumbnail=False):
    """Write secondary and backscattered electrons as two pages with tags of their own."""
    with tifffile.TiffWriter(path) as file:
        for name, (pixels, side) in DETECTORS.items():
            scan = {"PixelWidth": side, "PixelHeight": side}
            content = fei(
                **{"Detectors": {"Name": name}, "Scan": scan, "EBeam": {"WD": FEI["EBeam"]["WD"]}}
            )
            tag = (34682, "B", len(content), content, True)
            file.write(pixels, extratags=[tag], metadata=None)
        if thumbnail:
            file.write(SE[::8, ::8], subfiletype=1, metadata=None)
            file.write(SE[::4, ::4], metadata=None)
    return path


def write_ome(path, names=("SE", "BSE"), side=0.02):
    """Write a channel for each name as a page of an OME-TIFF; page n is n grey levels bright."""
    stack = np.stack([np.full((40, 60), n, np.uint8) for n, _ in enumerate(names, 1)])
    about = {"axes": "CYX", "Channel": {"Name": list(names)}, "PhysicalSizeX": side}
    about |= {"PhysicalSizeXUnit": "µm", "PhysicalSizeY": side, "PhysicalSizeYUnit": "µm"}
    tifffile.imwrite(path, stack, ome=True, photometric="minisblack", metadata=about)
    return path
