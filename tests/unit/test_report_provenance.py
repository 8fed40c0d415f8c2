"""Methods, agreement and provenance in the report: facts of the project and nothing else."""

import hashlib
import re

import pytest
from report_project import add, empty, labelled, square, vote, with_model

from microcrystalnet.domain.micrograph import PixelSize, Scale, ScaleSource
from microcrystalnet.report.html import write_report


@pytest.fixture
def written(tmp_path):
    def write(store):
        write_report(store, tmp_path / "report.html")
        store.close()
        page = (tmp_path / "report.html").read_text()
        return " ".join(re.sub(r"<[^>]*>|data:[^\"]*", " ", page).split())

    return write


def test_the_methods_name_scale_outlines_experts_and_verdicts(written, tmp_path):
    text = written(labelled(tmp_path))
    assert "1 scanning electron micrograph recorded by instruments of JEOL was analysed" in text
    assert "Pixels measure 100 nm; the scale is from: JEOL sidecar (1)." in text
    assert "3 crystals were outlined: 3 drawn or corrected by hand." in text
    assert "3 experts (AY, MK and RS) gave 7 labels, 7 of them before seeing" in text
    assert "(2 crystals), or where people decided (0); 1 is disputed" in text


def test_only_micrographs_that_carry_crystals_were_analysed(written, tmp_path):
    store = labelled(tmp_path)
    add(store, tmp_path, "bare.tif", sidecar="", offset=1)
    text = written(store)
    assert "1 scanning electron micrograph recorded by instruments of JEOL was analysed." in text
    assert "1 more of the project holds no crystal that counts." in text
    assert "They lie on 1 of the 2 micrographs." in text
    assert "The scale of 1 is unknown; no size" not in text


def test_the_methods_count_one_as_one(written, tmp_path):
    store = empty(tmp_path)
    add(store, tmp_path, masks=[square(0, 80)])
    text = written(store)
    assert "1 crystal was outlined: 1 drawn" in text
    assert "1 touches the edge of the analysed region and is left out of sizes." in text


def test_the_methods_name_the_agreement_and_why_it_has_no_interval(written, tmp_path):
    text = written(labelled(tmp_path))
    assert "Krippendorff's nominal alpha" in text.replace("&#x27;", "'")
    assert "(no interval: fewer than ten micrographs)" in text


def test_an_unknown_scale_is_part_of_the_methods(written, tmp_path):
    store = empty(tmp_path)
    _, (crystal,) = add(store, tmp_path, masks=[square(30, 30)], sidecar="")
    vote(store, crystal, "RES", "RES")
    text = written(store)
    assert "The scale of 1 is unknown" in text
    assert "Pixels measure" not in text


def test_a_typed_scale_is_named_in_the_methods(written, tmp_path):
    store = empty(tmp_path)
    image_id, _ = add(store, tmp_path, masks=[square(30, 30)], sidecar="")
    store.set_pixel_size(image_id, PixelSize.square(50), ScaleSource.USER)
    assert "the scale is from: typed by hand (1)." in written(store)


def test_a_corrected_tilt_stands_in_methods_and_scales(written, tmp_path):
    store = empty(tmp_path)
    image_id, _ = add(store, tmp_path, masks=[square(30, 30)], sidecar="")
    store.set_scale(image_id, Scale(PixelSize.square(50), ScaleSource.USER).corrected(60))
    text = written(store)
    assert "Heights on 1 micrograph were corrected for 60° of stage tilt" in text
    assert "50 x 100 nm, corrected for 60° of tilt" in text


def test_a_typed_uncertainty_stands_in_methods_and_scales(written, tmp_path):
    store = empty(tmp_path)
    image_id, _ = add(store, tmp_path, masks=[square(30, 30)], sidecar="")
    store.set_scale(image_id, Scale(PixelSize.square(50), ScaleSource.USER, 0.02))
    text = written(store)
    assert "The standard uncertainty of the scale is 2 %." in text
    assert "50 nm ± 2 % typed by hand" in text


def test_what_nobody_did_is_not_described(written, tmp_path):
    store = empty(tmp_path)
    add(store, tmp_path, masks=[square(30, 30)])
    text = written(store)
    assert "The table holds no answer" not in text
    assert "No crystal has been labelled yet" in text
    methods = text[text.index("Methods") : text.index("Scale")]
    assert "expert" not in methods
    assert "classifier" not in methods


def test_the_agreement_has_its_coefficients_and_a_matrix_for_each_pair(written, tmp_path):
    text = written(labelled(tmp_path))
    assert "Krippendorff alpha all" in text
    assert "Cohen kappa AY and MK" in text
    assert "AY (rows) and RS (columns)" in text


def test_every_file_is_named_with_its_hash(written, tmp_path):
    store = labelled(tmp_path)
    digest = hashlib.sha256((tmp_path / "a.tif").read_bytes()).hexdigest()
    assert f"a.tif {digest}" in written(store)


def test_the_history_counts_labels_by_expert(written, tmp_path):
    text = written(labelled(tmp_path))
    assert re.search(r"AY 3 3 0 \d{4}-\d\d-\d\d \d{4}-\d\d-\d\d MK 3 3 0", text)


def test_a_trained_model_brings_its_settings_and_the_digest_of_its_data(written, tmp_path):
    store = labelled(tmp_path)
    with_model(store)
    text = written(store)
    assert "labels and outlines used " + "d" * 64 in text
    assert "learning rate 0.001" in text
    assert "crops: black around the crystal yes" in text
    assert (
        "The classifier (network “paper”, crops of 64 pixels) learnt from 8 crystals, with 2 more "
        "to tell when to stop, split by" in text
    )


def test_the_report_draws_the_whole_settled_crystals(tmp_path):
    store = labelled(tmp_path)
    write_report(store, tmp_path / "report.html")
    store.close()
    page = (tmp_path / "report.html").read_text()
    assert 'alt="Size histograms"' in page
    assert 'alt="Crystal plate at one scale"' in page


def test_without_a_settled_crystal_the_report_says_why_there_are_no_figures(written, tmp_path):
    store = empty(tmp_path)
    add(store, tmp_path, masks=[square(30, 30)])
    assert "No whole crystal has a settled class yet" in written(store)
