import random
from io import BytesIO
from pathlib import Path

import pytest

from microcrystalnet.storage.event import FIRST, details_text, encode, new_event
from microcrystalnet.storage.journal import Journal

WRITTEN = 6


def journal_bytes():
    text, previous = b"", FIRST
    for n in range(1, WRITTEN + 1):
        details = {"crystal": f"c{n}", "cls": "RES", "note": "ä" * n}
        event = new_event("label.set", n, details)
        line, previous = encode(n, previous, event, details_text(details))
        text += line
    return text


def flip(rng, text, at):
    return text[:at] + bytes([text[at] ^ 1 << rng.randrange(8)]) + text[at + 1 :]


def cut(rng, text, at):
    return text[:at] + text[at + rng.randrange(1, 60) :]


def insert(rng, text, at):
    return text[:at] + rng.randbytes(rng.randrange(1, 60)) + text[at:]


def blank(rng, text, at):
    size = rng.randrange(1, 600)
    return text[:at] + bytes(min(size, len(text) - at)) + text[at + size :]


def end(rng, text, at):
    return text[:at] + rng.choice([b"", bytes(512), rng.randbytes(99), b"\n", b"{}\n"])


def repeat(rng, text, at):
    return text[:at] + text[at : at + rng.randrange(1, 900)] + text[at:]


def swap(rng, text, at):
    lines = text.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


DAMAGES = (flip, cut, insert, blank, end, repeat, swap)


def read(content):
    journal = Journal(Path("x.jsonl"), "x.jsonl", "ay")
    return list(journal.read_from(BytesIO(content))), journal.problems


def damaged(rng, text):
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        text = rng.choice(DAMAGES)(rng, text, rng.randrange(max(1, len(text) - 1))) or b"\n"
    return text


def invented(count, seed):
    """Read many damaged journals; give the events that nobody had written."""
    rng, text = random.Random(seed), journal_bytes()
    written = read(text)[0]
    return [
        event for _ in range(count) for event in read(damaged(rng, text))[0] if event not in written
    ]


def test_20000_damaged_journals_are_read_and_nothing_altered_is_believed():
    assert invented(20_000, 7) == []


@pytest.mark.long
def test_a_million_damaged_journals_are_read_and_nothing_altered_is_believed():
    assert invented(1_000_000, 8) == []


@pytest.mark.parametrize("tail", [b"", bytes(512), b"\xff" * 40], ids=["cut", "zeros", "rubbish"])
def test_whatever_a_power_cut_leaves_the_lines_before_it_are_read_without_a_word(tail):
    text = journal_bytes()
    ends = [n for n, byte in enumerate(text, 1) if byte == ord("\n")]
    outcomes = [read(text[:size] + tail) for size in range(len(text) + 1)]
    counts = [len(events) for events, _ in outcomes]
    assert counts == [sum(end <= size for end in ends) for size in range(len(text) + 1)]
    assert not any(problems for _, problems in outcomes)
