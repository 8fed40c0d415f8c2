"""The order of the queue of disputes."""

from microcrystalnet.domain.label import Answer, Label
from microcrystalnet.progress import to_the_end
from napari_mcn.dispute_order import ordering

RES, PES = Answer("RES"), Answer("PES")


def labels(*answers):
    named = zip("ABC", answers, strict=False)
    return {expert: Label(f"l{expert}", "c", expert, answer, "m") for expert, answer in named}


def order_of(crystal_ids, votes):
    return to_the_end(ordering(crystal_ids, votes, {}, {}))


def test_it_begins_where_the_experts_reliability_tells_least():
    alike = {f"r{number}": labels(RES, RES, RES) for number in range(8)}
    alike |= {f"p{number}": labels(PES, PES, PES) for number in range(8)}
    votes = {**alike, "odd": labels(RES, PES), "told": labels(RES, RES, PES)}
    assert order_of(["told", "odd"], votes) == ("odd", "told")


def test_equals_keep_their_order():
    votes = {each: labels(RES, PES) for each in ("c1", "c2")}
    assert order_of(["c2", "c1"], votes) == ("c2", "c1")
