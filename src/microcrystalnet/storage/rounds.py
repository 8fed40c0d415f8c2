"""Rounds as a project offers them: open, see what is left, seal, and only then look."""

import hashlib
import secrets
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from ulid import ULID

from microcrystalnet.domain.round import Blindness, Round
from microcrystalnet.errors import BlindError, ProjectError
from microcrystalnet.progress import Progress, to_the_end
from microcrystalnet.storage.collecting import AT_ONCE, COLLECTING
from microcrystalnet.storage.header import checked_name
from microcrystalnet.storage.history import Change
from microcrystalnet.storage.layout import CONTROL
from microcrystalnet.storage.round_counts import RoundCounts, Share
from microcrystalnet.storage.round_fold import RoundBook, Seal, round_to_json

if TYPE_CHECKING:
    from microcrystalnet.storage.desk import Desk

MOST_REPEATS = 0.5
RESERVED = (
    "You may be asked for the deciding label of this crystal, so what the classifier thinks of it "
    "is closed to you; label it, or look at another one."
)


class Rounds:
    """The rounds of one open project, seen by the expert at the keyboard."""

    def __init__(self, desk: "Desk", counts: RoundCounts, tell: Callable[[Change], None]) -> None:
        self._desk, self._counts, self._tell = desk, counts, tell
        self._due: dict[str, frozenset[str]] = {}

    @property
    def _expert(self) -> str:
        return self._desk.session.actor

    @property
    def _book(self) -> RoundBook:
        return self._desk.visibility.book

    def all(self) -> tuple[Round, ...]:
        """Give every round in the order of opening."""
        return self._book.ordered()

    def current(self, image_id: str) -> Round | None:
        """Give the round that asks the expert at the keyboard about a micrograph; else None."""
        return self._book.current(image_id, self._expert)

    def blind_on(self, image_id: str) -> bool:
        """Say whether others' answers, predictions and saliency are closed on a micrograph."""
        return self._book.unsealed(image_id, self._expert) is not None

    @property
    def withheld(self) -> frozenset[str]:
        """Ids of the micrographs whose other answers are closed to the expert at the keyboard."""
        return self._book.withheld(self._expert)

    @property
    def blind_session(self) -> bool:
        """Whether the expert labels blind and has sealed nothing yet: no other's file is opened."""
        return self._desk.visibility.blind_session(self._expert)

    def require_open(self) -> None:
        """Refuse to show the others' answers to somebody who still labels blind.

        Raises
        ------
        BlindError
            If the expert at the keyboard has sealed nothing of the rounds there are.
        """
        if self.blind_session:
            raise BlindError(
                "You label blind: the others' answers, predictions and saliency maps stay closed "
                "until you seal a micrograph on Consensus > Rounds."
            )

    def require_revealed(self, image_id: str, crystal_id: str = "") -> None:
        """Refuse to show predictions and saliency on what is labelled blind.

        Raises
        ------
        BlindError
            If the expert at the keyboard has not sealed the micrograph, or may still be asked for
            the deciding label of the crystal.
        """
        if self.blind_on(image_id):
            raise BlindError(
                "You label this micrograph blind: what the classifier thinks of it stays closed "
                "until you seal it on Consensus > Rounds."
            )
        if crystal_id in self.reserve(image_id):
            raise BlindError(RESERVED)

    def reserve(self, image_id: str) -> frozenset[str]:
        """Give the crystals of a micrograph of which one may still be asked for the deciding label.

        What others and classifiers say of them stays closed until that label is given, or until
        it is known that the planned experts agree.
        """
        return self._counts.reserve(image_id)

    def newly_due(self, image_id: str) -> tuple[str, ...]:
        """Give the crystals whose own answer is shown or hidden anew since the last question.

        A crystal that is to be labelled a second time hides its first answer when its time comes.
        """
        before = self._due.get(image_id, frozenset())
        blind = self.blind_on(image_id)
        now = self._desk.state.agenda.due_now(image_id, self._expert) if blind else before
        self._due[image_id] = now
        return tuple(sorted(before ^ now))

    def may_reveal(self, image_id: str) -> bool:
        """Say whether the others' answers on a micrograph may be shown."""
        return not self.blind_on(image_id)

    def sealed(self, image_id: str, expert: str | None = None) -> bool:
        """Say whether an expert has sealed a micrograph in the round that asks about it."""
        return self._book.sealed(image_id, expert or self._expert)

    def queue(self, image_id: str) -> tuple[str, ...] | None:
        """Give the crystals the expert labels here, in the expert's order; None outside a round."""
        plan = self._desk.state.agenda.plan(image_id, self._expert)
        return plan.crystals if plan else None

    def left(self, image_id: str) -> int:
        """Count the crystals that wait for the expert's answer, as `work` gives them."""
        return self._counts.left(image_id)

    def work(self, image_id: str) -> tuple[str, ...]:
        """Give the crystals that wait for the expert's answer, in the expert's order.

        A crystal that is to be labelled a second time is in it again when its time has come.
        """
        return self._desk.state.agenda.left(image_id, self._expert)

    def open(
        self,
        image_ids: Sequence[str],
        experts: Sequence[str],
        *,
        min_labels: int = 2,
        third_on_dispute: bool = True,
        blind: Blindness = Blindness.ON,
        order_seed: int | None = None,
        repeat_frac: float = 0.05,
    ) -> Round:
        """Open a round: from now on its experts label these micrographs blind.

        Parameters
        ----------
        order_seed
            Fixes everyone's order; a random one unless given.
        repeat_frac
            Share of the crystals, 0..0.5, that each expert labels twice without being told.

        Raises
        ------
        ProjectError
            If a micrograph is not in the project, an expert is named twice, there are fewer
            experts than labels, or a number is out of range.
        """
        names = _checked_experts(experts, min_labels)
        images = tuple(dict.fromkeys(self._desk.state.micrograph(i).image_id for i in image_ids))
        if not images:
            raise ProjectError("A round needs at least one micrograph; choose which.")
        if not 0 <= repeat_frac <= MOST_REPEATS:
            raise ProjectError(
                f"Between 0 and {100 * MOST_REPEATS:.0f} % of the crystals can come a second time, "
                f"not {100 * repeat_frac:.0f} %."
            )
        seed = secrets.randbelow(2**31) if order_seed is None else order_seed
        made = Round(
            str(ULID()), images, names, min_labels, third_on_dispute, Blindness(blind), seed,
            repeat_frac, self._desk.state.scheme.version,
        )  # fmt: skip
        self._desk.note(CONTROL, "round.open", round_to_json(made))
        self._tell(Change("rounds", None, (), f"Opened a round for {', '.join(names)}"))
        return made

    def seal(self, image_id: str) -> Seal:
        """Say that one is done with a micrograph: the labels are fixed, then all may be seen.

        Raises
        ------
        ProjectError
            If no round asks this expert about it, or it is sealed already.
        """
        round_ = self._book.unsealed(image_id, self._expert)
        if round_ is None:
            name = self._desk.state.micrograph(image_id).file_name
            known = self.current(image_id) is not None
            why = "you have done so already" if known else f"no round asks {self._expert} about it"
            raise ProjectError(f"{name} cannot be sealed: {why}.")
        ids = self._desk.visibility.label_ids(round_.round_id, image_id, self._expert)
        details = {
            "round": round_.round_id, "image": image_id, "n": len(ids), "digest": digest(ids),
        }  # fmt: skip
        self._desk.note(CONTROL, "seal", details)
        self._desk.release(round_.round_id, image_id)
        self._tell(Change("rounds", image_id, (), "Sealed a micrograph"))
        return self._book.seals[round_.round_id, image_id, self._expert]

    def ask_thirds(self) -> int:
        """Ask for a third label wherever two sealed ones differ; gives the number of crystals.

        The others' labels must have been read, by `ProjectStore.votes`. The one who is asked
        learns which crystals, and not what was said of them.
        """
        return to_the_end(self.asking_thirds())

    def asking_thirds(self) -> Generator[Progress, None, int]:
        """Do what `ask_thirds` does, with a pause after every few crystals."""
        asked: dict[tuple[str, str, str], list[str]] = {}
        for image_id in dict.fromkeys(i for each in self.all() for i in each.image_ids):
            there = self._desk.state.crystal_ids(image_id) if self.may_reveal(image_id) else ()
            for at in range(0, len(there), AT_ONCE):
                some = there[at : at + AT_ONCE]
                for round_id, crystal_id, third in self._desk.visibility.thirds(image_id, some):
                    asked.setdefault((round_id, image_id, third), []).append(crystal_id)
                yield Progress(0, 0, COLLECTING)
        for (round_id, image_id, third), crystals in asked.items():
            details = {
                "round": round_id, "image": image_id, "expert": third, "crystals": sorted(crystals),
            }  # fmt: skip
            self._desk.note(CONTROL, "round.third", details)
            yield Progress(0, 0, COLLECTING)
        return sum(map(len, asked.values()))

    def progress(self, round_: Round) -> tuple[Share, ...]:
        """Give how far every expert is on every micrograph; others' counts only where revealed."""
        return tuple(self._counts.shares(round_))

    def counting(self, round_: Round) -> Iterator[Progress]:
        """Do the counting of `progress` and `left`, with a pause after every expert's part."""
        return self._counts.counting(round_)


def digest(label_ids: Sequence[str]) -> str:
    """Give the digest that a seal puts on the ids of sorted labels (BLAKE2b, 16 hex digits)."""
    return hashlib.blake2b("\n".join(label_ids).encode(), digest_size=8).hexdigest()


def _checked_experts(experts: Sequence[str], min_labels: int) -> tuple[str, ...]:
    names = tuple(checked_name(each) for each in experts)
    known: dict[str, str] = {}
    for name in names:
        if (other := known.setdefault(name.casefold(), name)) is not name or names.count(name) > 1:
            raise ProjectError(
                f"Two experts of a round cannot both be called {other}; let one of them take "
                "another name, and label under it."
            )
    if not 1 <= min_labels <= len(names):
        who = "1 expert" if len(names) == 1 else f"{len(names)} experts"
        possible = "1 label" if len(names) == 1 else f"between 1 and {len(names)} labels"
        raise ProjectError(
            f"{who} cannot give {min_labels} labels to each crystal; choose {possible}, or name "
            "more experts."
        )
    return names
