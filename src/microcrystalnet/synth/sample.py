"""Builds the sample project that comes with the program, and copies it for a user.

Rebuild it with ``python -m microcrystalnet.synth.sample sample_data`` from the source tree.
"""

import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import ProjectError
from microcrystalnet.labelling.queue import reading_order
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.storage import header
from microcrystalnet.storage.layout import PROJECT_FILE
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.synth.experts import EXPERTS, simulate
from microcrystalnet.synth.files import difficulties, write_micrograph
from microcrystalnet.synth.scene import render

PROJECT, NEW_MICROGRAPH = "project", "new_micrograph.tif"
LABELLED_SEEDS, NEW_SEED = (27, 29, 31, 36), 41
LEFT_OPEN = 10  # crystals that the first expert leaves to whoever tries the program
PATIENCE_S = 60.0  # for the disk, when a session is closed


def build_sample(
    folder: Path,
    seeds: Sequence[int] = LABELLED_SEEDS,
    shape: tuple[int, int] = (1024, 1024),
    report: Report = ignore_progress,
) -> Path:
    """Render and label the sample project below ``folder``; gives the project's folder.

    One micrograph per seed, exact masks, three experts' blind labels, but for the last few crystals
    of the first micrograph, which the first expert has not labelled yet; beside the project lies a
    micrograph that nobody has labelled.

    Raises
    ------
    ProjectError
        If there is a project already.
    """
    project = folder / PROJECT
    with tempfile.TemporaryDirectory() as work:
        store = ProjectStore.create(project, EXPERTS[0].name, mirror_root=Path(work, "mirror"))
        try:
            answers: dict[str, dict[str, Answer]] = {}
            for number, seed in enumerate(seeds):
                report(Progress(number, len(seeds) + 1, f"Rendering micrograph {number + 1}"))
                path = Path(work, f"micrite_{number + 1}.tif")
                for expert, given in _outline(store, path, seed, shape).items():
                    answers.setdefault(expert, {}).update(given)
            for each in _left_open(store):
                del answers[EXPERTS[0].name][each]
            for expert, given in answers.items():
                _label(store, expert, given)
        finally:
            store.close(PATIENCE_S)
    report(Progress(len(seeds), len(seeds) + 1, "Rendering a micrograph to predict"))
    write_micrograph(folder / NEW_MICROGRAPH, render(NEW_SEED, shape))
    report(Progress(len(seeds) + 1, len(seeds) + 1, "Built"))
    return project


def copy_sample(source: Path, destination: Path) -> Path:
    """Copy a sample project to where the user may change it; gives ``destination``.

    The copy is a project of its own, with a new id, so that what was done in an earlier copy on
    this computer is not carried over into it.

    Raises
    ------
    ProjectError
        If ``source`` is no project, or ``destination`` holds files or cannot be written.
    """
    header.read(source)
    if destination.exists() and any(destination.iterdir()):
        raise ProjectError(f"{destination} holds other files; choose a new or empty folder.")
    unfinished = destination.with_name(f".{destination.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        _copy(source, unfinished)
        destination.parent.mkdir(parents=True, exist_ok=True)
        unfinished.replace(destination)  # whole or not at all
    except OSError as error:
        raise ProjectError(
            f"The sample project cannot be copied to {destination} ({error.strerror or error}); "
            "make room or choose another folder."
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return destination


def _copy(source: Path, destination: Path) -> None:
    header.create(destination)
    for path in sorted(each for each in source.rglob("*") if each.is_file()):
        target = destination / path.relative_to(source)
        if path.name != PROJECT_FILE:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def _outline(
    store: ProjectStore, path: Path, seed: int, shape: tuple[int, int]
) -> dict[str, dict[str, Answer]]:
    """Put a scene and its masks into the project; gives expert -> crystal -> answer."""
    scene = render(seed, shape)
    write_micrograph(path, scene)
    micrograph = store.add_micrograph(path, describe(path))
    crystals = store.put_masks(micrograph.image_id, scene.masks, MaskSource.IMPORT)
    ids = [crystal.crystal_id for crystal in crystals]
    simulated = simulate(scene.classes, seed, difficulties(scene))
    return {expert: dict(zip(ids, given, strict=True)) for expert, given in simulated.items()}


def _left_open(store: ProjectStore) -> tuple[str, ...]:
    """Give the last crystals, as one reads, of the first micrograph."""
    first = next(iter(store.state.micrographs))
    return reading_order(store.state.crystals(first).values())[-LEFT_OPEN:]


def _label(store: ProjectStore, expert: str, answers: Mapping[str, Answer]) -> None:
    """Let one expert label everything in one sitting, taking one to a few seconds for each."""
    random = np.random.default_rng(sum(expert.encode()))
    store.become(expert)
    for crystal_id, answer in answers.items():
        taken = int(2000 * np.exp(0.5 * random.standard_normal()))
        store.label(crystal_id, answer, milliseconds=taken)


if __name__ == "__main__":
    build_sample(Path(sys.argv[1]))
