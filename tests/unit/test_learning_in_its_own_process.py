"""Runs every `keras_*.py` beside this file: TensorFlow and torchvision crash one another."""

import subprocess
import sys
from pathlib import Path


def test_everything_that_needs_tensorflow_passes_in_a_process_of_its_own():
    command = [sys.executable, "-m", "pytest", "-q", "-o", "python_files=keras_*.py"]
    here = Path(__file__).parent
    done = subprocess.run(
        [*command, str(here)], cwd=here, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
