"""The working state of one viewer: which project, micrograph, crystal, expert and model."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from psygnal import Signal, SignalGroupDescriptor

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.errors import ProjectError
from microcrystalnet.imaging.preprocess import Recipe
from microcrystalnet.made_with import made_with
from napari_mcn.pointing import Pointing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.domain.outlining import Outlining
    from microcrystalnet.domain.prediction import Prediction
    from microcrystalnet.storage.project_store import Change, ProjectStore

EMBEDDED = "embedded"


@dataclass(eq=False)
class Session:
    """What the user has open and selected; assign fields on the GUI thread only.

    Every field has a signal of its name in ``events``; ``edited`` tells of a `Change` of the
    project, ``troubled`` of a file that cannot be read, ``predicted`` that a classifier has named
    crystals, ``expected`` which micrographs, by id, are likely to be shown next. ``engine`` is what
    outlines crystals: `EMBEDDED` or the path of a checkpoint; ``recipe`` the filters before that.
    Crystals whose prediction is less probable than ``abstain`` are left open.
    ``marked`` are crystals to be corrected together, ``pointing`` is the crystal that is being
    outlined, ``answers_open`` tells whether the expert at the keyboard asked to see everyone's
    answers.
    """

    store: ProjectStore | None = None
    image_id: str | None = None
    crystal_id: str | None = None
    expert: str | None = None
    model_id: str | None = None
    engine: str = EMBEDDED
    recipe: Recipe = field(default_factory=Recipe)
    marked: frozenset[str] = frozenset()
    pointing: Pointing = field(default_factory=Pointing)
    answers_open: bool = False
    abstain: float = 0.0

    events: ClassVar[SignalGroupDescriptor] = SignalGroupDescriptor()
    edited = Signal(object)
    predicted = Signal()
    predicted_anew = Signal()
    troubled = Signal(object)
    expected = Signal(object)

    def __post_init__(self) -> None:
        """Remember predictions, because reading them at every step would be felt."""
        self._said: tuple[object, Mapping[str, Prediction]] | None = None
        self.journey: Callable[[], AbstractContextManager[object]] = nullcontext

    @property
    def project(self) -> ProjectStore:
        """The open project.

        Raises
        ------
        ProjectError
            If none is open.
        """
        if self.store is None:
            raise ProjectError(
                "No project is open; choose New, Open or Sample on the Project page."
            )
        return self.store

    @property
    def micrograph(self) -> Micrograph | None:
        """The shown micrograph."""
        if self.store is None or self.image_id is None:
            return None
        return self.store.state.micrograph(self.image_id)

    @property
    def crystal(self) -> Crystal | None:
        """The selected crystal, unless it was deleted meanwhile."""
        if self.crystal_id is None:
            return None
        return self.crystals.get(self.crystal_id)

    @property
    def crystals(self) -> dict[str, Crystal]:
        """The crystals of the shown micrograph by id, in order of creation."""
        if self.store is None or self.image_id is None:
            return {}
        return dict(self.store.state.crystals(self.image_id))

    @property
    def blind(self) -> bool:
        """Whether the expert labels the shown micrograph blind: nobody's view of it is shown."""
        if self.store is None or self.image_id is None:
            return False
        return self.store.rounds.blind_on(self.image_id)

    @property
    def reserved(self) -> bool:
        """Whether the expert may yet be asked for the deciding label of the selected crystal."""
        if self.store is None or self.image_id is None:
            return False
        return self.crystal_id in self.store.rounds.reserve(self.image_id)

    @property
    def chosen(self) -> tuple[Crystal, ...]:
        """The crystals to be corrected: the marked ones, or else the selected one."""
        crystals = self.crystals
        wanted = self.marked & crystals.keys() or {self.crystal_id}
        return tuple(each for each in crystals.values() if each.crystal_id in wanted)

    @property
    def coming_again(self) -> tuple[str, ...]:
        """The crystals here that a round silently asks this expert about a second time."""
        if self.store is None or self.image_id is None:
            return ()
        plan = self.store.state.agenda.plan(self.image_id, self.store.actor)
        return plan.repeats if plan else ()

    def crystal_at(self, row: float, col: float) -> Crystal | None:
        """Give the topmost crystal at a place in full-image pixels."""
        place = round(row), round(col)
        there = [each for each in self.crystals.values() if each.mask.contains(*place)]
        return max(reversed(there), key=lambda each: each.z, default=None)

    def predictions(self) -> Mapping[str, Prediction]:
        """Give what the chosen model says of the shown micrograph's crystals, by crystal id."""
        if self.blind:
            return {}
        closed = self.store.rounds.reserve(self.image_id) if self.store and self.image_id else None
        key = self.model_id, self.image_id, self.expert, closed
        if self._said is None or self._said[0] != key:
            self._said = key, self._read_predictions()
        return self._said[1]

    def tell_predicted(self, *, anew: bool = False) -> None:
        """Let everyone know that other predictions are to be seen; ``anew``: just made."""
        self._said = None
        self.predicted.emit()
        if anew:
            self.predicted_anew.emit()

    def model_name(self, model_id: str) -> str:
        """Name a model as people see it."""
        models = self.project.models()
        return f"Model {models.index(model_id) + 1}" if model_id in models else "Unknown model"

    def _read_predictions(self) -> dict[str, Prediction]:
        try:
            return {} if self.image_id is None else self.predictions_of(self.image_id)
        except ProjectError as error:  # asked for in the middle of showing something else
            self.troubled.emit(error)
            return {}

    def predictions_of(self, image_id: str) -> dict[str, Prediction]:
        """Give what the chosen model says of a micrograph's crystals, read anew, by crystal id."""
        if self.store is None or self.model_id is None:
            return {}
        classes = set(self.store.state.scheme.codes)
        known = self.store.predictions(self.model_id, image_id)
        return {each: said for each, said in known.items() if classes.issuperset(said.classes)}

    @property
    def mask_source(self) -> MaskSource:
        """How masks come about that the engine in use outlines."""
        return MaskSource.AUTO if self.engine == EMBEDDED else MaskSource.SAM

    @property
    def outlining(self) -> Outlining:
        """With what crystals are outlined now, for the record."""
        return made_with(self.engine, self.recipe)

    def open(self, store: ProjectStore) -> None:
        """Work on another project, beginning with its first micrograph and newest model."""
        self.close()
        store.on_change = self.edited.emit
        self.store = store
        self.expert = store.actor
        self.model_id = next(reversed(store.models()), None)
        self.show(next(iter(store.state.micrographs), None))

    def show(self, image_id: str | None) -> None:
        """Show another micrograph with no crystal selected."""
        self.crystal_id, self.marked = None, frozenset()
        self.image_id = image_id

    def become(self, expert: str) -> None:
        """Hand the keyboard to another expert."""
        if expert != self.project.actor:
            self.answers_open = False
            self.project.become(expert)
        self.expert = expert

    def go_to(self, image_id: str, crystal_id: str) -> None:
        """Show a crystal on its micrograph; what ``journey`` gives lasts until it is in view."""
        with self.journey():
            if image_id != self.image_id:
                self.show(image_id)
            self.crystal_id = crystal_id

    def follow(self, change: Change | None) -> None:
        """Go where an undo or redo happened; select the crystal if it was about a single one."""
        if change is None or change.image_id is None:
            return
        if change.image_id != self.image_id:
            self.show(change.image_id)
        single = change.crystal_ids[0] if len(change.crystal_ids) == 1 else self.crystal_id
        self.crystal_id = single if single in self.crystals else None

    def close(self) -> None:
        """Close the project; everything said is already on its way to the disk."""
        if self.store is None:
            return
        store, self._said = self.store, None
        self.answers_open = False
        self.show(None)
        self.model_id = None
        self.store = None
        store.on_change = store.on_saved = None
        store.close()
