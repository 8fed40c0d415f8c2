"""Makes the golden project of this version; run it once for each released project version.

`python tests/storage_golden.py` writes what is missing of ``tests/reliability/golden/<major>`` and
of ``<major>-<feature>`` for what came later; what is committed there is never written again.
"""

import hashlib
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
from PIL import Image

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer, Flag, Label
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, PixelSize, ScaleSource
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.domain.round import Blindness
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.header import MAJOR
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.storage.records import prompt_to_json

GOLDEN = Path(__file__).parent / "reliability" / "golden"


def meaning(store: ProjectStore) -> dict[str, object]:
    """Say everything a project holds, in JSON that a person can read."""
    votes = store.votes(reveal=False)
    return {
        "experts": list(store.experts()),
        "scheme": list(store.state.scheme.codes),
        "micrographs": [picture(store, each) for each in store.state.micrographs.values()],
        "crystals": [
            [
                c.crystal_id,
                c.source.value,
                c.z,
                c.prompt and prompt_to_json(c.prompt),
                *pixels(c.mask),
            ]
            for image_id in store.state.micrographs
            for c in store.state.crystals(image_id).values()
        ],
        "labels": [
            [crystal, who, answered(said)]
            for crystal, labels in sorted(votes.items())
            for who, said in sorted(labels.items())
        ],
        "predictions": [
            [each.crystal_id, each.classes, each.probabilities]
            for model_id in ("01ARZ3NDEKTSV4RRFFQ69G5FAV",)
            for image_id in store.state.micrographs
            for each in store.predictions(model_id, image_id).values()
        ],
    }


def answered(said: Label) -> list[object]:
    answer = said.answer
    words = [str(answer.cls), sorted(answer.flags), answer.note]
    return [*words, said.blind, said.assist, said.mask_digest]


def picture(store: ProjectStore, known: Micrograph) -> list[object]:
    size, region = known.pixel_size, known.region
    return [
        known.image_id,
        known.file_name,
        [known.height, known.width, known.dtype],
        [region.row0, region.col0, region.row1, region.col1],
        [size.row_um, size.col_um, known.scale_source.value] if size else None,
        hashlib.sha256(store.image_path(known.image_id).read_bytes()).hexdigest(),
    ]


def pixels(mask: Mask) -> list[object]:
    return [mask.row, mask.col, *mask.pixels.shape, mask.area, mask.digest]


def blob(row: int, col: int, height: int, width: int) -> Mask:
    rows, cols = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return Mask.from_pixels(np.abs(rows) ** 3 + np.abs(cols) ** 3 < 1, row, col)


def make(folder: Path, mirror: Path) -> None:
    """Do a bit of everything."""
    picture = mirror / "Kalk 1 µm.tif"
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 96), np.uint8)).save(picture)
    store = ProjectStore.create(folder, "Ayşe Yılmaz", mirror_root=mirror)
    image = store.add_micrograph(picture, describe(picture)).image_id
    store.set_pixel_size(image, PixelSize(0.005, 0.006), ScaleSource.USER)
    prompt = Prompt((Click(3.5, 4.0), Click(1.0, 2.0, positive=False)), Box(0.0, 0.0, 20.0, 20.0))
    first = store.put_mask(image, blob(2, 3, 20, 17), MaskSource.SAM, prompt=prompt, z=2)
    many = store.put_masks(
        image,
        [blob(30, 5 + 20 * n, 18, 19) for n in range(4)],
        MaskSource.AUTO,
        model_id="embedded",
    )
    second = store.put_mask(image, blob(2, 70, 15, 16), MaskSource.SAM, prompt=prompt)
    store.label(second.crystal_id, Answer("PES"))
    store.put_mask(image, blob(3, 3, 20, 18), MaskSource.MANUAL, crystal_id=first.crystal_id)
    store.delete_crystals([many[0].crystal_id, many[1].crystal_id])
    store.undo()
    store.delete_crystals([many[3].crystal_id])
    store.label(first.crystal_id, Answer("RES"), milliseconds=1200)
    store.label(many[0].crystal_id, Answer("SA", frozenset({Flag.UNSURE}), "halb verdeckt"))
    store.label(many[1].crystal_id, UNCLEAR)
    store.undo()
    store.become("bk")
    store.label(first.crystal_id, Answer("PES"))
    store.label(many[0].crystal_id, NOT_A_CRYSTAL)
    store.label(many[2].crystal_id, Answer("AA"), assist="saliency")
    store.clear_label(many[2].crystal_id)
    store.votes()
    store.label(first.crystal_id, Answer("RES"))
    shares = Prediction(first.crystal_id, "", store.state.scheme.codes, (0.5, 0.25, 0.125, 0.125))
    store.write_predictions("01ARZ3NDEKTSV4RRFFQ69G5FAV", image, [shares])
    store.flush()
    text = json.dumps(meaning(store), indent=1, ensure_ascii=False)
    (folder.parent / "meaning.json").write_text(text + "\n", encoding="utf-8")
    store.close()


