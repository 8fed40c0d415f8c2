"""The report holds everything in one file, says what is known, and nothing more."""

import re

import pytest
from report_project import add, empty, labelled, retire, square, vote, with_model
from window_material import add_model

from microcrystalnet.domain.decision import Outcome, Ruling
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.micrograph import PixelSize, Region, Scale, ScaleSource
from microcrystalnet.report.files import OutputError
from microcrystalnet.report.html import write_report
from microcrystalnet.report.markup import Markup, page, table
from microcrystalnet.statistics.collect import ClassFrom, collect


@pytest.fixture
def written(tmp_path):
    def write(store):
        write_report(store, tmp_path / "report.html")
        store.close()
        return (tmp_path / "report.html").read_text()

    return write


def words(page):
    return " ".join(re.sub(r"<[^>]*>|data:[^\"]*", " ", page).split())


def test_an_empty_project_has_a_report_too(written, tmp_path):
    text = words(written(empty(tmp_path)))
    assert "0 micrographs" in text
    assert "The project has no micrograph yet." in text
    assert "No model has been trained yet." in text


def test_who_still_labels_some_micrographs_blind_says_so_in_the_report(written, tmp_path):
    store = labelled(tmp_path)
    first, (second, _) = (
        next(iter(store.state.micrographs)),
        add(store, tmp_path, "b.tif", offset=1),
    )
    store.rounds.open([first, second], [store.actor, "BK"])
    store.rounds.seal(first)
    text = words(written(store))
    assert f"Written as {store.actor}, who still labels 1 of the micrographs blind" in text


def test_the_file_refers_to_nothing_outside_itself(written, tmp_path):
    store = labelled(tmp_path)
    with_model(store)
    page = written(store)
    links = re.findall(r"(?:src|href)=\"([^\"]{5})", page) + re.findall(r"url\((.{5})", page)
    assert set(links) == {"data:"}
    assert "<script" not in page


def test_crystals_are_counted_by_class_and_state(written, tmp_path):
    text = words(written(labelled(tmp_path)))
    assert "1 micrograph 3 crystals 3 experts 2 settled 1 disputed" in text
    assert "2 of the 3 crystals that two or more experts labelled are unanimous (67 %)." in text
    assert "RES Rhombic euhedral-subhedral 1 1" in text


def test_a_retired_class_has_its_row_and_its_colour(written, tmp_path):
    store = labelled(tmp_path)
    retire(store, "SA")
    page = written(store)
    assert "SA Spherical anhedral 1 1 no single class 1 1 all 2 1 3" in words(page)
    assert page.count("SA Spherical anhedral") == 2
    assert "AA (Amorphous anhedral), SA (Spherical anhedral)." in words(page)


def test_the_source_of_the_scale_is_named(written, tmp_path):
    assert "a.tif 160 × 120 100 nm JEOL sidecar" in words(written(labelled(tmp_path)))


def test_a_correction_for_tilt_stands_beside_the_scale_and_in_the_methods(written, tmp_path):
    store = labelled(tmp_path)
    (image_id,) = store.state.micrographs
    tilted = PixelSize.square(25).tilted(45)
    store.set_scale(image_id, Scale(tilted, ScaleSource.FEI, tilt_corrected=45.0))
    text = words(written(store))
    assert "25 x 35.36 nm, corrected for 45° of tilt FEI/Thermo tag" in text


def test_an_unknown_scale_is_shown_as_such(written, tmp_path):
    store = empty(tmp_path)
    add(store, tmp_path, sidecar="")
    assert '<span class="warn">unknown</span>' in written(store)


def test_a_printed_page_cuts_long_tables_only():
    short, long = table(["a"], [[1]] * 16), table(["a"], [[1]] * 17)
    assert ('class="scroll short"' in short, 'class="scroll short"' in long) == (True, False)
    assert ".short { break-inside: avoid; }" in page("t", Markup("")).decode()


def test_a_typed_scale_is_named_as_typed(written, tmp_path):
    store = empty(tmp_path)
    image_id, _ = add(store, tmp_path, sidecar="")
    store.set_pixel_size(image_id, PixelSize.square(50), ScaleSource.USER)
    assert "50 nm typed by hand" in words(written(store))


def test_sizes_are_in_micrometres_and_leave_out_crystals_at_the_edge(written, tmp_path):
    text = words(written(labelled(tmp_path)))
    assert "RES SA all crystals (n) 1 1 3 whole crystals 1 0 2 micrographs 1 1 1" in text
    assert "number % 50.0 50.0 100" in text
    assert "median, D50 (µm) 2.26 – 2.82" in text


def test_crystals_beyond_the_analysed_part_are_in_no_statistic(written, tmp_path):
    store = labelled(tmp_path)
    (image_id,) = store.state.micrographs
    store.set_region(image_id, Region(30, 30, 60, 60))
    text = words(written(store))
    assert "RES all crystals (n) 1 1 whole crystals 0 0" in text
    assert "1 micrograph 1 crystal 3 experts 1 settled 0 disputed" in text
    assert "not counted: 2 whose centre lies outside the analysed region." in text
    assert "The centres of 2 lie outside the analysed region; they are in no number." in text
    assert "1 touches the edge of the analysed region" in text


