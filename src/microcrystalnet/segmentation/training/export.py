"""Writes a trained network as the ONNX file that the package carries."""

import json
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from microcrystalnet.segmentation.training.network import SegmentationNetwork


class Answering(nn.Module):  # type: ignore[misc]  # torch is untyped here
    """The network with its logits turned into probabilities."""

    def __init__(self, network: SegmentationNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: Tensor) -> Tensor:
        """Turn (n, 3, h, w) into probabilities (n, 4, h, w)."""
        return torch.sigmoid(self.network(picture))


def load_network(checkpoint: Path) -> SegmentationNetwork:
    """Read the averaged weights of a training run."""
    stored = torch.load(checkpoint, weights_only=True)
    network = SegmentationNetwork(tuple(stored["config"]["widths"]))
    network.load_state_dict(stored["weights"])
    network.eval()
    return network


def export(checkpoint: Path, target: Path) -> None:
    """Write ``target`` (ONNX; any batch, sides divisible by 32) and its training facts beside."""
    target.parent.mkdir(parents=True, exist_ok=True)
    stored = torch.load(checkpoint, weights_only=True)
    flexible = {0: "pictures", 2: "height", 3: "width"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Answering(load_network(checkpoint)).eval(),
            (torch.zeros(1, 3, 160, 160),),
            str(target),
            input_names=["picture"],
            output_names=["maps"],
            dynamic_axes={"picture": flexible, "maps": flexible},
            opset_version=17,
            dynamo=False,
        )
    facts = {"config": stored["config"], "step": stored["step"]}
    target.with_suffix(".json").write_text(json.dumps(facts, indent=1) + "\n")
