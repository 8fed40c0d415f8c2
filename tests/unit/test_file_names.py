"""Names of files that can be made on Windows, whatever experts and micrographs are called."""

from dataclasses import replace

import pytest
from storage_scene import MICROGRAPH
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.file_names import usable
from microcrystalnet.report.drawn import stems
from microcrystalnet.storage.layout import actor_slug

DEVICES = ["con", "prn", "aux", "nul", "com1", "lpt9"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("calcite 12", "calcite 12"),
        ("15:30 a", "15_30 a"),
        ('what? "this" <is> a*b|c/d\\e', "what_ _this_ _is_ a_b_c_d_e"),
        ("ends. ", "ends_"),
        ("Con", "Con_"),
        ("aux.tif", "aux.tif_"),
        ("console", "console"),
    ],
)
def test_what_windows_refuses_is_replaced(name, said):
    assert usable(name) == said


@pytest.mark.parametrize("name", DEVICES)
def test_an_expert_called_like_a_device_has_a_folder_of_another_name(name):
    assert actor_slug(name).startswith(f"{name}-")
    assert usable(actor_slug(name)) == actor_slug(name)


@pytest.mark.parametrize("name", ["con.tif", "a:b.tif", "why?.tif", "a|b.tif", "a*.tif"])
def test_a_micrograph_of_an_impossible_name_is_told_apart_by_its_id(name):
    (stem,) = stems([replace(MICROGRAPH, file_name=name)]).values()
    assert stem.endswith(f"_{MICROGRAPH.image_id}")
    assert stem == usable(stem)


def test_micrographs_that_differ_by_an_impossible_sign_have_different_files():
    pictures = [
        replace(MICROGRAPH, image_id=f"{number:020x}", file_name=name)
        for number, name in enumerate(("a_b.tif", "a:b.tif", "a?b.tif"))
    ]
    assert len(set(stems(pictures).values())) == 3


def test_mcn_preprocess_refuses_names_that_differ_in_case_only(tmp_path):
    names = [str(tmp_path / "x" / "A.tif"), str(tmp_path / "y" / "a.tif")]
    result = CliRunner().invoke(app, ["preprocess", *names, "--out", str(tmp_path / "out")])
    assert "Two micrographs are called A" in str(result.exception)
