"""Three experts on three computers: label blind, exchange in any order, agree on what is open."""

import csv
import json
from collections import Counter
from itertools import combinations

import pytest
from three_experts import (
    EXPERTS,
    at_computer,
    bring,
    everything_of,
    label_everything,
    send,
    settle_all_disputes,
    unlabelled_copies,
)

from microcrystalnet.domain.verdict import State

OTHERS = {"Ana": ("Ben", "Cleo"), "Ben": ("Cleo", "Ana"), "Cleo": ("Ana", "Ben")}


@pytest.fixture
def sit(viewer, tmp_path, monkeypatch):
    return lambda expert: at_computer(viewer, tmp_path, expert, monkeypatch)


def test_three_experts_label_exchange_and_settle(sit, tmp_path, qtbot):
    unlabelled_copies(tmp_path)
    for expert in EXPERTS:
        with sit(expert) as user:
            label_everything(user, expert)
            send(user, tmp_path / f"{expert}.zip", qtbot)
    for expert, others in OTHERS.items():
        with sit(expert) as user:
            for other in (*others, *others):  # twice is as good as once
                bring(user, tmp_path / f"{other}.zip", qtbot)
    answers, verdicts = everything_of(tmp_path, "Ana")
    assert all(everything_of(tmp_path, each) == (answers, verdicts) for each in EXPERTS[1:])
    assert {len(said) for said in answers.values()} == {3}
    assert len(answers) == 196
    states = Counter(verdict.state for verdict in verdicts.values())
    assert states[State.AGREED] > 100 < states.total() - states[State.DISPUTED]

    with sit("Ben") as user:
        check_agreement(user, tmp_path / "agreement", qtbot)
        settle_all_disputes(user, beside="Cleo")
        send(user, tmp_path / "decided.zip", qtbot)
    for expert in ("Ana", "Cleo"):
        with sit(expert) as user:
            bring(user, tmp_path / "decided.zip", qtbot)
    settled = [everything_of(tmp_path, each) for each in EXPERTS]
    assert settled[0] == settled[1] == settled[2]
    left = {verdict.state for verdict in settled[0][1].values()}
    assert left == {State.AGREED, State.ADJUDICATED}


def check_agreement(user, folder, qtbot):
    """Export the agreement report by its button, and work it out anew from the exported CSV."""
    folder.mkdir()
    step = user.dock.experts
    user.dock._dialogs.path = folder
    user.go_to("Consensus")
    user.click(step.panel.buttons["Agreement"])
    user.click(step.agreement.panel.reveal_button)
    qtbot.waitUntil(lambda: step.agreement._compared is not None, timeout=60_000)
    user.click(step.agreement.panel.export_button)
    found = json.loads((folder / "agreement.json").read_text())
    with (folder / "answers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    said = {}
    for row in rows:
        said.setdefault(row["crystal"], {})[row["expert"]] = row["label"]
    assert found["n_crystals"] == len(said) == 196
    assert found["percent_agreement"] == pytest.approx(percent(said), abs=1e-9)
    assert found["krippendorff_alpha"]["value"] == pytest.approx(alpha(said), abs=1e-9)
    assert found["cohen_kappa"] == pytest.approx(kappas(said), abs=1e-9)


def percent(said):
    """Share of pairs of answers on one crystal that are the same."""
    same = [a == b for votes in said.values() for a, b in combinations(votes.values(), 2)]
    return sum(same) / len(same)


def alpha(said):
    """Krippendorff (2011), nominal: observed over expected disagreement of the coincidences."""
    pairs, totals = Counter(), Counter()
    for votes in said.values():
        for a, b in combinations(votes.values(), 2):
            pairs[a, b] += 1 / (len(votes) - 1)
            pairs[b, a] += 1 / (len(votes) - 1)
        totals.update(votes.values())
    n = totals.total()
    expected = sum(totals[a] * totals[b] for a in totals for b in totals if a != b) / (n - 1)
    return 1 - sum(count for (a, b), count in pairs.items() if a != b) / expected


def kappas(said):
    """Cohen's kappa of each pair of experts by scikit-learn."""
    from sklearn.metrics import cohen_kappa_score

    return {
        f"{a}|{b}": cohen_kappa_score(
            [votes[a] for votes in said.values()], [votes[b] for votes in said.values()]
        )
        for a, b in combinations(sorted(EXPERTS), 2)
    }
