"""Rounds, seals and third labels asked for, as a fold over events in whatever order they come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from microcrystalnet.domain.round import Blindness, Round
from microcrystalnet.labelling.rounds import ranked_experts
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.records import Details, integers, number, text

Stamp = tuple[int, str]  # Lamport counter and event id


class Seal(NamedTuple):
    """That an expert is done with a micrograph; the digest fixes the labels given until then."""

    stamp: Stamp
    labels: int
    digest: str


@dataclass(slots=True)
class RoundBook:
    """All rounds by id, seals by (round, image, expert), third labels by round and crystal."""

    rounds: dict[str, tuple[Stamp, Round]] = field(default_factory=dict)
    seals: dict[tuple[str, str, str], Seal] = field(default_factory=dict)
    thirds: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    _ranks: dict[str, dict[str, tuple[str, ...]]] = field(  # experts by round and crystal
        default_factory=dict, init=False, repr=False, compare=False
    )
    _asking: dict[str, dict[str, Round]] | None = field(  # by expert and image, until one is opened
        default=None, init=False, repr=False, compare=False
    )

    def open(self, event: Event, stamp: Stamp) -> None:
        """Add a round; the same id opened twice is the first of the two."""
        round_ = round_from_json(event.d)
        known = self.rounds.get(round_.round_id)
        if known is None or stamp < known[0]:
            self.rounds[round_.round_id] = (stamp, round_)
            self._ranks.pop(round_.round_id, None)
            self._asking = None

    def seal(self, event: Event, stamp: Stamp, actor: str) -> None:
        """Add a seal; the first one of an expert binds."""
        key = text(event.d["round"]), text(event.d["image"]), actor
        made = Seal(stamp, integers([event.d["n"]], 1)[0], text(event.d["digest"]))
        self.seals[key] = min(made, self.seals.get(key, made))

    def ask_third(self, event: Event) -> None:
        """Add crystals that another expert is asked about."""
        round_id, expert = text(event.d["round"]), text(event.d["expert"])
        crystals = [text(each) for each in cast(Sequence[object], event.d["crystals"])]
        asked = self.thirds.setdefault(round_id, {})
        for crystal_id in crystals:
            asked.setdefault(crystal_id, set()).add(expert)

    def ordered(self) -> tuple[Round, ...]:
        """Give the rounds in the order of opening."""
        return tuple(round_ for _, round_ in sorted(self.rounds.values(), key=lambda each: each[0]))

    def current(self, image_id: str, expert: str) -> Round | None:
        """Give the latest round that asks an expert about a micrograph."""
        return self.asking(expert).get(image_id)

    def asking(self, expert: str) -> Mapping[str, Round]:
        """Give the latest round that asks an expert about each micrograph, by image id."""
        if self._asking is None:
            self._asking = {}
            for round_ in self.ordered():
                for name in round_.experts:
                    latest = self._asking.setdefault(name, {})
                    latest.update(dict.fromkeys(round_.image_ids, round_))
        return self._asking.get(expert, {})

    def sealed(self, image_id: str, expert: str) -> bool:
        """Say whether an expert sealed a micrograph in the round that asks about it."""
        round_ = self.current(image_id, expert)
        return round_ is not None and (round_.round_id, image_id, expert) in self.seals

    def unsealed(self, image_id: str, expert: str) -> Round | None:
        """Give the round in which an expert labels a micrograph now; None outside one."""
        round_ = self.current(image_id, expert)
        if round_ is None or (round_.round_id, image_id, expert) in self.seals:
            return None
        return round_

    def withheld(self, expert: str) -> frozenset[str]:
        """Give the micrographs on which an expert must not see anybody's answers yet."""
        return frozenset(
            image_id
            for image_id, round_ in self.asking(expert).items()
            if (round_.round_id, image_id, expert) not in self.seals
        )

    def planned(self, round_: Round, crystal_id: str) -> tuple[str, ...]:
        """Give the experts who label a crystal before anybody knows whether it is disputed."""
        return self._ranked(round_, crystal_id)[: round_.min_labels]

    def third(self, round_: Round, crystal_id: str) -> str | None:
        """Give the expert who is asked when the planned ones differ; None if there is no other."""
        rest = self._ranked(round_, crystal_id)[round_.min_labels :]
        return rest[0] if rest and round_.third_on_dispute else None

    def _ranked(self, round_: Round, crystal_id: str) -> tuple[str, ...]:
        """Give the order of asking, which never changes, worked out once."""
        known = self._ranks.setdefault(round_.round_id, {})
        if crystal_id not in known:
            known[crystal_id] = ranked_experts(round_, crystal_id)
        return known[crystal_id]

    def asked_third(self, round_: Round | None, crystal_id: str, expert: str) -> bool:
        """Say whether an expert is asked about a crystal because others differ on it."""
        asked = self.thirds.get(round_.round_id, {}) if round_ else {}
        return expert in asked.get(crystal_id, ())


def round_to_json(round_: Round) -> Details:
    """Give the details of ``round.open``."""
    return {
        "round": round_.round_id,
        "images": list(round_.image_ids),
        "experts": list(round_.experts),
        "min_labels": round_.min_labels,
        "third_on_dispute": round_.third_on_dispute,
        "blind": round_.blind.value,
        "order_seed": round_.order_seed,
        "repeat_frac": round_.repeat_frac,
        "scheme": round_.scheme_version,
    }


def round_from_json(details: Details) -> Round:
    """Read the details of ``round.open``.

    Raises
    ------
    ValueError, KeyError
        If they do not describe a round.
    """
    third, frac = details["third_on_dispute"], number(details["repeat_frac"])
    if not isinstance(third, bool) or not 0 <= frac <= 1:
        raise ValueError(f"this is not a round: {third!r}, {frac!r}")
    least, seed, scheme = integers(
        [details["min_labels"], details["order_seed"], details.get("scheme", 1)], 3
    )
    return Round(
        text(details["round"]),
        _names(details, "images"),
        _names(details, "experts"),
        least,
        third,
        Blindness(text(details["blind"])),
        seed,
        frac,
        scheme,
    )


def _names(details: Mapping[str, object], key: str) -> tuple[str, ...]:
    listed = details[key]
    if not isinstance(listed, list):
        raise ValueError(f"a list is expected, not {listed!r}")
    return tuple(map(text, listed))
