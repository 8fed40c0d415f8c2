import csv
import json
from importlib.metadata import version

import pytest
import tifffile
from segmentation_material import disc, discs
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import SegmentationError, UnreadableFileError, WeightsError

HEADER = "object,kind,row,col,positive,row1,col1\n"


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "micrite.tif"
    tifffile.imwrite(path, discs())
    return path


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False)


def prompts(tmp_path, *lines, header=HEADER):
    path = tmp_path / "prompts.csv"
    path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_segment_writes_labels_and_a_row_per_crystal(image, tmp_path):
    assert run("segment", image, "--out", tmp_path / "out").exit_code == 0
    labels = tifffile.imread(tmp_path / "out/micrite_labels.tif")
    rows = list(csv.DictReader((tmp_path / "out/micrite_crystals.csv").open()))
    assert (labels.shape, labels.dtype.name, labels.max()) == ((150, 150), "uint32", 3)
    assert [row["label"] for row in rows] == ["1", "2", "3"]


def test_segment_says_with_what_it_outlined(image, tmp_path):
    run("segment", image, "--out", tmp_path / "out", "--filter", "light", "--smallest", "9")
    told = json.loads((tmp_path / "out/micrite_outlined.json").read_text())
    assert (told["image"], told["engine"], told["preset"]) == ("micrite.tif", "embedded", "light")
    assert (told["filters"], told["smallest_px"]) == ({"non-local means": 0.8}, 9)
    assert told["version"] == version("napari-mcn")


def test_a_micrograph_without_crystals_is_a_normal_answer(tmp_path):
    path = tmp_path / "grey.tif"
    tifffile.imwrite(path, discs()[:20, :20] * 0)
    done = run("segment", path, "--out", tmp_path / "out")
    assert (done.exit_code, "no crystal was found" in done.stderr) == (0, True)
    assert tifffile.imread(tmp_path / "out/grey_labels.tif").max() == 0


def test_results_of_the_same_name_are_refused(image, tmp_path):
    with pytest.raises(SegmentationError, match="the same name micrite_labels"):
        run("segment", image, tmp_path / "micrite.png", "--out", tmp_path)


def test_an_unknown_engine_is_refused_by_name(image, tmp_path):
    with pytest.raises(WeightsError, match=r"no weights file vit_x"):
        run("segment", image, "--out", tmp_path, "--engine", "vit_x")


def test_prompt_writes_a_page_per_object_in_order_of_appearance(image, tmp_path):
    table = prompts(tmp_path, "b,point,40,110,1,,", "a,box,16,16,,64,64", "b,point,40,40,0,,")
    assert run("prompt", image, table, "--out", tmp_path / "m.tif").exit_code == 0
    pages = tifffile.imread(tmp_path / "m.tif")
    assert (pages.shape, pages.dtype.name) == ((2, 150, 150), "uint8")
    assert Mask.from_pixels(pages[0]).iou(disc((40, 110))) > 0.9
    assert Mask.from_pixels(pages[1]).iou(disc((40, 40))) > 0.9


def test_one_object_is_one_page(image, tmp_path):
    run("prompt", image, prompts(tmp_path, "a,point,40,40,1,,"), "--out", tmp_path / "m.tif")
    assert len(tifffile.TiffFile(tmp_path / "m.tif").pages) == 1


def test_an_object_that_is_not_found_is_an_empty_page_and_a_message(image, tmp_path):
    table = prompts(tmp_path, "a,point,40,40,1,,", "far,point,900,40,1,,")
    done = run("prompt", image, table, "--out", tmp_path / "m.tif")
    assert "object far" in done.stderr
    assert [page.any() for page in tifffile.imread(tmp_path / "m.tif")] == [True, False]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a,circle,1,2,1,,", "line 2: the kind 'circle'"),
        ("a,point,one,2,1,,", "line 2: row is 'one'"),
        ("a,point,nan,2,1,,", "line 2: row is 'nan'"),
        ("a,point,1,2,maybe,,", "positive is 'maybe'"),
        ("a,box,1,2,1,,", "row1 is ''"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(image, tmp_path, line, reason):
    with pytest.raises(SegmentationError, match=reason):
        run("prompt", image, prompts(tmp_path, line), "--out", tmp_path / "m.tif")


def test_a_second_box_is_refused(image, tmp_path):
    table = prompts(tmp_path, "a,box,1,2,,9,9", "a,box,1,2,,9,9")
    with pytest.raises(SegmentationError, match="second box"):
        run("prompt", image, table, "--out", tmp_path / "m.tif")


def test_a_table_without_a_needed_column_is_refused(image, tmp_path):
    table = prompts(tmp_path, "1,2", header="row,col\n")
    with pytest.raises(UnreadableFileError, match="lacks the column object"):
        run("prompt", image, table, "--out", tmp_path / "m.tif")


def test_an_empty_table_is_refused(image, tmp_path):
    with pytest.raises(SegmentationError, match="no line below its header"):
        run("prompt", image, prompts(tmp_path), "--out", tmp_path / "m.tif")


def test_a_missing_table_is_refused(image, tmp_path):
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        run("prompt", image, tmp_path / "none.csv", "--out", tmp_path / "m.tif")


def test_the_doctor_says_what_works_and_what_to_do(monkeypatch):
    monkeypatch.setattr("microcrystalnet.cli.doctor.call", lambda *request: None)
    told = run("doctor").stdout
    assert "pip install 'napari-mcn[sam]'" in told
    assert "Weights vit_b" in told
