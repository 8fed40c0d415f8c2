"""What experts said before they saw anybody else's answer, and what of it a seal fixes."""

from collections.abc import Iterator, Mapping, Sequence

from microcrystalnet.domain.round import Round
from microcrystalnet.storage.fold import Fold, Stamp, Vote

SealKey = tuple[str, str, str]  # round, image and expert


def blind_vote(fold: Fold, crystal_id: str, actor: str, turn: int = 0) -> Vote | None:
    """Give what an expert said last before seeing anybody else's answer.

    What was said without the classifier's help comes before what was said with it.
    """
    mine = [
        (assisted, vote)
        for (expert, _, given, blind, assisted), vote in fold.votes.get(crystal_id, {}).items()
        if blind and expert == actor and given == turn
    ]
    alone = [vote for assisted, vote in mine if not assisted]
    return max(alone or [vote for _, vote in mine], default=None, key=_stamp)


def was_sealed(
    fold: Fold, crystal_id: str, image_id: str, actor: str, round_: Round | None
) -> bool:
    """Say whether an expert's first blind answer of a round is one that their seal fixes."""
    if round_ is None:
        return False
    votes = fold.votes.get(crystal_id, {})
    keys = ((actor, round_.round_id, 0, True, assisted) for assisted in (False, True))
    seal = fold.rounds.seals.get((round_.round_id, image_id, actor))
    given = [votes[key].stamp for key in keys if key in votes]
    return bool(given) and seal is not None and max(given) < seal.stamp


def blind_ids(fold: Fold, round_id: str, image_id: str, actor: str) -> list[str]:
    """Give the ids of the blind labels an expert gave in a round, both passes, sorted."""
    wanted = round_id, image_id, actor
    return sorted(stamp[1] for sealed_by, stamp in _blind(fold) if sealed_by == wanted)


def blind_stamps(fold: Fold) -> Mapping[SealKey, Sequence[Stamp]]:
    """Give when the blind labels of all rounds were given, both passes, by their seal."""
    found: dict[SealKey, list[Stamp]] = {}
    for sealed_by, stamp in _blind(fold):
        found.setdefault(sealed_by, []).append(stamp)
    return found


def _blind(fold: Fold) -> Iterator[tuple[SealKey, Stamp]]:
    """Give the latest blind label of each expert, round and pass, assisted or not."""
    for votes in fold.votes.values():
        latest: dict[tuple[str, str, int], Vote] = {}
        for (expert, round_id, turn, blind, _), vote in votes.items():
            if not blind or round_id is None:
                continue
            known = latest.setdefault((expert, round_id, turn), vote)
            latest[expert, round_id, turn] = max(known, vote, key=_stamp)
        for (expert, round_id, _), vote in latest.items():
            if vote.label is not None:
                yield (round_id, vote.image_id, expert), vote.stamp


def _stamp(vote: Vote) -> Stamp:
    return vote.stamp
