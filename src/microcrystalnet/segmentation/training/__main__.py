"""Command line of the embedded network's training: fit, export and evaluate."""

import argparse
from pathlib import Path


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
    arguments = parser.parse_args()
    arguments.run(arguments)


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


if __name__ == "__main__":
    main()
