"""Opens a SAM checkpoint of anyone safely: reads tensors only, and deduces the architecture.

Allowed are the vision transformers that segment-anything builds (Kirillov et al. 2023, "Segment
Anything"): every width, depth and image size is read off the tensors' shapes, and checked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microcrystalnet.errors import MissingExtraError, WeightsError

PIXEL_MEAN, PIXEL_STD = [123.675, 116.28, 103.53], [58.395, 57.12, 57.375]
LARGEST_WIDTH, LARGEST_DEPTH, LARGEST_IMAGE = 2048, 64, 2048


@dataclass(frozen=True, slots=True)
class Architecture:
    """The dimensions of one SAM."""

    width: int
    depth: int
    heads: int
    patch: int
    image: int
    window: int
    global_blocks: tuple[int, ...]
    mlp: int
    prompt_width: int
    decoder_depth: int
    decoder_mlp: int
    quality_width: int
    mask_channels: int


def open_model(path: Path) -> Any:
    """Build the `segment_anything.modeling.Sam` that a checkpoint file holds, ready to be used.

    Returns ``Any`` because torch has no types here.

    Raises
    ------
    WeightsError
        If the file is missing, damaged, no checkpoint, or of another architecture.
    MissingExtraError
        If torch or segment-anything is not installed.
    """
    state = _read(path)
    try:
        model = build(deduce(state))
        model.load_state_dict(state)
    except (KeyError, ValueError, RuntimeError, IndexError, AttributeError, TypeError) as problem:
        raise WeightsError(
            f"{path.name} holds no Segment Anything weights (vit_b, vit_l, vit_h or a file of "
            "that architecture); pick another file."
        ) from problem
    model.eval()
    return model


def _read(path: Path) -> Mapping[str, Any]:
    """Read the tensors of a file, and nothing that could run."""
    if not path.is_file():
        raise WeightsError(f"There is no weights file {path}; pick one that exists.")
    torch = _torch()
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as problem:
        raise WeightsError(
            f"{path.name} ({path.stat().st_size} bytes) is no readable checkpoint: it is damaged, "
            "incomplete, or of another program; pick another file or fetch it again."
        ) from problem
    for wrapped in ("model", "model_state", "state_dict"):
        if isinstance(found, dict) and isinstance(found.get(wrapped), dict):
            found = found[wrapped]
    if not isinstance(found, dict) or not found:
        raise WeightsError(f"{path.name} holds no table of weights; pick another file.")
    return {str(name).removeprefix("sam."): tensor for name, tensor in found.items()}


def _torch() -> Any:
    try:
        import segment_anything  # noqa: F401 - tells whether it is there
        import torch
    except ImportError as problem:
        raise MissingExtraError(
            "SAM needs a part that is not installed; run: pip install 'napari-mcn[sam]'"
        ) from problem
    return torch


def deduce(state: Mapping[str, Any]) -> Architecture:
    """Read an architecture off the shapes of a checkpoint's tensors.

    Raises
    ------
    KeyError, ValueError
        If they are not those of a SAM with a vision transformer.
    """
    width, _, patch, _ = state["image_encoder.patch_embed.proj.weight"].shape
    depth = _count(state, r"image_encoder\.blocks\.(\d+)\.")
    side = state["image_encoder.pos_embed"].shape[1]
    head_width = state["image_encoder.blocks.0.attn.rel_pos_h"].shape[1]
    blocks = [state[f"image_encoder.blocks.{block}.attn.rel_pos_h"] for block in range(depth)]
    spans = [(positions.shape[0] + 1) // 2 for positions in blocks]
    windows = {span for span in spans if span != side}
    if len(windows) > 1:
        raise ValueError(f"no SAM attends over windows of {sorted(windows)} patches at once")
    architecture = Architecture(
        width=width,
        depth=depth,
        heads=width // head_width,
        patch=patch,
        image=side * patch,
        window=windows.pop() if windows else 0,
        global_blocks=tuple(block for block, span in enumerate(spans) if span == side),
        mlp=state["image_encoder.blocks.0.mlp.lin1.weight"].shape[0],
        prompt_width=state["image_encoder.neck.0.weight"].shape[0],
        decoder_depth=_count(state, r"mask_decoder\.transformer\.layers\.(\d+)\."),
        decoder_mlp=state["mask_decoder.transformer.layers.0.mlp.lin1.weight"].shape[0],
        quality_width=state["mask_decoder.iou_prediction_head.layers.0.weight"].shape[0],
        mask_channels=state["prompt_encoder.mask_downscaling.3.weight"].shape[0],
    )
    _check(architecture)
    return architecture


def _check(found: Architecture) -> None:
    """Refuse dimensions that no SAM has, before memory is taken for them."""
    limits = (
        (found.width, LARGEST_WIDTH),
        (found.depth, LARGEST_DEPTH),
        (found.image, LARGEST_IMAGE),
        (found.prompt_width, LARGEST_WIDTH),
        (found.decoder_depth, LARGEST_DEPTH),
    )
    if any(not 1 <= value <= limit for value, limit in limits) or found.width % found.heads:
        raise ValueError(f"no SAM has these dimensions: {found}")


def _count(state: Mapping[str, Any], pattern: str) -> int:
    return 1 + max(int(match[1]) for name in state if (match := re.match(pattern, name)))


def build(dimensions: Architecture) -> Any:
    """Build a SAM of given dimensions with random weights, from segment-anything's own parts."""
    import torch
    from segment_anything import modeling

    side = dimensions.image // dimensions.patch
    encoder = modeling.ImageEncoderViT(
        img_size=dimensions.image,
        patch_size=dimensions.patch,
        embed_dim=dimensions.width,
        depth=dimensions.depth,
        num_heads=dimensions.heads,
        mlp_ratio=dimensions.mlp / dimensions.width,
        out_chans=dimensions.prompt_width,
        qkv_bias=True,
        norm_layer=lambda width: torch.nn.LayerNorm(width, eps=1e-6),
        use_rel_pos=True,
        window_size=dimensions.window,
        global_attn_indexes=dimensions.global_blocks,
    )
    prompts = modeling.PromptEncoder(
        embed_dim=dimensions.prompt_width,
        image_embedding_size=(side, side),
        input_image_size=(dimensions.image, dimensions.image),
        mask_in_chans=dimensions.mask_channels,
    )
    return modeling.Sam(encoder, prompts, _decoder(dimensions), PIXEL_MEAN, PIXEL_STD)


def _decoder(dimensions: Architecture) -> Any:
    from segment_anything import modeling

    width = dimensions.prompt_width
    transformer = modeling.TwoWayTransformer(
        depth=dimensions.decoder_depth,
        embedding_dim=width,
        num_heads=8,
        mlp_dim=dimensions.decoder_mlp,
    )
    return modeling.MaskDecoder(
        num_multimask_outputs=3,
        transformer=transformer,
        transformer_dim=width,
        iou_head_depth=3,
        iou_head_hidden_dim=dimensions.quality_width,
    )
