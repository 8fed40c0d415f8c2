"""Which round asks whom, and which labels a seal fixes, from events in any order."""

from collections.abc import ValuesView

import pytest

from microcrystalnet.domain.label import UNCLEAR, Label
from microcrystalnet.domain.round import Round
from microcrystalnet.storage import checkups
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.fold import Fold, Vote
from microcrystalnet.storage.round_fold import RoundBook, Seal, round_to_json
from microcrystalnet.storage.rounds import digest

FIRST = Round("R1", ("i1", "i2"), ("AY", "BK"))
SECOND = Round("R2", ("i2", "i3"), ("AY",))


def opening(round_, at):
    event = Event(f"E{at}", at, 0, 1, "round.open", round_to_json(round_))
    return event, (at, event.id)


def book_of(*openings):
    book = RoundBook()
    [book.open(*each) for each in openings]
    return book


class CountedVotes(dict):
    """Votes that count how often all of them were looked through."""

    looks = 0

    def values(self) -> ValuesView:
        self.looks += 1
        return super().values()


@pytest.mark.parametrize("read", [(0, 1), (1, 0)])
def test_the_latest_round_asks_in_whatever_order_the_rounds_are_read(read):
    openings = opening(FIRST, 1), opening(SECOND, 2)
    book = book_of(*(openings[each] for each in read))
    assert book.asking("AY") == {"i1": FIRST, "i2": SECOND, "i3": SECOND}
    assert book.asking("BK") == {"i1": FIRST, "i2": FIRST}


def test_a_round_that_is_read_later_asks_as_well():
    book = book_of(opening(FIRST, 1))
    assert book.current("i3", "AY") is None
    book.open(*opening(SECOND, 2))
    assert book.current("i3", "AY") == SECOND


def test_only_the_seal_of_the_latest_round_opens_a_micrograph():
    book = book_of(opening(FIRST, 1), opening(SECOND, 2))
    book.seals["R1", "i1", "AY"] = book.seals["R1", "i2", "AY"] = Seal((3, "S"), 0, "")
    assert book.withheld("AY") == {"i2", "i3"}


def sealed(fold, image, crystal_id, label_id):
    """Let AY label a crystal in the first round, and seal its micrograph."""
    label = Label(label_id, crystal_id, "AY", UNCLEAR, "mask")
    fold.votes[crystal_id] = {("AY", "R1", 0, True, False): Vote((1, label_id), image, label)}
    fold.rounds.seals["R1", image, "AY"] = Seal((9, "S"), 1, digest([label_id]))


def test_all_seals_are_checked_in_one_look_at_the_labels():
    fold = Fold(votes=CountedVotes())
    sealed(fold, "i1", "c1", "L1")
    sealed(fold, "i2", "c2", "L2")
    assert (list(checkups.seals(fold)), fold.votes.looks) == ([], 1)
