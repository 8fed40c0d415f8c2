"""Figures for a paper: what the tables behind them say, and the files that are written."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from measured_rows import micrograph, row
from report_project import add, empty, labelled, square
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.domain.micrograph import PixelSize
from microcrystalnet.domain.sample import Sample
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.report import class_figures, crystal_figures, size_figures
from microcrystalnet.report.figure_registry import MEASURED
from microcrystalnet.report.files import OutputError
from microcrystalnet.report.measured_material import FigureError, Material
from microcrystalnet.statistics.population import population
from microcrystalnet.storage.project_store import ProjectStore

DEEP, HIGH = micrograph(1, sample=Sample("B", 900.0)), micrograph(2, sample=Sample("C", 100.0))
PIXELS = np.random.default_rng(0).integers(0, 255, (400, 400), np.uint8)


def material(*rows, shown=None):
    return Material(population(rows), FOUR_CLASSES, lambda _: PIXELS, shown)


def test_every_crystal_stands_in_one_bin_of_its_class():
    rows = [row(f"c{side}", side) for side in (20, 30, 40, 60)]
    drawn = size_figures.histograms(material(*rows, row("s", 30, "SA")))
    counted = {cls: sum(r[3] for r in drawn.rows if r[0] == cls) for cls in ("RES", "SA")}
    assert counted == {"RES": 4, "SA": 1}


def test_a_cumulative_curve_ends_at_a_hundred_percent():
    drawn = size_figures.cumulative(material(row("a", 20), row("b", 40)))
    assert [finer for _, _, finer in drawn.rows] == [50, 100]


def test_a_dot_of_the_scatter_names_its_crystal():
    drawn = size_figures.scatter(material(row("a", 20), row("b", 40, None)))
    assert [cells[0] for cells in drawn.rows] == ["a", "b"]


@pytest.mark.parametrize("name", ["histograms", "cumulative", "scatter"])
def test_sizes_of_cut_crystals_are_in_no_figure(name):
    drawn = MEASURED[name].draw(material(row("a", 20), row("b", 40), row("cut", at=0)))
    assert "n = 2 crystals of 1 micrograph." in drawn.caption
    assert "equivalent diameter (µm)" in drawn.caption


def test_shares_are_of_cut_crystals_too_and_the_caption_says_so():
    drawn = class_figures.abundance(material(row("a"), row("cut", at=0), row("none", cls=None)))
    assert drawn.rows[0][2] == 2
    assert drawn.caption.endswith("those at the edge count too; n = 2 crystals of 1 micrograph.")


@pytest.mark.parametrize("name", ["histograms", "cumulative", "scatter", "plate"])
def test_without_a_scale_the_caption_says_pixels(name):
    drawn = MEASURED[name].draw(material(row("a", on=micrograph(nm=None))))
    assert "equivalent diameter (pixels)" in drawn.caption


@pytest.mark.parametrize("name", [name for name in MEASURED if name not in {"rose", "micrographs"}])
@pytest.mark.filterwarnings("error:constrained_layout")
def test_a_figure_of_a_single_class_has_room(name):
    assert MEASURED[name].draw(material(row("a"))).rendered("png", 50).startswith(b"\x89PNG")


def test_samples_come_by_depth_and_those_without_a_name_last():
    rows = [row("a", on=DEEP), row("b", on=HIGH), row("c"), row("d", cls="SA", on=DEEP)]
    drawn = class_figures.abundance(material(*rows))
    assert [cells[0] for cells in drawn.rows[::2]] == ["C", "B", "no sample named"]
    assert [cells[3] for cells in drawn.rows[2:4]] == [50, 50]


def test_the_rose_leaves_round_crystals_out():
    with pytest.raises(FigureError, match=r"1.2 times as long as it is wide"):
        class_figures.rose(material(row("square")))


def test_sizes_are_those_of_whole_crystals():
    with pytest.raises(FigureError, match="cut by the edge"):
        size_figures.histograms(material(row("cut", at=0)))


def test_the_plate_shows_six_crystals_from_small_to_large():
    rows = [row(f"c{side}", side) for side in range(20, 100, 8)]
    drawn = crystal_figures.plate(material(*rows))
    sizes = [cells[3] for cells in drawn.rows]
    assert (len(sizes), sizes) == (6, sorted(sizes))


def test_the_scale_bar_of_a_plate_is_true_beside_few_crystals_too():
    drawn = crystal_figures.plate(material(row("a", 60)))
    drawn.rendered("png", 50)
    crystal, bar = drawn.figure.axes[0].images[0], drawn.figure.axes[-1].lines[0]
    shown = bar.get_transform().transform(bar.get_xydata())
    side = crystal.get_window_extent().width  # 60 pixels of 100 nm
    assert (shown[1, 0] - shown[0, 0]) / side == pytest.approx(2 / 6, rel=0.01)


def test_pixels_that_are_not_square_are_drawn_as_they_are():
    oblong = replace(micrograph(), pixel_size=PixelSize(0.2, 0.1))
    here = material(row("a", 60, on=oblong), shown=oblong.image_id)
    left, right, low, high = crystal_figures.plate(here).figure.axes[0].images[0].get_extent()
    assert (right - left, high - low) == pytest.approx((6, 12))
    assert crystal_figures.micrograph(here).figure.axes[0].get_aspect() == pytest.approx(2)


def test_the_pixels_of_a_plate_are_seen():
    picture = crystal_figures.plate(material(row("a"))).figure
    shown = picture.axes[0].images[0]
    assert np.ptp(shown.get_array()) > 100
    assert shown.zorder > picture.axes[0].collections[0].zorder


def test_an_annotated_micrograph_has_a_legend_of_its_classes():
    here = micrograph()
    rows = (row("a", on=here), row("b", cls=None, on=here), row("c", cls="SA", on=DEEP))
    drawn = crystal_figures.micrograph(material(*rows, shown=here.image_id))
    words = [each.get_text() for each in drawn.figure.axes[0].get_legend().get_texts()]
    assert words == ["RES", "no class"]


def test_an_annotated_micrograph_shows_the_numbers_of_its_table():
    here = micrograph()
    large, small = row("a", 60, on=here), replace(row("b", 2, on=here), number=2)
    drawn = crystal_figures.micrograph(material(large, small, shown=here.image_id))
    shown = {each.get_text() for each in drawn.figure.axes[0].texts}
    assert "1" in shown
    assert "2" not in shown
    assert "their numbers, but for 1 that are too small" in drawn.caption
    assert [dict(zip(drawn.columns, cells, strict=True))["row"] for cells in drawn.rows] == [
        129.5,
        100.5,
    ]


def test_a_rose_says_which_crystals_it_is_of():
    long = replace(row("a"), measurement=replace(row("a").measurement, aspect_ratio=2.0,
                                                 orientation_deg=30.0))  # fmt: skip
    title = class_figures.rose(material(long)).figure.axes[0].get_title()
    assert "n = 1 whole crystals at least 1.2 times as long as wide" in title


@pytest.mark.parametrize("name", ["histograms", "cumulative", "abundance", "plate"])
def test_without_a_class_the_figure_says_what_to_do(name):
    with pytest.raises(FigureError, match="label crystals, choose"):
        MEASURED[name].draw(material(row("a", cls=None)))


def test_a_figure_of_nothing_is_refused():
    with pytest.raises(FigureError, match="widen it"):
        size_figures.scatter(material())
    with pytest.raises(FigureError, match="choose another one"):
        crystal_figures.micrograph(material())


def test_words_in_an_svg_stay_words():
    drawn = size_figures.cumulative(material(row("a", 20), row("b", 40)))
    assert b"equivalent diameter" in drawn.rendered("svg")


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")
    store = labelled(tmp_path)
    store.close()
    return store.folder


@pytest.fixture
def bare(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")
    return empty(tmp_path)


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_figures_are_written_at_the_command_line_with_their_tables(project, tmp_path):
    done = run("figures", project, "--out", tmp_path / "f", "--only", "cumulative")
    names = [path.rsplit("/", 1)[-1] for path in json.loads(done.stdout)["files"]]
    assert names == ["cumulative.svg", "cumulative.pdf", "cumulative.png", "cumulative.csv"]
    with (tmp_path / "f" / "cumulative.csv").open() as file:
        assert {cells["class"] for cells in csv.DictReader(file)} == {"RES"}  # the edge cuts SA


def test_each_micrograph_is_annotated(project, tmp_path):
    run("figures", project, "--out", tmp_path / "f", "--only", "micrographs")
    assert (tmp_path / "f" / "a_annotated.png").read_bytes().startswith(b"\x89PNG")


def test_an_unknown_figure_is_refused_by_name(project, tmp_path):
    done = run("figures", project, "--out", tmp_path / "f", "--only", "pie")
    assert "There is no figure “pie”; choose from histograms" in str(done.exception)


def test_statistics_count_what_the_filter_lets_through(project, tmp_path):
    done = run("statistics", project, "--keep", "edge=no", "--out", tmp_path / "s.csv")
    told = json.loads(done.stdout)
    assert (told["classes"]["RES"]["n"], told["classes"]["all"]["n"]) == (1, 2)
    assert told["filter"] == "without those at the edge"
    with (tmp_path / "s-crystals.csv").open() as file:
        assert [cells["class"] for cells in csv.DictReader(file)] == ["RES", ""]


@pytest.mark.parametrize("name", ["statistics", "figures"])
def test_a_filter_that_lets_nothing_through_is_refused_in_a_sentence(project, tmp_path, name):
    where = ("--out", tmp_path / "out") if name == "figures" else ()
    done = run(name, project, "--keep", "class=NOBODY", *where)
    assert "No crystal is let through by the filter (classes NOBODY)" in str(done.exception)
    assert (done.exit_code, done.stdout, (tmp_path / "out").exists()) == (1, "", False)


def test_a_project_without_crystals_has_no_statistics(bare):
    bare.close()
    assert "no crystal that counts" in str(run("statistics", bare.folder).exception)


def test_where_no_figure_can_be_drawn_that_is_an_error(bare, tmp_path):
    image_id, _ = add(bare, tmp_path, masks=[square(0, 30)])  # the edge cuts it, nobody labelled it
    bare.image_path(image_id).unlink()
    bare.close()
    done = run("figures", bare.folder, "--out", tmp_path / "f")
    assert "No figure could be drawn; the lines above say why of each." in str(done.exception)
    assert "scatter: The filter lets no whole crystal through" in done.stderr
    assert (done.exit_code, (tmp_path / "f").exists()) == (1, False)


def test_a_place_that_cannot_be_written_to_is_an_error(project, tmp_path):
    (tmp_path / "file").write_text("mine")
    done = run("figures", project, "--out", tmp_path / "file" / "f")
    assert done.exit_code == 1
    assert isinstance(done.exception, OutputError)


def test_figures_of_nobodys_but_ones_own_classes_write_nothing_into_the_project(project, tmp_path):
    before = sorted(path.name for path in project.rglob("*.jsonl"))
    own = ("--classes", "own", "--expert", "AY")
    done = run("figures", project, "--out", tmp_path / "f", "--only", "abundance", *own)
    assert done.exit_code == 0
    assert sorted(path.name for path in project.rglob("*.jsonl")) == before


def test_every_table_says_whose_word_its_classes_are(project, tmp_path):
    done = run("statistics", project, "--out", tmp_path / "s.csv")
    run("figures", project, "--out", tmp_path / "f", "--only", "scatter")
    files = [tmp_path / "s.csv", tmp_path / "s-crystals.csv", tmp_path / "f" / "scatter.csv"]
    found = {cells["classes_from"] for each in files for cells in csv.DictReader(each.open())}
    assert (found, json.loads(done.stdout)["classes_from"]) == (
        {"settled by the experts"},
        "settled by the experts",
    )


def test_in_a_blind_round_one_s_own_labels_are_counted_and_that_is_said(project, tmp_path):
    store = ProjectStore.open(project, "AY")
    store.rounds.open(list(store.state.micrographs), ["AY", "MK"])
    store.close()
    done = run("statistics", project, "--expert", "AY")
    assert json.loads(done.stdout)["classes_from"] == "labels of AY"
    assert "you label blind: classes are labels of AY." in done.stderr
