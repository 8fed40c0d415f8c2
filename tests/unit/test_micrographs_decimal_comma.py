"""Numbers that a microscope wrote with a decimal comma are read whole, or refused with a reason."""

import pytest
from vendor_files import HITACHI, MAIN, described, fei, phenom, tescan, zeiss

from microcrystalnet.decimals import number
from microcrystalnet.micrographs.units import lengths_um, times

JEOL = "$CM_FULL_SIZE 1024 768\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.tif"


def beside(path, text):
    path.with_suffix(".txt").write_text(text)
    return described(path)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12,8", 12.8),
        ("-54,7", -54.7),
        ("0,125", 0.125),
        ("1,250e-8", 1.25e-8),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234,567", 1234567),
        ("1.234", 1.234),
        ("1,234", None),  # one and a bit, or a thousand
        ("1,2,3", None),
        ("1.2.3", None),
        ("1_000", None),
        ("1e999", None),
        ("nan", None),
    ],
)
def test_a_comma_is_decimal_unless_it_can_part_thousands(written, read):
    assert number(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("1,500", 1500), ("1,50 K X", 1500), ("x10,000", 10_000), ("1,500 K X", None)],
)
def test_a_magnification_has_thousands_and_one_in_thousands_decimals(written, read):
    assert times(written) == read


@pytest.mark.parametrize(
    "written", ["12,8um 9,6um", "12,8um, 9,6um", "12.8 um x 9.6 um", "12.8um/9.6um"]
)
def test_lengths_are_read_one_after_the_other_from_the_start(written):
    assert lengths_um(written) == [12.8, 9.6]


@pytest.mark.parametrize(
    "lines",
    [
        "$CM_FIELD_OF_VIEW 12,8um 9,6um\n",
        "$$SM_MICRON_MARKER 1um\n$$SM_MICRON_BAR 80,0\n",
        "$CM_PIXEL_SIZE 12,5nm\n",
        "$CM_PIXEL_SIZE 12,5nm\n$CM_FIELD_OF_VIEW 12,8 9,6\n",
    ],
)
def test_a_jeol_scale_with_decimal_commas_is_the_true_one(path, lines):
    assert beside(path, JEOL + lines).pixel_size.nm == pytest.approx(12.5)


def test_jeol_conditions_with_decimal_commas_are_the_true_ones(path):
    lines = "$CM_MAG 1,500\n$$SM_WD 8,4\n$CM_ACCEL_VOLT 20,5\n$CM_STAGE_POSITION X=1,2, T=54,7\n"
    told = beside(path, JEOL + lines)
    assert (told.acquisition.magnification, told.wd_mm, told.hv_kv) == (1500, 8.4, 20.5)
    assert told.acquisition.tilt_degrees == 54.7


@pytest.mark.parametrize("text", [HITACHI.replace("12.5", "12,5"), "pixel_size: 0,0125"])
def test_other_sidecars_with_decimal_commas_give_the_true_scale(path, text):
    assert beside(path, text).pixel_size.nm == pytest.approx(12.5)


SCAN = {"PixelWidth": "1,25e-08", "PixelHeight": "1,25e-08"}


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (34118, zeiss("12,5 nm", unnamed="1,25e-8")),
        (34682, fei(Scan=SCAN, Stage={"StageT": "0,5"})),
        (34683, phenom('<pixelWidth unit="nm">12,5</pixelWidth>')),
        (50431, tescan(MAIN.replace("1.25", "1,25"))),
    ],
)
def test_tags_with_decimal_commas_give_the_true_scale(path, tag, content):
    assert described(path, tag, content).pixel_size.nm == pytest.approx(12.5)


@pytest.mark.parametrize(
    "lines", ["$CM_PIXEL_SIZE 1,250pm\n", "$$SM_MICRON_MARKER 1um\n$$SM_MICRON_BAR 105,900\n"]
)
def test_a_comma_that_may_be_either_is_refused_with_its_value(path, lines):
    told = beside(path, JEOL + lines)
    assert not told.calibrated
    assert "whose comma may be decimal or part thousands" in told.scale_note
    assert lines.split()[-1] in told.scale_note
