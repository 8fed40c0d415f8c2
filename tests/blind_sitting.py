"""A blind sitting in a process of its own, which writes down every file that is opened.

``python tests/blind_sitting.py PROJECT MIRROR EXPERT`` labels, moves, corrects, undoes, saves,
asks for everything a page could ask for, seals, looks, and prints as JSON which files with another
expert's answers, or with predictions, were opened before the seal and after it.
"""

import json
import sys
from pathlib import Path

from microcrystalnet.domain.label import Answer
from microcrystalnet.storage.health import check
from microcrystalnet.storage.layout import actor_slug
from microcrystalnet.storage.project_store import ProjectStore

opened: list[str] = []


def listen(name: str, args: tuple[object, ...]) -> None:
    if name == "open":
        opened.append(str(args[0]))


def telling(expert: str) -> list[str]:
    """Give what was opened since the last call and holds somebody else's view of crystals."""
    slug = actor_slug(expert)
    seen = [Path(each) for each in dict.fromkeys(opened)]
    opened.clear()
    answers = [p for p in seen if ".label" in p.name or ".adj" in p.name]
    foreign = [p for p in answers if p.suffix == ".jsonl" and p.parent.name != slug]
    said = [p for p in seen if "predictions" in p.parts]
    return sorted({p.name for p in (*foreign, *said)})


def work(store: ProjectStore) -> None:
    """Do everything an expert does before the seal, and ask for what must stay closed."""
    for image_id in store.state.micrographs:
        store.state.crystals(image_id)
        for crystal_id in store.rounds.work(image_id):
            store.label(crystal_id, Answer("RES"))
        last = next(reversed(store.state.crystals(image_id)))
        store.undo(), store.redo(), store.clear_label(last), store.undo()
        store.predictions(store.models()[0], image_id)
    store.state.labels(), store.votes(), store.votes(blind=True), store.votes(turn=1)
    store.refresh(), store.problems(), store.flush()
    store.adjudication.cases()
    [store.rounds.progress(each) for each in store.rounds.all()]
    store.rounds.ask_thirds()
    check(store.folder, store.mirror, expert=store.actor)


def main(folder: str, mirror: str, expert: str) -> None:
    sys.addaudithook(listen)
    store = ProjectStore.open(Path(folder), expert, mirror_root=Path(mirror))
    work(store)
    before = telling(expert)
    for image_id in store.state.micrographs:
        store.rounds.seal(image_id)
        store.predictions(store.models()[0], image_id)
    store.votes(), store.adjudication.cases()
    after = telling(expert)
    store.close()
    sys.stdout.write(json.dumps({"before": before, "after": after}))


if __name__ == "__main__":
    main(*sys.argv[1:])
