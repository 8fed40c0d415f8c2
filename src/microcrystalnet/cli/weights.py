"""`mcn weights`: fetches what others published, SAM's weights and the source team's classifier."""

from typing import Annotated

import typer

from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.errors import WeightsError


def weights(
    name: Annotated[
        str | None, typer.Argument(metavar="[vit_b|vit_l|vit_h|released]", show_default=False)
    ] = None,
) -> None:
    """Fetch published weights, or without a name say what there is; Ctrl+C pauses.

    vit_b, vit_l and vit_h outline crystals (SAM); released is the classifier of the source team,
    which `mcn import-weights released` then takes into a model folder.
    """
    from microcrystalnet.download import download
    from microcrystalnet.learning.released_weights import RELEASED
    from microcrystalnet.published import Published, bytes_here
    from microcrystalnet.segmentation.weights import PUBLISHED

    def described(each: Published) -> dict[str, object]:
        here = bytes_here(each)
        return {
            "name": each.name,
            "url": each.url,
            "bytes": each.size,
            "licence": each.licence,
            "sha256": each.sha256,
            "here": here == each.size,
            "fetched_bytes": here,
        }

    known = {**PUBLISHED, RELEASED.name: RELEASED}
    if name is None:
        write_json([described(each) for each in known.values()])
        return
    if name not in known:
        raise WeightsError(
            f"There are no published weights {name!r}; there are {', '.join(known)}."
        )
    with report_to_stderr() as report:
        path = download(known[name], report=report)
    write_json({"name": name, "path": str(path)})
