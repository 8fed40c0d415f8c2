"""Command line of the embedded network's training: fit, export and evaluate."""

import argparse
import json
import sys
from pathlib import Path

from microcrystalnet.errors import MicroCrystalError


def main() -> None:
    """Run one of the training commands."""
    parser = argparse.ArgumentParser(prog="python -m microcrystalnet.segmentation.training")
    commands = parser.add_subparsers(dest="command", required=True)
    fit = commands.add_parser("fit", help="train the network")
    fit.add_argument("--data", type=Path, required=True)
    fit.add_argument("--out", type=Path, required=True)
    fit.add_argument("--hours", type=float, default=1.5)
    fit.add_argument("--threads", type=int, default=1)
    fit.add_argument("--batch", type=int, default=16)
    fit.add_argument("--learning-rate", type=float, default=2e-3)
    fit.add_argument("--seed", type=int, default=0)
    fit.add_argument("--start", type=Path)
    fit.add_argument("--scenes", type=Path, help="folder of rendered scenes to learn from too")
    fit.set_defaults(run=_fit)
    export = commands.add_parser("export", help="write the ONNX file of a training run")
    export.add_argument("--checkpoint", type=Path, required=True)
    export.add_argument("--out", type=Path, required=True)
    export.set_defaults(run=_export)
    evaluate = commands.add_parser("evaluate", help="measure an engine on the validation part")
    evaluate.add_argument("--data", type=Path, required=True)
    evaluate.add_argument("--out", type=Path, required=True, help="JSON file to write")
    evaluate.add_argument("--weights", type=Path, help="ONNX file; the packaged one by default")
    evaluate.add_argument("--learned-free", action="store_true", help="no network")
    evaluate.add_argument("--every", type=int, default=1, help="ask for each n-th particle")
    evaluate.set_defaults(run=_evaluate)
    scenes = commands.add_parser("scenes", help="render scenes to learn from")
    scenes.add_argument("--out", type=Path, required=True)
    scenes.add_argument("--count", type=int, default=24)
    scenes.set_defaults(run=_scenes)
    arguments = parser.parse_args()
    try:
        arguments.run(arguments)
    except MicroCrystalError as refusal:
        sys.exit(str(refusal))


def _fit(arguments: argparse.Namespace) -> None:
    from microcrystalnet.segmentation.training.fit import FitConfig, fit
    from microcrystalnet.segmentation.training.pictures import load_pictures
    from microcrystalnet.segmentation.training.scenes import load_scenes

    config = FitConfig(
        hours=arguments.hours,
        threads=arguments.threads,
        batch=arguments.batch,
        learning_rate=arguments.learning_rate,
        seed=arguments.seed,
    )
    pictures = load_pictures(arguments.data, validation=False)
    if arguments.scenes is not None:
        pictures += load_scenes(arguments.scenes)
    fit(pictures, config, arguments.out, arguments.start)


def _export(arguments: argparse.Namespace) -> None:
    from microcrystalnet.segmentation.training.export import export

    export(arguments.checkpoint, arguments.out)


def _scenes(arguments: argparse.Namespace) -> None:
    from microcrystalnet.segmentation.training.scenes import render_scenes

    render_scenes(arguments.out, arguments.count)


def _evaluate(arguments: argparse.Namespace) -> None:
    from microcrystalnet.segmentation.choose import LEARNED_FREE, open_segmenter
    from microcrystalnet.segmentation.neural.segmenter import TrainedSegmenter
    from microcrystalnet.segmentation.training import evaluate
    from microcrystalnet.segmentation.training.pictures import load_pictures

    learned_free = open_segmenter(LEARNED_FREE) if arguments.learned_free else None
    segmenter = learned_free or TrainedSegmenter(arguments.weights)
    pictures = load_pictures(arguments.data, validation=True)
    results = {
        name: evaluate.measure(segmenter, [p for p in pictures if p.sem == sem], arguments.every)
        for name, sem in (("SEM-like", True), ("TEM-like/other", False))
    }
    arguments.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
