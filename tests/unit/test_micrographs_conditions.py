"""Magnification, date, instrument, detector and tilt, and the file or tag behind each number."""

import pytest
from vendor_files import HITACHI, described, fei, phenom, tescan, zeiss

from microcrystalnet.domain.micrograph import Acquisition
from microcrystalnet.micrographs.known import badge_lines

JEOL = "$CM_MAG 5000\n$CM_DATE 2026/11/20\n$CM_TIME 10:11:12\n$CM_INSTRUMENT JSM-7500F\n"
JEOL += "$CM_SIGNAL SEI\n$CM_PIXEL_SIZE 12.5nm\n$CM_ACCEL_VOLT 20\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.tif"


def test_a_jeol_sidecar_tells_how_the_micrograph_was_taken(path):
    path.with_suffix(".txt").write_text(JEOL)
    told = Acquisition(5000, "2026/11/20 10:11:12", "JSM-7500F", "SEI")
    assert described(path).acquisition == told


def test_a_hitachi_sidecar_tells_how_the_micrograph_was_taken(path):
    path.with_suffix(".txt").write_text(HITACHI)
    told = Acquisition(5000, "11/20/2026 10:11:12", "S-4800", "SE(M)")
    assert described(path).acquisition == told


@pytest.mark.parametrize(
    ("tag", "content", "told"),
    [
        (34118, zeiss(), ("20 Nov 2026 10:11:12", "MERLIN-61-01", "SE2", 60)),
        (34682, fei(), ("11/20/2026 10:11:12 AM", "Quanta", "ETD", 60)),
        (34683, phenom(), ("2026-11-20T10:11:12", "XL", "BSD", None)),
        (50431, tescan(), ("2026-11-20 10:11:12", "MIRA3", "SE", 60)),
    ],
)
def test_a_tag_tells_how_the_micrograph_was_taken(path, tag, content, told):
    taken = described(path, tag, content).acquisition
    assert taken.magnification == pytest.approx(5000)
    assert (taken.acquired, taken.instrument, taken.detector) == told[:3]
    assert taken.tilt_degrees == (told[3] and pytest.approx(told[3]))


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (34118, zeiss(corrected="On")),
        (34682, fei(EBeam={"TiltCorrectionIsOn": "yes"})),
        (50431, tescan("TiltCorrection=60.0\n")),
    ],
)
def test_a_tilt_that_the_microscope_corrected_is_not_offered_again(path, tag, content):
    told = described(path, tag, content)
    assert (told.acquisition.tilt_degrees, told.acquisition.tilt_allowed) == (None, True)


def test_the_badge_says_that_the_microscope_corrected_the_tilt(path):
    told = described(path, 34118, zeiss(corrected="On"))
    assert badge_lines(told)[-1] == "tilt corrected by the microscope"


@pytest.mark.parametrize(
    ("position", "tilt"),
    [
        ("X=1.2, Y=3.4, R=0.00, Z=10.0, T=30.50", 30.5),
        ("X=1.2 Y=3.4 R=0.00 Z=10.0 T = -5", -5),
        ("1.2 3.4 10.0 30.5 0 0", None),  # whose order nobody confirms
        ("X=1.2, ST=30, T=", None),
    ],
)
def test_a_jeol_sidecar_tells_the_tilt_only_where_it_is_named(path, position, tilt):
    path.with_suffix(".txt").write_text(f"{JEOL}$CM_STAGE_POSITION {position}\n")
    assert described(path).acquisition.tilt_degrees == tilt


def test_every_number_names_the_file_or_tag_it_came_from(path):
    path.with_suffix(".txt").write_text(JEOL)
    origins = described(path, 34118, zeiss()).origins
    assert origins["pixel_size"] == origins["hv_kv"] == "JEOL sidecar (a.txt)"
    assert origins["tilt_degrees"] == origins["wd_mm"] == "Zeiss tag (TIFF tag 34118)"


def test_what_nothing_told_has_no_origin(path):
    micrograph = described(path)
    assert (micrograph.acquisition, micrograph.origins) == (Acquisition(), {})
