"""A vendor's scale that cannot be right is not used, and the note says why."""

import pytest
from vendor_files import HITACHI, MAIN, described, fei, phenom, tescan, zeiss

from microcrystalnet.domain.micrograph import Region, ScaleSource


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.tif"


def refused(micrograph):
    """Give the note of a micrograph that has no scale."""
    assert not micrograph.calibrated
    assert micrograph.scale_source is ScaleSource.UNKNOWN
    return micrograph.scale_note


@pytest.mark.parametrize(("tag", "content"), [(34118, zeiss()), (34682, fei())])
def test_a_resized_file_loses_the_scale_of_its_tag(path, tag, content):
    micrograph = described(path, tag, content, rows=384, columns=512)
    assert "1024 x 768 pixels but the file has 512 x 384" in refused(micrograph)
    assert micrograph.region == Region(0, 0, 384, 512)
    assert micrograph.hv_kv is not None


def test_a_resized_file_loses_the_scale_of_its_hitachi_sidecar(path):
    path.with_suffix(".txt").write_text(HITACHI)
    assert "resized or cropped" in refused(described(path, rows=384, columns=512))


def test_a_zeiss_file_resized_without_a_trace_is_known_by_its_unnamed_number(path):
    micrograph = described(path, 34118, zeiss(stored=""), rows=384, columns=512)
    assert "12.5 or 25 nm" in refused(micrograph)


def test_a_thermo_pixel_that_does_not_fill_the_field_of_view_is_not_believed(path):
    scan = {"PixelWidth": "1.25e-08", "HorFieldsize": "2.56e-05"}
    assert "12.5 nm but its field of view (Scan.HorFieldsize) makes 25 nm" in refused(
        described(path, 34682, fei(Scan=scan))
    )


def test_a_thermo_pixel_that_does_not_fill_the_width_of_its_beam_is_not_believed(path):
    beams = {"Beam": {"HV": "15000", "Beam": "IBeam"}, "IBeam": {"HFW": "3.84e-05"}}
    note = refused(described(path, 34682, fei(**beams)))
    assert "12.5 nm but its field of view (IBeam.HFW) makes 37.5 nm" in note


def test_a_thermo_tag_that_ends_within_the_size_says_nothing_of_a_resized_file(path):
    micrograph = described(path, 34682, fei(Image={"ResolutionX": "1"}))
    assert "resized" not in micrograph.scale_note


def test_a_jeol_picture_that_does_not_fill_its_field_of_view_upwards_is_not_believed(path):
    lines = ("$CM_PIXEL_SIZE 10nm", "$CM_FULL_SIZE 1024 768", "$CM_FIELD_OF_VIEW 10.24um 15.36um")
    path.with_suffix(".txt").write_text("\n".join(lines) + "\n")
    assert "10 or 20 nm" in refused(described(path))


BAR = "$$SM_MICRON_MARKER 1um\n$$SM_MICRON_BAR 100\n$CM_FULL_SIZE 1024 768\n"  # 10 nm


@pytest.mark.parametrize("field", ["20.48 15.36", "10.24 15.36", "0.02048 0.01536", "2e-5"])
def test_a_jeol_field_of_view_without_a_unit_that_fits_the_scale_bar_in_none_is_told(path, field):
    path.with_suffix(".txt").write_text(f"{BAR}$CM_FIELD_OF_VIEW {field}\n")
    assert "without a unit fits its pixel of 10 nm in none" in refused(described(path))


@pytest.mark.parametrize(
    "field", ["10.24 7.68", "10240 7680", "0.0102 0.0077", "0.01 0.01", "1e-5"]
)
def test_a_jeol_field_of_view_that_fits_in_some_unit_leaves_the_scale(path, field):
    path.with_suffix(".txt").write_text(f"{BAR}$CM_FIELD_OF_VIEW {field}\n")
    assert described(path).pixel_size.nm == pytest.approx(10)


def test_a_jeol_pixel_size_without_a_unit_that_fits_the_scale_bar_in_none_is_told(path):
    path.with_suffix(".txt").write_text(f"{BAR}$CM_PIXEL_SIZE 20.0\n")
    assert "a pixel size of “20.0” without a unit" in refused(described(path))


@pytest.mark.parametrize("pixel", ["0 nm", "-12.5 nm", "12.5", "12.5 furlong", "nan nm", "much"])
def test_an_impossible_zeiss_pixel_is_refused(path, pixel):
    note = refused(described(path, 34118, zeiss(pixel)))
    assert f"“{pixel}”" in note


