"""Decisions made on two computers that do not know of each other."""

import shutil

from adjudication_scene import PES, RES, crystal, store, verdict  # noqa: F401  fixtures

from microcrystalnet.storage.merge import merge
from microcrystalnet.storage.project_store import ProjectStore


def copies(store, tmp_path):
    """Give two copies of a project, as on the computers of AY and BK, who both know all labels."""
    store.flush()
    made = []
    for name in ("AY", "BK"):
        shutil.copytree(store.folder, tmp_path / f"copy of {name}")
        made.append(
            ProjectStore.open(
                tmp_path / f"copy of {name}", name, mirror_root=tmp_path / f"mirror of {name}"
            )
        )
    return made


def exchange(first, second):
    """Bring what lies in the second project into the first."""
    second.flush()
    first.flush()
    merge(first.folder, second.folder)
    first.refresh()


def test_two_computers_that_decide_otherwise_leave_a_dispute_on_both(store, crystal, tmp_path):
    one, two = copies(store, tmp_path)
    one.adjudication.decide(crystal, RES, ["AY", "BK"])
    two.adjudication.decide(crystal, PES, ["AY", "BK"])
    exchange(one, two), exchange(two, one)
    assert verdict(one, crystal) == verdict(two, crystal)
    assert verdict(one, crystal).reason == "It was decided in two ways on two computers."


def test_an_objection_from_another_computer_makes_a_decision_fall(store, crystal, tmp_path):
    one, two = copies(store, tmp_path)
    one.adjudication.decide(crystal, RES, ["AY", "BK"])
    two.adjudication.object_to(crystal, "a corner is missing")
    exchange(one, two)
    assert verdict(one, crystal).reason == "BK wants it discussed: a corner is missing"
