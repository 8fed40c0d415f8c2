"""The whole way without a screen, as `make demo` goes it where there is none."""

import os
import subprocess
import sys

import numpy as np
import pytest
import tifffile

START = "from napari_mcn.launch import main; main()"


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    hidden = {"DISPLAY", "WAYLAND_DISPLAY"}
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    command = [sys.executable, "-c", START, "demo", "--headless", str(folder / "out")]
    environment["XDG_DATA_HOME"] = str(folder / "data")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_a_report_is_left(walked):
    assert "RES" in (walked / "report.html").read_text(encoding="utf-8")


def test_a_saliency_map_is_left(walked):
    assert np.ptp(tifffile.imread(walked / "saliency.tif")) > 0


def test_every_micrograph_is_predicted_the_new_one_too(walked):
    assert len(list(walked.glob("project/predictions/*/*.jsonl"))) == 5


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")
def test_without_a_display_the_window_is_refused_in_one_sentence():
    hidden = {"DISPLAY", "WAYLAND_DISPLAY"}
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    command = [sys.executable, "-c", START, "demo"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "There is no display" in done.stderr
