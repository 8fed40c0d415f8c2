"""The report says how micrographs were taken, of which sample, and what that sample holds."""

import re

import numpy as np
import pytest
import tifffile
from report_project import SIDECAR, add, empty, labelled, square, vote

from microcrystalnet.domain.label import Answer, Flag
from microcrystalnet.domain.micrograph import Micrograph, Region
from microcrystalnet.domain.sample import Sample, Texture
from microcrystalnet.imaging.noise import SNR_WORDS
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.report.facts import MicrographFacts
from microcrystalnet.report.html import write_report
from microcrystalnet.report.micrographs_section import ratio

TOLD = (
    "$CM_TITLE x\n$CM_INSTRUMENT JSM-7100F\n$CM_ACCEL_VOLT 15.0\n$CM_MAG 9500\n"
    "$CM_SIGNAL SEI\n$CM_DATE 2025/04/03\n"
)


@pytest.fixture
def written(tmp_path):
    def write(store):
        write_report(store, tmp_path / "report.html")
        store.close()
        page = (tmp_path / "report.html").read_text()
        return " ".join(re.sub(r"<[^>]*>|data:[^\"]*", " ", page).split())

    return write


@pytest.fixture
def sampled(tmp_path):
    """Two micrographs of K-12 and one of no sample, with RES, SA and RES."""
    store = empty(tmp_path)
    ids = []
    for at, (name, cls) in enumerate([("a.tif", "RES"), ("b.tif", "SA"), ("c.tif", "RES")]):
        image_id, (crystal,) = add(store, tmp_path, name, [square(30, 30)], offset=at)
        vote(store, crystal, cls, cls)
        ids.append(image_id)
    store.set_samples({each: Sample("K-12", 1204.5, "Well A") for each in ids[:2]})
    store.set_texture(ids[0], Texture.FITTED)
    return store


def test_instrument_detector_magnification_and_date_are_listed(written, tmp_path):
    store = empty(tmp_path)
    add(store, tmp_path, sidecar=SIDECAR + TOLD, masks=[square(30, 30)])
    text = written(store)
    assert "a.tif JSM-7100F SEI 9500× 15 – – 2025/04/03 –" in text  # it is nothing but noise
    assert SNR_WORDS in text
    assert "recorded by instruments of JSM-7100F with the detector SEI was analysed" in text
    assert "The magnification that the instrument wrote was 9500 times." in text


def test_the_signal_to_noise_ratio_of_the_recording_is_listed(written, tmp_path):
    tifffile.imwrite(tmp_path / "ramp.tif", np.tile(np.arange(160, dtype=np.uint8), (120, 1)))
    store = empty(tmp_path)
    store.add_micrograph(tmp_path / "ramp.tif", describe(tmp_path / "ramp.tif"))
    # its variance is 25599 / 12, the noise the 1 / 12 of rounding: 44.1 dB
    assert "ramp.tif – – – – – – – 44.1" in written(store)


def test_the_ratio_is_that_of_the_middle_of_the_analysed_region(tmp_path):
    pixels = np.zeros((1200, 1300), np.uint8)
    region = Region(100, 50, 1200, 1250)  # the middle: rows 138 to 1161, columns 138 to 1161
    pixels[138:1162, 138:1162] = np.arange(1024) % 256
    here = Micrograph("0" * 20, "a.tif", 1200, 1300, "uint8", region)
    found = ratio(MicrographFacts(here, ()), pixels)
    assert found == pytest.approx(10 * np.log10((256**2 - 1) - 1))


def test_samples_depths_localities_and_textures_are_listed(written, sampled):
    text = written(sampled)
    assert "a.tif K-12 1204.5 Well A fitted b.tif K-12 1204.5 Well A – c.tif – – – –" in text
    assert (
        "They show 1 sample (K-12), from a depth of 1204.5 m; the sample of 1 is not named." in text
    )


def test_the_abundance_of_each_class_is_listed_by_sample(written, sampled):
    text = written(sampled)
    expected = "K-12 1204.5 2 2 1 50.0 %, 50.0 % 1 50.0 %, 50.0 % no sample named – 1 1 1 100 %"
    assert expected in text


def test_without_samples_the_report_says_how_to_name_them(written, tmp_path):
    text = written(labelled(tmp_path))
    assert "mcn project add-samples" in text
    assert "Abundance by sample" not in text


def test_a_coefficient_without_a_value_says_why(written, tmp_path):
    assert "Fleiss kappa –: it is defined only where every crystal has the same number" in written(
        labelled(tmp_path)
    )


def test_no_word_of_the_program_stands_in_the_agreement(written, tmp_path):
    store = empty(tmp_path)
    _, (crystal,) = add(store, tmp_path, masks=[square(30, 30)])
    vote(store, crystal, "RES")
    store.become("MK")
    store.label(crystal, Answer(None, frozenset({Flag.NOT_CRYSTAL})))
    text = written(store)
    assert "class agreement not a crystal" in text
    assert "not_crystal" not in text