def make_rounds(folder: Path, mirror: Path) -> None:
    """Do what came with rounds: blind, strict, sealed, repeated, third and changed labels."""
    picture = mirror / "b.tif"
    Image.fromarray(np.full((48, 64), 90, np.uint8)).save(picture)
    store = ProjectStore.create(folder, "Ayşe Yılmaz", mirror_root=mirror)
    image = store.add_micrograph(picture, describe(picture)).image_id
    store.put_masks(image, [blob(2, 1 + 6 * n, 20, 5) for n in range(10)], MaskSource.AUTO)
    experts = {"Ayşe Yılmaz": "RES", "bk": "PES", "cl": "RES"}
    store.rounds.open([image], tuple(experts), order_seed=1, repeat_frac=0.2)
    for expert, said in experts.items():
        store.become(expert)
        while asked := store.rounds.work(image):
            store.label(asked[0], Answer(said))
        store.rounds.seal(image)
    store.votes()
    store.rounds.ask_thirds()
    store.become("Ayşe Yılmaz")
    for crystal in store.rounds.work(image):
        store.label(crystal, Answer("SA"))
    store.label(store.rounds.queue(image)[0], Answer("AA"))
    store.rounds.open([image], ("cl", "zoe"), order_seed=2, blind=Blindness.STRICT)
    store.become("zoe")
    store.label(store.rounds.work(image)[0], Answer("AA"))
    store.rounds.seal(image)
    store.become("bk")
    store.flush()
    text = json.dumps(meaning(store) | in_rounds(store), indent=1, ensure_ascii=False)
    (folder.parent / "meaning.json").write_text(text + "\n", encoding="utf-8")
    store.close()


def in_rounds(store: ProjectStore) -> dict[str, object]:
    """Say what is known of rounds; nothing where a project has none."""
    if not store.rounds.all():
        return {}
    again, blind = store.votes(reveal=False, turn=1), store.votes(reveal=False, blind=True)
    return {
        "rounds": [asdict(each) for each in store.rounds.all()],
        "progress": [
            [asdict(share) for share in store.rounds.progress(each)] for each in store.rounds.all()
        ],
        "second": sorted([c, w, answered(s)] for c, by in again.items() for w, s in by.items()),
        "blind": [
            [c, w, answered(s), s.round_id, s.scheme_version]
            for c, by in sorted(blind.items())
            for w, s in sorted(by.items())
        ],
    }


if __name__ == "__main__":
    makers = {str(MAJOR): make, f"{MAJOR}-rounds": make_rounds}
    for name, maker in makers.items():
        if not (GOLDEN / name).exists():
            with tempfile.TemporaryDirectory() as elsewhere:
                maker(GOLDEN / name / "project", Path(elsewhere))
