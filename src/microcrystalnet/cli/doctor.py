"""`mcn doctor`: what works on this computer, and what to do about what does not."""

import importlib.metadata
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import typer

from microcrystalnet.engines.call import call
from microcrystalnet.engines.checkup import Framework
from microcrystalnet.engines.launch import log_path
from microcrystalnet.errors import MicroCrystalError, WeightsError
from microcrystalnet.segmentation.weights import PUBLISHED, downloaded

CHECKUP = "microcrystalnet.engines.checkup:Checkup"
PACKAGES = ("napari", "qtpy", "PyQt5", "PyQt6", "numpy", "scipy", "scikit-image", "onnxruntime")
WINDOW_SECONDS = 60
# Runs in a process of its own: without a display Qt ends the process it is in.
WINDOW_PROBE = """
from qtpy import API_NAME
from qtpy.QtGui import QOffscreenSurface, QOpenGLContext
from qtpy.QtWidgets import QApplication
app = QApplication([])
surface, context = QOffscreenSurface(), QOpenGLContext()
surface.create()
if context.create() and context.makeCurrent(surface):
    print(f"{API_NAME} on {app.platformName()}, OpenGL %d.%d" % context.format().version())
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``advice`` is empty when it works."""

    subject: str
    state: str
    advice: str = ""


def doctor() -> None:
    """Say what works on this computer, and what to do about the rest."""
    for finding in _findings():
        mark = "!!" if finding.advice else "ok"
        typer.echo(f"{mark}  {finding.subject}: {finding.state}")
        if finding.advice:
            typer.echo(f"    {finding.advice}")


def _findings() -> Iterator[Finding]:
    yield Finding("System", f"{platform.platform()}, Python {platform.python_version()}")
    yield from _packages()
    yield _framework("SAM", "torch", "sam")
    yield _framework("Classifier", "tensorflow", "mcn")
    yield from _weights()
    yield _fonts()
    yield _window()
    yield Finding("Logs of the engines", str(log_path("segmentation").parent))


def _packages() -> Iterator[Finding]:
    for name in ("napari-mcn", *PACKAGES):
        try:
            yield Finding(name, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            optional = name in {"PyQt5", "PyQt6"}
            advice = "" if optional else f"Run: pip install {name}"
            yield Finding(name, "not installed", advice)


def _framework(subject: str, method: str, extra: str) -> Finding:
    try:
        found = call(CHECKUP, method, {})
    except MicroCrystalError as refusal:
        return Finding(subject, f"{method} does not start here", str(refusal))
    if not isinstance(found, Framework):
        advice = f"Run: pip install 'napari-mcn[{extra}]'"
        return Finding(subject, f"{method} is not installed", advice)
    cards = ", ".join(found.cards) or "no graphics card, the processor is used"
    return Finding(subject, f"{method} {found.version}; {cards}")


def _weights() -> Iterator[Finding]:
    yield Finding("Weights embedded", "part of the program")
    for name in PUBLISHED:
        try:
            yield Finding(f"Weights {name}", str(downloaded(name)))
        except WeightsError as missing:
            yield Finding(f"Weights {name}", f"optional. {missing}")


def _fonts() -> Finding:
    """Ask fontconfig, where that is what Qt asks."""
    asked = shutil.which("fc-list")
    if sys.platform in {"win32", "darwin"} or asked is None:
        return Finding("Fonts", "the system's own")
    listed = subprocess.run([asked, ":", "family"], capture_output=True, text=True, check=False)
    count = len(set(listed.stdout.splitlines()))
    advice = "" if count else "Run: apt-get install fonts-dejavu-core"
    return Finding("Fonts", f"{count} families", advice)


def _window() -> Finding:
    advice = "Set DISPLAY or run under xvfb-run, and install libgl1 and libegl1; mcn works without."
    try:
        probe = [sys.executable, "-P", "-c", WINDOW_PROBE]
        told = subprocess.run(
            probe, capture_output=True, text=True, check=False, timeout=WINDOW_SECONDS
        )
    except subprocess.TimeoutExpired:
        return Finding("Window and OpenGL", "no answer within a minute", advice)
    state = told.stdout.strip()
    if told.returncode or not state:
        return Finding("Window and OpenGL", "no window can be opened here", advice)
    return Finding("Window and OpenGL", state)