@pytest.mark.parametrize("pixel", ["0", "-1e-08", "nan", "inf", ""])
def test_an_impossible_thermo_pixel_is_refused(path, pixel):
    note = refused(described(path, 34682, fei(Scan={"PixelWidth": pixel})))
    assert "not a length above 0" in note


@pytest.mark.parametrize("pixel", ["0", "-1e-08", "nan", "1e999", ""])
def test_an_impossible_tescan_pixel_is_refused(path, pixel):
    note = refused(described(path, 50431, tescan(MAIN.replace("1.25e-08", pixel))))
    assert "not a length above 0" in note


@pytest.mark.parametrize("unit", ["", "px", "inch"])
def test_a_phenom_pixel_without_a_known_unit_is_refused(path, unit):
    content = phenom(f'<pixelWidth unit="{unit}">12.5</pixelWidth>')
    assert "in a known unit" in refused(described(path, 34683, content))


@pytest.mark.parametrize("pixel", ["0", "-12.5", "many", "12.5 px"])
def test_an_impossible_hitachi_pixel_is_refused(path, pixel):
    path.with_suffix(".txt").write_text(HITACHI.replace("=12.5", f"={pixel}"))
    assert "not a length above 0" in refused(described(path))


@pytest.mark.parametrize("side", ["0", "-2.38", "", "2.38 inch", "unknown"])
def test_an_impossible_pixel_size_line_is_refused(path, side):
    path.with_suffix(".txt").write_text(f"pixel_size: {side}\n")
    assert "not a length above 0" in refused(described(path))


def test_a_declared_size_of_five_thousand_digits_is_no_size(path):
    path.with_suffix(".txt").write_text(HITACHI.replace("1024x768", "9" * 5000 + "x768"))
    assert described(path).vendor == "Hitachi"


def test_two_different_pixel_size_lines_are_not_chosen_from(path):
    path.with_suffix(".txt").write_text("pixel_size: 2.38\npixel_size: 0.2\n")
    assert "2 different pixel sizes" in refused(described(path))


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (34118, zeiss()[:40]),
        (34682, fei(Scan={}, EBeam={})),
        (34683, phenom("")),
        (50431, tescan("Device=MIRA3\n")),
    ],
)
def test_a_tag_without_a_pixel_size_says_so(path, tag, content):
    assert "gives no pixel size" in refused(described(path, tag, content))


def test_a_phenom_tag_that_is_cut_off_says_so(path):
    assert "cut off or damaged" in refused(described(path, 34683, phenom()[:90]))


def test_a_phenom_tag_that_declares_entities_is_refused(path):
    content = b'<!DOCTYPE a [<!ENTITY b "c">]>' + phenom().partition(b"?>")[2]
    assert "cut off or damaged" in refused(described(path, 34683, content))


@pytest.mark.parametrize("length", [0, 3, 6, 20, 60])
def test_a_tescan_tag_that_is_cut_off_opens_without_a_scale(path, length):
    assert refused(described(path, 50431, tescan()[:length] + b"\0\0"))


def test_a_tescan_voltage_that_is_cut_off_is_not_read(path):
    content = tescan()
    cut = content[: content.index(b"HV=20000") + len(b"HV=2")]
    assert described(path, 50431, cut).hv_kv is None


def test_a_pixel_whose_exponent_was_cut_off_is_none(path):
    content = fei()
    cut = content[: content.index(b"PixelWidth=1.25e-08") + len(b"PixelWidth=1.25")]
    assert "gives no pixel size" in refused(described(path, 34682, cut))


def test_a_sidecar_and_a_tag_that_contradict_each_other_are_both_left(path):
    path.with_suffix(".txt").write_text("pixel_size: 2.38")
    note = refused(described(path, 34118, zeiss()))
    assert "The pixel_size sidecar (a.txt) and the Zeiss tag (TIFF tag 34118) contradict" in note


def test_a_sidecar_and_a_tag_that_agree_are_used(path):
    path.with_suffix(".txt").write_text("pixel_size: 0.0125")
    micrograph = described(path, 34118, zeiss())
    assert micrograph.scale_source is ScaleSource.PIXEL_SIZE_SIDECAR
    assert micrograph.vendor == "Zeiss"


def test_a_databar_taller_than_half_the_file_is_not_believed(path):
    content = tescan(MAIN.replace("=64", "=700"))
    assert described(path, 50431, content).region == Region(0, 0, 768, 1024)
