"""The chosen model's card, the crystals it was judged on, and how crystals are laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.errors import ModelError
from microcrystalnet.learning import model_folder
from microcrystalnet.learning.judged import Judged, judged_of
from microcrystalnet.report.evaluation_figures import Evaluated
from napari_mcn.result_view import colours_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from microcrystalnet.learning.feature_map import FeatureMap
    from microcrystalnet.learning.records import ModelCard
    from napari_mcn.session import Session


class Judgement:
    """What the controllers of the Results page share."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.card: ModelCard | None = None
        self.judged: Judged | None = None
        self.feature_map: FeatureMap | None = None
        self._taken: dict[Path, Judged] = {}  # by the folder of a model that was trained elsewhere

    def read(self) -> None:
        """Take the model that is chosen now; one that cannot be read counts as none."""
        store, model_id = self._session.store, self._session.model_id
        self.card = self.judged = self.feature_map = None
        if store is None or model_id is None:
            return
        try:
            self.card = model_folder.load(store.model_folder(model_id))
        except ModelError:
            return  # the controller that shows the result tells it
        self.judged = judged_of(self.card) or self._taken.get(store.model_folder(model_id))

    def take(self, folder: Path, judged: Judged) -> None:
        """Keep, while the program runs, how the model in a folder did on settled crystals."""
        self._taken[folder] = judged
        self.read()

    def homes(self, crystal_ids: Iterable[str]) -> dict[str, str]:
        """Give the micrograph of each of these crystals that is not deleted; no mask is decoded."""
        state = self._session.project.state
        known = ((each, state.image_of(each)) for each in crystal_ids)
        return {each: image for each, image in known if image and state.exists(each, image)}

    def open_to_see(self, image_id: str, crystal_id: str = "") -> bool:
        """Say whether the expert may see what the classifier thinks of a micrograph or crystal."""
        rounds = self._session.project.rounds
        return rounds.may_reveal(image_id) and crystal_id not in rounds.reserve(image_id)

    def evaluated(self) -> Evaluated:
        """Give what the model's figures are drawn from.

        Raises
        ------
        ModelError
            If it was never judged.
        """
        if self.card is None or self.judged is None:
            raise ModelError("This model was not judged on labelled crystals; train one first.")
        record = self.card.training
        return Evaluated(
            self.judged.truth,
            self.judged.probabilities,
            record.metrics if record else self.judged.metrics(),
            record.history if record else (),
            self.feature_map,
            colours_of(self.card),
        )