def test_the_uncertainty_of_a_measured_scale_is_told(written, tmp_path):
    store = labelled(tmp_path)
    (image_id,) = store.state.micrographs
    store.set_scale(image_id, Scale(PixelSize.square(50), ScaleSource.SCALE_BAR, 0.004))
    assert "50 nm ± 0.4 % measured on the scale bar" in words(written(store))


def test_without_any_scale_sizes_are_in_pixels(written, tmp_path):
    store = empty(tmp_path)
    _, (crystal_id,) = add(store, tmp_path, masks=[square(30, 30)], sidecar="")
    vote(store, crystal_id, "RES", "RES")
    assert "median, D50 (px)" in words(written(store))


def test_micrographs_without_a_scale_are_left_out_of_micrometres_by_name(written, tmp_path):
    store = labelled(tmp_path)
    _, (crystal_id,) = add(store, tmp_path, "b.tif", [square(30, 30)], sidecar="", offset=1)
    vote(store, crystal_id, "RES", "RES")
    text = words(written(store))
    assert "Left out, as their scale is unknown: b.tif." in text
    assert "RES SA all crystals (n) 1 1 3" in text


def test_the_newest_model_is_shown_with_its_metrics(written, tmp_path):
    store = labelled(tmp_path)
    with_model(store)
    page = written(store)
    assert "0.0 % accuracy" in words(page)
    assert "judged on 2 it never saw" in words(page)
    assert 'alt="Confusion matrix"' in page
    assert "Sizes by the predicted classes" in page
    assert "A remark &lt;b&gt;." in page


def test_a_label_that_changed_since_a_model_was_judged_is_told(written, tmp_path):
    store = labelled(tmp_path)
    (image_id,) = store.state.micrographs
    first, second, _ = store.state.crystals(image_id)
    add_model(store, [(image_id, first, "RES", "RES"), (image_id, second, "SA", "RES")])
    store.become("AY")
    store.label(second, Answer("PES"))
    said = "1 of these 2 labels has changed since the model was judged"
    assert said in words(written(store))


def test_what_a_model_said_of_a_former_outline_counts_no_more(written, tmp_path):
    store = labelled(tmp_path)
    model_id = with_model(store, outline="0123456789abcdef")
    rows = [row for some in collect(store, ClassFrom.CLASSIFIER, model_id) for row in some]
    assert [row.cls for row in rows] == [None, None, None]
    assert "Sizes by the predicted classes" not in written(store)


def test_a_damaged_model_is_said_to_be_so(written, tmp_path):
    store = labelled(tmp_path)
    model_id = with_model(store)
    (store.model_folder(model_id) / "model.json").write_text("{")
    assert "model.json was changed or damaged" in words(written(store))


def test_names_are_text_and_never_markup(written, tmp_path):
    store = empty(tmp_path)
    add(store, tmp_path, "<img src=x>&.tif")
    page = written(store)
    assert "&lt;img src=x&gt;&amp;.tif" in page
    assert "<img src=x>" not in page


def test_a_micrograph_whose_file_is_gone_is_said_to_be_so(written, tmp_path):
    store = labelled(tmp_path)
    (image_id,) = store.state.micrographs
    store.image_path(image_id).unlink()
    text = words(written(store))
    assert "There is no file" in text
    assert "3 crystals" in text


def test_a_report_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    (tmp_path / "report.html").mkdir()
    store = empty(tmp_path)
    with pytest.raises(OutputError, match="is a folder; choose another name"):
        write_report(store, tmp_path / "report.html")
    store.close()
    assert not list(tmp_path.glob(".*"))


def test_decisions_are_listed_with_who_made_them(written, tmp_path):
    store = labelled(tmp_path)
    votes = store.votes()
    disputed = next(
        crystal_id
        for crystal_id, labels in votes.items()
        if len({label.answer.cls for label in labels.values()}) > 1
    )
    people = [store.actor, next(each for each in store.experts() if each != store.actor)]
    store.adjudication.decide(disputed, Ruling(Outcome.EXCLUDE), people, "a shadow")
    text = words(written(store))
    assert "1 decided by discussion; 0 objected to" in text
    assert f"exclude {', '.join(people)}" in text
    assert "a shadow" in text
    assert "whole crystals 1 0 1" in text
    assert "2 crystals 3 experts 2 settled 0 disputed" in text
    assert "not counted: 1 that people took for no crystal." in text
    assert "Left out, as people took them for no crystals: 1." in text


def test_one_person_who_takes_an_outline_for_no_crystal_leaves_it_out_too(written, tmp_path):
    store = empty(tmp_path)
    _, crystals = add(store, tmp_path, masks=[square(30, 30), square(60, 60)])
    for crystal_id in crystals:
        store.label(crystal_id, Answer("RES"))
    store.votes()
    store.adjudication.decide(crystals[1], Ruling(Outcome.EXCLUDE), [store.actor], "dust")
    store.adjudication.decide(crystals[0], Ruling(Outcome.CLASS, "RES"), [store.actor], "mine")
    assert "RES all crystals (n) 1 1" in words(written(store))


def test_a_report_without_decisions_says_so(written, tmp_path):
    assert "Nothing has been decided by discussion." in words(written(labelled(tmp_path)))
