import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage_scene import IMAGE, disc

from microcrystalnet.domain.crystal import Crystal, MaskSource
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.fold import Fold
from microcrystalnet.storage.records import crystal_to_json

CRYSTALS, EXPERTS = ("c1", "c2"), ("AY", "BK")
PUT = {
    each: crystal_to_json(Crystal(each, IMAGE, disc(), MaskSource.AUTO), None, None)
    for each in CRYSTALS
}


def details(kind, crystal, cls):
    if kind == "mask.put":
        return PUT[crystal]
    if kind == "round.open":
        return {"round": crystal, "images": [IMAGE], "experts": [*EXPERTS, cls], "min_labels": 2,
                "third_on_dispute": True, "blind": "on", "order_seed": 1,
                "repeat_frac": 0.05}  # fmt: skip
    if kind == "round.third":
        return {"round": "c1", "image": IMAGE, "crystals": [crystal], "expert": cls}
    if kind == "seal":
        return {"round": crystal, "image": IMAGE, "n": 1, "digest": cls}
    return {"image": IMAGE, "crystal": crystal, "mask": "0" * 16, "cls": cls}


@st.composite
def histories(draw):
    kinds = st.sampled_from(
        ["mask.put", "mask.del", "label.set", "label.undo", "round.open", "round.third", "seal"]
    )
    step = st.tuples(
        kinds, st.sampled_from(CRYSTALS), st.sampled_from("RP"), st.integers(1, 6),
        st.sampled_from(EXPERTS),
    )  # fmt: skip
    steps = draw(st.lists(step, max_size=12))
    return [
        (Event(f"id{n:03}", lc, 0, 1, kind, details(kind, crystal, cls)), actor)
        for n, (kind, crystal, cls, lc, actor) in enumerate(steps)
    ]


def folded(history):
    fold = Fold()
    [fold.apply(event, actor) for event, actor in history]
    return fold


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(history, random):
    shuffled = random.sample(history, len(history))
    assert folded(shuffled) == folded(history)


@given(histories())
def test_reading_twice_does_not_matter(history):
    assert folded(history + history) == folded(history)


@given(histories(), st.integers(0, 12))
def test_folding_in_two_parts_is_folding_at_once(history, cut):
    fold = folded(history[:cut])
    [fold.apply(event, actor) for event, actor in history[cut:]]
    assert fold == folded(history)


def label(lc, id_, cls, **more):
    return Event(id_, lc, 0, 1, "label.set", details("label.set", "c1", cls) | more)


def test_the_label_with_the_higher_counter_wins():
    fold = folded([(label(9, "a", "RES"), "AY"), (label(8, "b", "PES"), "AY")])
    assert fold.vote("c1", "AY").label.answer.cls == "RES"


def test_equal_counters_are_settled_by_the_id():
    fold = folded([(label(9, "b", "RES"), "AY"), (label(9, "a", "PES"), "AY")])
    assert fold.vote("c1", "AY").label.answer.cls == "RES"


def test_the_clock_decides_nothing():
    late = label(1, "a", "PES")._replace(ts=10**15)
    fold = folded([(late, "AY"), (label(2, "b", "RES"), "AY")])
    assert fold.vote("c1", "AY").label.answer.cls == "RES"


def test_a_silent_repeat_does_not_replace_the_label():
    fold = folded([(label(1, "a", "RES"), "AY"), (label(2, "b", "PES", **{"pass": 1}), "AY")])
    assert fold.vote("c1", "AY").label.answer.cls == "RES"


def test_an_unknown_event_is_counted_and_ignored():
    fold = folded([(Event("a", 4, 0, 1, "crystal.paint", {}), "AY")])
    assert (fold.unknown["crystal.paint"], fold.highest) == (1, 4)


def test_an_event_of_a_newer_version_is_not_interpreted():
    fold = folded([(label(1, "a", "RES")._replace(v=2), "AY")])
    assert fold.newer
    assert fold.vote("c1", "AY") is None


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("label.set", {"image": IMAGE, "crystal": "c1", "cls": "RES"}),
        ("label.set", details("label.set", "c1", 7)),
        ("label.set", details("label.set", "c1", "RES") | {"flags": ["sleepy"]}),
        ("label.set", details("label.set", "c1", "RES") | {"pass": "x"}),
        ("mask.put", {"image": IMAGE, "crystal": "c1", "bbox": [0, 0, 1.5, 2], "rle": ""}),
        ("mask.del", {"image": "../../../etc/passwd", "crystal": "c1"}),
        ("image.add", {"image": "../../../etc/passwd"}),
        ("image.scale", {"image": IMAGE, "pixel_um": [0, 1], "source": "typed by hand"}),
        ("scheme.set", {"name": "x"}),
        ("role.grant", {"actor": "AY"}),
        ("reveal", {"crystals": 5}),
        ("reveal.classifier", {"crystals": ["c1"]}),
        ("reveal.classifier", {"crystals": 5, "assist": "prediction"}),
        ("adj.undo", {"image": "../../../etc/passwd", "crystal": "c1", "act": "a"}),
        ("image.scale", {"image": IMAGE, "pixel_um": [10**400, 1], "source": "typed by hand"}),
    ],
)
def test_an_event_of_wrong_details_changes_nothing(kind, wrong):
    fold = Fold()
    with pytest.raises((ValueError, KeyError, TypeError)):
        fold.apply(Event("a", 0, 0, 1, kind, wrong), "AY")
    assert fold == Fold()


def test_the_micrograph_of_a_decision_does_not_depend_on_the_order_of_reading():
    said = [
        Event(f"id{lc}", lc, 0, 1, "adj.undo", {"image": image, "crystal": "c1", "act": "a"})
        for lc, image in ((1, IMAGE), (2, "0" * 20))
    ]
    there = folded([(event, "AY") for event in said])
    back = folded([(event, "AY") for event in reversed(said)])
    assert there.docket.image_of("c1") == back.docket.image_of("c1") == IMAGE


def test_an_example_taken_back_by_another_was_still_shown_by_the_first():
    fold = folded(
        [
            (Event(f"id{lc}", lc, 0, 1, "atlas.show", details("", "c1", cls)), who)
            for lc, cls, who in ((1, "RES", "AY"), (2, "PES", "BK"))
        ]
    )
    assert fold.showcase.was_shown("c1", "BK")
