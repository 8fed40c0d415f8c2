"""Which crystals to look at first: those whose class the experts' answers leave most in doubt.

Built on everyone's answers, so it is for those only who may see them. It suggests an order and
never a verdict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from microcrystalnet.domain.label import Label
from microcrystalnet.labelling.answer_table import arrange_any
from microcrystalnet.labelling.answers import GivenAnswer, said
from microcrystalnet.labelling.dawid_skene import doubt, infer, tally

NOTHING_KNOWN = 2.0  # above every doubt


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the answers on one crystal suggest.

    ``likely`` gives the share of belief, 0..1, of every answer that some expert gave somewhere,
    the likeliest first; ``doubt`` runs from 0 (sure) to 1 (all alike).
    """

    crystal_id: str
    likely: Mapping[str, float]
    doubt: float


def suggest(votes: Mapping[str, Mapping[str, Label]]) -> dict[str, Suggestion]:
    """Weigh everyone's answers by how reliable each expert is; by crystal id, as in ``votes``.

    Parameters
    ----------
    votes
        Labels by crystal id and expert; crystals without a label are left out.
    """
    given = [
        GivenAnswer("", crystal_id, expert, said(label.answer))
        for crystal_id, labels in votes.items()
        for expert, label in labels.items()
    ]
    if not given:
        return {}
    table = arrange_any(given)
    posterior = infer(tally(table)).posterior
    doubts = doubt(posterior)
    row_of = {crystal_id: row for row, crystal_id in enumerate(table.crystals)}
    return {
        crystal_id: Suggestion(
            crystal_id,
            _likely(table.classes, posterior[row_of[crystal_id]]),
            float(doubts[row_of[crystal_id]]),
        )
        for crystal_id, labels in votes.items()
        if labels
    }


def by_doubt(crystal_ids: Iterable[str], suggestions: Mapping[str, Suggestion]) -> tuple[str, ...]:
    """Order crystals from the most doubtful; those of equal doubt stay in the order given.

    Crystals without a suggestion come first: nothing at all is known of them.
    """

    def certainty(crystal_id: str) -> float:
        known = suggestions.get(crystal_id)
        # Rounded, so that two machines' last digits do not order crystals differently.
        return -round(NOTHING_KNOWN if known is None else known.doubt, 9)

    return tuple(sorted(crystal_ids, key=certainty))


def _likely(classes: tuple[str, ...], belief: Iterable[float]) -> dict[str, float]:
    shares = {cls: float(share) for cls, share in zip(classes, belief, strict=True)}
    return dict(sorted(shares.items(), key=lambda each: -each[1]))
