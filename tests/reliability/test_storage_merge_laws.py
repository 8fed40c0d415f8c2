import itertools
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from storage_scene import IMAGE, create

from microcrystalnet.storage.event import FIRST, details_text, encode, new_event
from microcrystalnet.storage.fold import Fold
from microcrystalnet.storage.merge import merge
from microcrystalnet.storage.shelf import Shelf

EXPERTS, SESSIONS = ("ay", "bk"), ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "01BX5ZZKBKACTAV9WEVGEMMVRZ")
LABELS = [f"log/{who}/{session}.label.jsonl" for who in EXPERTS for session in SESSIONS]
CONTROLS = [f"log/{who}/{SESSIONS[0]}.ctl.jsonl" for who in EXPERTS]
NAMES = LABELS + CONTROLS


def labels(seed):
    """Give the details of labels in and outside a round, blind or not, first or second."""
    return [
        ("label.set", {"crystal": f"c{n % 2}", "image": IMAGE, "mask": "", "cls": f"{seed}-{n}",
                       "round": (None, "r0")[seed % 2], "pass": n // 4, "blind": n != 3})
        for n in range(1, 5)
    ]  # fmt: skip


def controls(seed):
    """Give the details of a round that two people may both have opened, sealed and asked about."""
    opened = {"round": f"r{seed % 2}", "images": [IMAGE], "experts": [*EXPERTS, f"x{seed}"],
              "min_labels": 2, "third_on_dispute": True, "blind": "on", "order_seed": seed,
              "repeat_frac": 0.05}  # fmt: skip
    asked = {"round": "r0", "image": IMAGE, "crystals": [f"c{seed % 3}"], "expert": f"x{seed}"}
    sealed = {"round": "r0", "image": IMAGE, "n": seed, "digest": f"{seed:016x}"}
    return [("round.open", opened), ("round.third", asked), ("seal", sealed), ("seal", sealed)]


def written(events, seed):
    """Give the lines of one session that differs with ``seed``."""
    lines, previous = [], FIRST
    for n, (kind, details) in enumerate(events(seed), 1):
        event = new_event(kind, n + seed % 3, details)
        line, previous = encode(n, previous, event, details_text(details))
        lines.append(line)
    return lines


VERSIONS = {
    (name, v): written(controls if ".ctl" in name else labels, 3 * n + v)
    for n, name in enumerate(NAMES)
    for v in range(2)
}

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # the laws need no disk

# A copy of a project: of each session one version (two only after an accident), cut anywhere.
copies = st.fixed_dictionaries(
    {}, optional={name: st.tuples(st.integers(0, 1), st.integers(0, 4)) for name in NAMES}
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    store = create(tmp_path_factory.mktemp("laws"))
    store.close()
    return store.folder


def copy_of(empty, folder, chosen):
    folder.mkdir()
    shutil.copy(empty / "project.json", folder)
    for name, (version, count) in chosen.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(VERSIONS[name, version][:count]))
    return folder


def meaning(folder):
    """Give what a project says: its folded state."""
    fold = Fold()
    for event, actor, *_ in Shelf([folder]).read(lambda name: True):
        fold.apply(event, actor)
    return fold


@pytest.fixture(scope="module")
def united(empty):
    """Give a function that merges copies one after the other and says what comes out."""

    def unite(*chosen):
        with tempfile.TemporaryDirectory(dir=MEMORY) as place:
            folders = [copy_of(empty, Path(place) / str(n), c) for n, c in enumerate(chosen)]
            for other in folders[1:]:
                merge(folders[0], other)
            return meaning(folders[0])

    return unite


law = settings(max_examples=150, deadline=None)


@law
@given(one=copies, two=copies)
def test_it_does_not_matter_who_merges_whom(united, one, two):
    assert united(one, two) == united(two, one)


@settings(max_examples=60, deadline=None)
@given(three=st.tuples(copies, copies, copies))
def test_the_order_of_merging_three_does_not_matter(united, three):
    first, *others = [united(*order) for order in itertools.permutations(three)]
    assert all(other == first for other in others)


@law
@given(one=copies, two=copies)
def test_merging_twice_changes_nothing(united, one, two):
    assert united(one, two, two) == united(one, two)


@law
@given(one=copies)
def test_merging_a_copy_with_itself_changes_nothing(united, one):
    assert united(one, one) == united(one)


@law
@given(one=copies, two=copies)
def test_nothing_of_either_copy_is_missing_afterwards(united, one, two):
    both = united(one, two)
    assert {*united(one).votes, *united(two).votes} == {*both.votes}
    assert {*united(one).rounds.seals, *united(two).rounds.seals} == {*both.rounds.seals}
    assert {*united(one).rounds.rounds, *united(two).rounds.rounds} == {*both.rounds.rounds}
    assert both.highest == max(united(one).highest, united(two).highest)
