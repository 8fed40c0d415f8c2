"""Writes TIFF files and sidecars in the layout of each maker of microscopes."""

import struct

import numpy as np
import tifffile

from microcrystalnet.micrographs import reader

SHAPE = (768, 1024)  # without a databar


def described(path, tag=None, content=b"", rows=SHAPE[0], columns=SHAPE[1], **options):
    """Write an image, with a vendor's tag unless it is None, and say what is known of it."""
    kind = options.pop("kind", "B")
    tags = [] if tag is None else [(tag, kind, len(content), content, True)]
    tifffile.imwrite(path, np.zeros((rows, columns), np.uint8), extratags=tags, **options)
    return reader.describe(path)


def zeiss(
    pixel="12.5 nm", unnamed="1.25e-8", stored="1024 * 768", encoding="cp1252", corrected="Off"
):
    """Give tag 34118: unnamed numbers, then pairs of lines."""
    lines = ["0", "0", "0", unnamed, "0", "DP_IMAGE_STORE", f"Store resolution = {stored}"]
    lines += ["AP_WD", "WD = 10.1 mm", "AP_ACTUALKV", "EHT = 20.00 kV"]
    lines += ["AP_MAG", "Mag = 5.00 K X", "AP_DATE", "Date :20 Nov 2026"]
    lines += ["AP_TIME", "Time :10:11:12", "DP_DETECTOR_TYPE", "Detector = SE2"]
    lines += ["SV_SERIAL_NUMBER", "Serial No. = MERLIN-61-01"]
    lines += ["AP_STAGE_AT_T", "Stage at T = 60.0 °", "DP_TILT_CORRN", f"Tilt Corrn. = {corrected}"]
    lines += ["AP_IMAGE_PIXEL_SIZE", f"Image Pixel Size = {pixel}", "SV_USER_NAME", "User = AY"]
    return ("\r\n".join(lines) + "\r\n\0").encode(encoding)


FEI = {
    "User": {"Date": "11/20/2026", "Time": "10:11:12 AM"},
    "System": {"SystemType": "Quanta"},
    "Stage": {"StageT": "1.0471975512"},
    "Detectors": {"Name": "ETD"},
    "Beam": {"HV": "15000", "Beam": "EBeam"},
    "EBeam": {"WD": "0.0103", "HFW": "1.28e-05"},
    "Scan": {"PixelWidth": "1.25e-08", "PixelHeight": "1.25e-08", "HorFieldsize": "1.28e-05"},
    "Image": {"ResolutionX": "1024", "ResolutionY": "768", "MagCanvasRealWidth": "0.064"},
    "PrivateFei": {"DatabarHeight": "64"},
}


def fei(**sections):
    """Give tags 34682 and 34680; a section given here replaces the usual one."""
    text = ""
    for name, entries in (FEI | sections).items():
        text += f"[{name}]\r\n" + "".join(f"{key}={entries[key]}\r\n" for key in entries) + "\r\n"
    return text.encode() + b"\0"


def phenom(
    pixel='<pixelWidth unit="nm">12.5</pixelWidth><pixelHeight unit="nm">12.5</pixelHeight>',
):
    """Give tag 34683, XML."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><FeiImage version="10"><instrument>'
        "<type>XL</type></instrument><time>2026-11-20T10:11:12</time><detector>BSD</detector>"
        "<magnification>5000</magnification><databarHeight>64</databarHeight><acquisition><scan>"
        '<highVoltage unit="kV">10</highVoltage></scan></acquisition>'
        f'{pixel}<workingDistance unit="mm">6.2</workingDistance></FeiImage>'
    ).encode()


MAIN = "Device=MIRA3\nDate=2026-11-20\nTime=10:11:12\nMagnification=5000.0\n"
MAIN += "ImageStripSize=64\nPixelSizeX=1.25e-08\nPixelSizeY=1.25e-08\n"
SEM = "HV=20000\nWD=0.00981\nDetector=SE\nStageTilt=60.0\n"


def tescan(main=MAIN, byteorder="<"):
    """Give tag 50431: thumbnail, MAIN, SEM and the last block."""
    chain = b""
    for kind, block in ((1, b"\xff\xd8JPEG"), (2, main.encode()), (3, SEM.encode()), (0, b"")):
        chain += struct.pack(f"{byteorder}IH", len(block) + 2, kind) + block
    return chain


HITACHI = (
    "[SemImageFile]\r\nInstructName=S-4800\r\nImageName=a.tif\r\nDataSize=1024x768\r\n"
    "PixelSize=12.5\r\nAcceleratingVoltage=15000 Volt\r\nWorkingDistance=8100 um\r\n"
    "Magnification=5000\r\nDate=11/20/2026\r\nTime=10:11:12\r\nSignalName=SE(M)\r\n"
)
