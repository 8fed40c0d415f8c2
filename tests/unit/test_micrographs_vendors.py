"""The scale, voltage, working distance and databar that each maker of microscopes writes."""

import pytest
from vendor_files import HITACHI, MAIN, SEM, described, fei, phenom, tescan, zeiss

from microcrystalnet.domain.micrograph import PixelSize, Region, ScaleSource

PICTURE = Region(0, 0, 768, 1024)  # in a file of 768 rows, or of 832 with a databar


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.tif"


def conditions(micrograph):
    return micrograph.vendor, micrograph.hv_kv, micrograph.wd_mm


def sides(micrograph):
    return micrograph.pixel_size.row_um, micrograph.pixel_size.col_um


def test_a_zeiss_file_gives_its_scale_and_conditions(path):
    micrograph = described(path, 34118, zeiss())
    assert sides(micrograph) == pytest.approx((0.0125, 0.0125))
    assert conditions(micrograph) == ("Zeiss", 20.0, 10.1)
    assert (micrograph.scale_source, micrograph.scale_note) == (ScaleSource.ZEISS, "")
    assert micrograph.region == PICTURE


@pytest.mark.parametrize("pixel", ["0.0125 µm", "12.5 nm", "12500 pm"])
def test_a_zeiss_pixel_is_read_in_its_own_unit(path, pixel):
    assert sides(described(path, 34118, zeiss(pixel))) == pytest.approx((0.0125, 0.0125))


def test_a_zeiss_file_twice_as_wide_has_pixels_half_as_wide(path):
    content = zeiss("6.25 nm", stored="2048 * 1536")
    micrograph = described(path, 34118, content, rows=1536, columns=2048)
    assert sides(micrograph) == pytest.approx((0.00625, 0.00625))


@pytest.mark.parametrize("tag", [34680, 34682])
def test_a_thermo_file_gives_its_scale_conditions_and_databar(path, tag):
    micrograph = described(path, tag, fei(), rows=832)
    assert sides(micrograph) == pytest.approx((0.0125, 0.0125))
    assert conditions(micrograph) == ("FEI/Thermo", 15.0, pytest.approx(10.3))
    assert (micrograph.scale_source, micrograph.scale_note) == (ScaleSource.FEI, "")
    assert micrograph.region == PICTURE


def test_a_thermo_file_saved_without_its_databar_is_analysed_whole(path):
    assert described(path, 34682, fei()).region == PICTURE


@pytest.mark.parametrize(
    "scan", [{"EScan": {"PixelWidth": "1.25e-08"}}, {"EBeam": {"HFW": "1.28e-05"}}]
)
def test_a_thermo_scale_is_found_under_its_older_names(path, scan):
    micrograph = described(path, 34682, fei(Scan={}, **scan), rows=832)
    assert sides(micrograph) == pytest.approx((0.0125, 0.0125))


def test_pixels_that_are_not_square_stay_so(path):
    scan = {"PixelWidth": "1.25e-08", "PixelHeight": "2.5e-08"}
    assert sides(described(path, 34682, fei(Scan=scan))) == pytest.approx((0.025, 0.0125))


@pytest.mark.parametrize("kind", ["B", "s", 7])
def test_a_phenom_file_gives_its_scale_conditions_and_databar(path, kind):
    micrograph = described(path, 34683, phenom(), rows=832, kind=kind)
    assert sides(micrograph) == pytest.approx((0.0125, 0.0125))
    assert conditions(micrograph) == ("Phenom", 10.0, pytest.approx(6.2))
    assert (micrograph.scale_source, micrograph.region) == (ScaleSource.PHENOM, PICTURE)


@pytest.mark.parametrize("kind", ["B", 6, 7])
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_a_tescan_tag_gives_its_scale_conditions_and_databar(path, byteorder, kind):
    content = tescan(byteorder=byteorder)
    micrograph = described(path, 50431, content, rows=832, byteorder=byteorder, kind=kind)
    assert sides(micrograph) == pytest.approx((0.0125, 0.0125))
    assert conditions(micrograph) == ("TESCAN", 20.0, pytest.approx(9.81))
    assert (micrograph.scale_source, micrograph.region) == (ScaleSource.TESCAN, PICTURE)


@pytest.mark.parametrize("name", ["a-tif.hdr", "a-TIF.HDR"])
def test_a_tescan_header_file_is_as_good_as_the_tag(path, name):
    path.with_name(name).write_text(f"[MAIN]\n{MAIN}[SEM]\n{SEM}")
    micrograph = described(path, rows=832)
    assert sides(micrograph) == pytest.approx((0.0125, 0.0125))
    assert conditions(micrograph) == ("TESCAN", 20.0, pytest.approx(9.81))
    assert (micrograph.scale_source, micrograph.region) == (ScaleSource.TESCAN_HEADER, PICTURE)


def test_a_header_file_of_another_program_is_passed_over(path):
    path.with_name("a-tif.hdr").write_text("ENVI\nsamples = 1024\n")
    assert described(path).vendor is None


@pytest.mark.parametrize("encoding", ["ascii", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_hitachi_sidecar_gives_its_scale_conditions_and_databar(path, encoding):
    path.with_suffix(".txt").write_bytes(HITACHI.encode(encoding))
    micrograph = described(path, rows=832)
    assert sides(micrograph) == pytest.approx((0.0125, 0.0125))
    assert conditions(micrograph) == ("Hitachi", 15.0, pytest.approx(8.1))
    assert (micrograph.scale_source, micrograph.region) == (ScaleSource.HITACHI_SIDECAR, PICTURE)


@pytest.mark.parametrize("line", ["pixel_size: 2.38", "Pixel\npixel_size:2.38 um/px\r\n"])
def test_a_pixel_size_line_is_in_micrometres(path, line):
    path.with_suffix(".txt").write_text(line)
    micrograph = described(path)
    assert micrograph.pixel_size == PixelSize(2.38, 2.38)
    assert micrograph.scale_source is ScaleSource.PIXEL_SIZE_SIDECAR
