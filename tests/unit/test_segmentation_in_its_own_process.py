"""SAM in a process of its own, as torchvision and TensorFlow crash one another."""

import subprocess
import sys
from pathlib import Path

LIGHT = """
import sys
import microcrystalnet.cli.segment
import microcrystalnet.engines.segmentation
import microcrystalnet.engines.segmentation_service
heavy = {"torch", "torchvision", "segment_anything", "tensorflow", "keras", "onnxruntime"}
print(sorted(heavy & set(sys.modules)))
"""


def test_everything_that_needs_torch_passes_there():
    """Run every ``torch_*.py`` beside this file."""
    command = [sys.executable, "-m", "pytest", "-q", "-o", "python_files=torch_*.py"]
    here = Path(__file__).parent
    done = subprocess.run(
        [*command, str(here)], cwd=here, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_framework_is_loaded_before_it_is_needed():
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
