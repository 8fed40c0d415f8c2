"""Teaches SAM's mask decoder from accepted masks; image and prompt encoder stay as they are.

The encoder runs once per micrograph, from the cache where it can; a step then costs a decoder
pass, so that minutes on a processor are enough. Losses and their weights are those of Kirillov et
al. 2023, "Segment Anything", appendix A.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Click, Prompt
from microcrystalnet.errors import SegmentationError, TrainingError, WeightsError
from microcrystalnet.imaging.corrections import deepest_point
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.segmentation.decoder_lesson import Pupil
from microcrystalnet.segmentation.embedding_cache import SamEmbedding
from microcrystalnet.segmentation.lessons import Lesson, View, divide, look
from microcrystalnet.segmentation.sam import SamSegmenter

FEWEST = 4  # crystals, of which at least one is held out


@dataclass(frozen=True, slots=True)
class FinetuneConfig:
    """How to teach; ``held_out`` is the share of micrographs (of crystals, if there is one)."""

    epochs: int = 10
    learning_rate: float = 1e-4
    batch: int = 8
    held_out: float = 0.25
    seed: int = 0


@dataclass(frozen=True, slots=True)
class FinetuneSummary:
    """What was learnt: the mean IoU of one click per crystal that was held out, 0 to 1."""

    before: float
    after: float
    learnt_from: int
    held_out: int
    path: Path
    note: str = ""

    @property
    def better(self) -> bool:
        """Whether the new weights outline better than the old."""
        return self.after > self.before


def finetune(
    segmenter: SamSegmenter,
    lessons: Sequence[Lesson],
    target: Path,
    config: FinetuneConfig | None = None,
    report: Report = ignore_progress,
) -> FinetuneSummary:
    """Teach a SAM, measure what it gained, and write it as a checkpoint segment-anything loads.

    Parameters
    ----------
    segmenter
        Who learns; its mask decoder is changed.
    target
        The ``.pth`` file to write; it appears only when everything is done.

    Raises
    ------
    TrainingError
        If there are fewer than four crystals, or the training goes astray.
    WeightsError
        If the file cannot be written.
    """
    config = config or FinetuneConfig()
    lessons = [each for each in lessons if each.masks]
    count = sum(len(each.masks) for each in lessons)
    if count < FEWEST:
        raise TrainingError(
            f"SAM needs at least {FEWEST} accepted crystals to learn from, not {count}; outline "
            "some more, on two or more micrographs if you can."
        )
    looked = look(segmenter, lessons, report)
    generator = np.random.default_rng(config.seed)
    learnt, held, note = divide(looked, config.held_out, generator)
    before = click_iou(segmenter, held, report)
    _teach_in_memory(segmenter, learnt, config, generator, report)
    after = click_iou(segmenter, held, report)
    _write(segmenter.model, target)
    return FinetuneSummary(before, after, _crystals(learnt), _crystals(held), target, note)


def click_iou(
    segmenter: SamSegmenter, looked: Sequence[View], report: Report = ignore_progress
) -> float:
    """Give the mean IoU of SAM's best mask for one click at the deepest point of each crystal."""
    found = []
    for number, each in enumerate(looked):
        report(Progress(number, len(looked), "Measuring on crystals that were held out"))
        found += [_answer_iou(segmenter, each.embedding, mask) for mask in each.masks]
    return float(np.mean(found))


def _answer_iou(segmenter: SamSegmenter, embedding: SamEmbedding, mask: Mask) -> float:
    row, col = deepest_point(mask)
    try:
        proposals = segmenter.propose(embedding, Prompt((Click(row, col),)))
    except SegmentationError:
        return 0.0
    return proposals.masks[0].iou(mask)


def _teach_in_memory(
    segmenter: SamSegmenter,
    learnt: Sequence[View],
    config: FinetuneConfig,
    generator: np.random.Generator,
    report: Report,
) -> None:
    """Teach; where the memory is too small, go on with half as many crystals at a time."""
    import torch

    while True:
        try:
            _teach(segmenter, learnt, config, generator, report)
        except (MemoryError, torch.OutOfMemoryError) as problem:
            if config.batch == 1:
                raise TrainingError(
                    "There is too little memory to fine-tune SAM; close other programs or begin "
                    "from smaller weights (vit_b). The weights you have are unchanged."
                ) from problem
            config = replace(config, batch=config.batch // 2)
        else:
            return


def _teach(
    segmenter: SamSegmenter,
    learnt: Sequence[View],
    config: FinetuneConfig,
    generator: np.random.Generator,
    report: Report,
) -> None:
    pupil = Pupil(segmenter.model, config.learning_rate)
    total = config.epochs * sum(1 for _ in _batches(learnt, config.batch, generator))
    done = 0
    for epoch in range(1, config.epochs + 1):
        losses = []
        for looked, masks in _batches(learnt, config.batch, generator):
            report(Progress(done, total, f"Epoch {epoch} of {config.epochs}"))
            losses.append(pupil.learn(looked.embedding, masks, generator))
            done += 1
        loss = float(np.mean(losses))
        if not np.isfinite(loss):
            raise TrainingError(
                f"The fine-tuning went astray in epoch {epoch}; try a learning rate below "
                f"{config.learning_rate:g}. The weights you have are unchanged."
            )
        report(Progress(done, total, f"Epoch {epoch}: loss {loss:.3f}", {"loss": loss}))


def _batches(
    learnt: Sequence[View], size: int, generator: np.random.Generator
) -> Iterator[tuple[View, list[Mask]]]:
    """Give crystals of one micrograph at a time, in random order, so one embedding serves all."""
    places = [
        (looked, part)
        for looked in learnt
        for part in np.array_split(
            generator.permutation(len(looked.masks)), -(-len(looked.masks) // size)
        )
    ]
    for at in generator.permutation(len(places)):
        looked, part = places[at]
        yield looked, [looked.masks[number] for number in part]


def _crystals(looked: Sequence[View]) -> int:
    return sum(len(each.masks) for each in looked)


def _write(model: Any, target: Path) -> None:
    """Write a checkpoint under a temporary name, and rename it when it is complete."""
    import torch

    state = {name: tensor.detach().cpu() for name, tensor in model.state_dict().items()}
    part = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as file:
            part = Path(file.name)
            torch.save(state, file)
        part.chmod(0o644)
        part.replace(target)
    except (OSError, RuntimeError) as problem:  # torch says of a full disk that a file is short
        if part is not None:
            part.unlink(missing_ok=True)
        why = (isinstance(problem, OSError) and problem.strerror) or "the disk took a part of them"
        raise WeightsError(
            f"The fine-tuned weights could not be written to {target} ({why}); make room, or "
            "choose another place."
        ) from problem
