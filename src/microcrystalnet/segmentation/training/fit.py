"""Trains the embedded network for a chosen time, ready to be stopped at any moment."""

import copy
import csv
import itertools
import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from microcrystalnet.segmentation.training.crops import draw_crop
from microcrystalnet.segmentation.training.losses import loss
from microcrystalnet.segmentation.training.network import WIDTHS, SegmentationNetwork
from microcrystalnet.segmentation.training.pictures import Picture


@dataclass(frozen=True, slots=True)
class FitConfig:
    """One training run; ``hours`` is wall-clock time, over which the learning rate falls to 0."""

    hours: float = 1.5
    batch: int = 16
    learning_rate: float = 2e-3
    weight_decay: float = 1e-2
    ema: float = 0.998
    prompted_share: float = 0.6
    sem_weight: float = 3.0
    threads: int = 1
    loaders: int = 1
    seed: int = 0
    widths: tuple[int, ...] = WIDTHS
    checkpoint_seconds: float = 120


class CropStream(IterableDataset):  # type: ignore[misc]  # torch is untyped here
    """Batches of random crops without end; each loader process draws its own."""

    def __init__(self, pictures: list[Picture], config: FitConfig) -> None:
        self._pictures = [picture for picture in pictures if picture.particles]
        self._config = config

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        worker = torch.utils.data.get_worker_info()
        config = self._config
        rng = np.random.default_rng([config.seed, worker.seed if worker else 0])
        chances = picture_chances(self._pictures, config.sem_weight)
        while True:
            chosen = rng.choice(len(self._pictures), config.batch, p=chances)
            prompted = round(config.prompted_share * config.batch)
            crops = [
                draw_crop(self._pictures[index], rng, prompted=place < prompted)
                for place, index in enumerate(chosen)
            ]
            yield tuple(
                torch.from_numpy(np.stack(arrays))
                for arrays in (
                    [crop.inputs for crop in crops],
                    [crop.targets for crop in crops],
                    [crop.weights for crop in crops],
                )
            )


def picture_chances(pictures: list[Picture], sem_weight: float) -> np.ndarray[Any, Any]:
    """Weigh pictures by modality and gently by how many particles they hold."""
    chances = np.array(
        [(sem_weight if p.sem else 1.0) * len(p.particles) ** 0.35 for p in pictures]
    )
    return np.asarray(chances / chances.sum())


def fit(
    pictures: list[Picture], config: FitConfig, folder: Path, start: Path | None = None
) -> Path:
    """Train and leave ``checkpoint.pt`` (averaged weights) and ``log.csv`` in ``folder``.

    ``start`` is an earlier checkpoint to go on from, with a fresh learning-rate schedule.
    """
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    folder.mkdir(parents=True, exist_ok=True)
    run = _Run.begin(config, folder, start)
    batches = DataLoader(
        CropStream(pictures, config),
        batch_size=None,
        num_workers=config.loaders,
        prefetch_factor=4 if config.loaders else None,
    )
    run.go(batches)
    return folder / "checkpoint.pt"


@dataclass(slots=True)
class _Run:
    """A training run under way: the network, its running average, and how far it is."""

    network: SegmentationNetwork
    averaged: SegmentationNetwork
    optimizer: Any  # torch is untyped here
    config: FitConfig
    folder: Path
    steps: int

    @classmethod
    def begin(cls, config: FitConfig, folder: Path, start: Path | None) -> "_Run":
        network, steps = SegmentationNetwork(config.widths), 0
        if start is not None:
            stored = torch.load(start, weights_only=True)
            network.load_state_dict(stored["weights"])
            steps = int(stored["step"])
        network = network.to(memory_format=torch.channels_last).train()
        averaged = copy.deepcopy(network).eval().requires_grad_(requires_grad=False)
        optimizer = torch.optim.AdamW(
            network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        return cls(network, averaged, optimizer, config, folder, steps)

    def go(self, batches: Any) -> None:  # torch is untyped here
        config = self.config
        begin = saved = time.monotonic()
        first = last = self.steps
        sums: Counter[str] = Counter()
        for batch in batches:
            self.steps += 1
            share = (time.monotonic() - begin) / (3600 * config.hours)
            rate = learning_rate(config.learning_rate, self.steps - first, share)
            sums.update(self._step(batch, rate))
            _follow(self.averaged, self.network, min(config.ema, self.steps / (self.steps + 20)))
            if time.monotonic() - saved > config.checkpoint_seconds or share >= 1:
                saved = time.monotonic()
                means = {name: total / (self.steps - last) for name, total in sums.items()}
                self._save({"hours": share * config.hours} | means)
                sums, last = Counter(), self.steps
            if share >= 1:
                return

    def _step(self, batch: Any, rate: float) -> dict[str, float]:
        inputs, targets, weights = batch
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = self.network(inputs.contiguous(memory_format=torch.channels_last))
        total, parts = loss(logits, targets, weights)
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        return parts

    def _save(self, values: Mapping[str, float]) -> None:
        stored = {
            "weights": self.averaged.state_dict(),
            "config": asdict(self.config),
            "step": self.steps,
        }
        torch.save(stored, self.folder / "checkpoint.part")
        (self.folder / "checkpoint.part").replace(self.folder / "checkpoint.pt")
        log = self.folder / "log.csv"
        new = not log.exists()
        with log.open("a", newline="") as lines:
            writer = csv.writer(lines)
            if new:
                writer.writerow(["step", *values])
            writer.writerow([self.steps, *(f"{value:.4f}" for value in values.values())])


def learning_rate(highest: float, step: int, share: float) -> float:
    """Warm up over 50 steps, then fall along a cosine to a hundredth as ``share`` nears 1."""
    cosine = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(share, 1)))
    return highest * min(step / 50, 1) * cosine


def _follow(averaged: SegmentationNetwork, network: SegmentationNetwork, decay: float) -> None:
    """Move the averaged weights and statistics towards the network's."""
    with torch.no_grad():
        pairs = zip(
            itertools.chain(averaged.parameters(), averaged.buffers()),
            itertools.chain(network.parameters(), network.buffers()),
            strict=True,
        )
        for mine, theirs in pairs:
            if mine.is_floating_point():
                mine.lerp_(theirs, 1 - decay)
