"""What the window holds to outline crystals: it remembers the micrograph that is shown.

A child process that crashed, was cancelled or forgot the micrograph answers `NotPreparedError`;
the micrograph is then prepared again and the question repeated, without the user noticing more
than the time it takes.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.engines.client import EngineClient, Listener
from microcrystalnet.errors import MicroCrystalError, NotPreparedError, SegmentationError
from microcrystalnet.imaging.preprocess import Recipe
from microcrystalnet.progress import Progress
from microcrystalnet.segmentation.segmenter import EverythingSettings

SHOW, PROMPT, EVERYTHING = "show", "prompt", "everything"


@dataclass(frozen=True, slots=True)
class _Shown:
    image_id: str
    pixels: NDArray[np.uint8]
    engine: str
    recipe: Recipe


class SegmentationEngine:
    """Outline crystals of the shown micrograph in a child process.

    Every method returns at once; listeners are called on a thread of the client. In each lane (one
    for showing, one for prompts, one for the automatic pass) the latest request wins.
    """

    def __init__(self, client: EngineClient | None = None) -> None:
        self._client = client or EngineClient("segmentation")
        self._shown: _Shown | None = None
        self._lock = threading.Lock()
        self._latest: dict[str, _Question] = {}

    @property
    def running(self) -> bool:
        """Whether the child process is there."""
        return self._client.running

    @property
    def process_id(self) -> int | None:
        """Process id of the child, if there is one."""
        return self._client.process_id

    def show(
        self,
        image_id: str,
        pixels: NDArray[np.uint8],
        engine: str,
        listener: Listener,
        recipe: Recipe | None = None,
    ) -> int:
        """Prepare a (height, width) micrograph for an engine (see `open_segmenter`).

        It is filtered by the ``recipe`` before. The listener's `done` gets None once prompts are
        answered at once.
        """
        filters = recipe or Recipe()
        self._shown = _Shown(f"{image_id}{filters.digest}", pixels, engine, filters)
        return self._prepare(self._shown, listener, SHOW)

    def propose(self, prompt: Prompt, listener: Listener) -> int:
        """Ask for masks; `done` gets `MaskProposals`.

        Raises
        ------
        SegmentationError
            If no micrograph is shown.
        """
        return self._ask("propose", {"prompt": prompt}, PROMPT, listener)

    def hover(self, prompt: Prompt, listener: Listener) -> int | None:
        """Ask what a click would give; None where no micrograph is shown.

        It shares the lane of `propose`, so that no click waits behind it, and is not repeated: a
        child that does not know the micrograph refuses, and nothing is prepared for it. Do not
        call it while a prompt waits for its answer.
        """
        shown = self._shown
        if shown is None:
            return None
        where = {"image_id": shown.image_id, "engine": shown.engine, "prompt": prompt}
        return self._client.request("propose", where, listener, lane=PROMPT)

    def everything(self, settings: EverythingSettings, listener: Listener) -> int:
        """Ask for every crystal; `done` gets a list of `Mask`.

        Raises
        ------
        SegmentationError
            If no micrograph is shown.
        """
        return self._ask("everything", {"settings": settings}, EVERYTHING, listener)

    def cancel(self, request_id: int) -> None:
        """Stop a request; its listener hears nothing more."""
        current = request_id
        with self._lock:
            for lane, question in list(self._latest.items()):
                if question.number == request_id:
                    current = question.current
                    del self._latest[lane]
        self._client.cancel(current)

    def close(self) -> None:
        """End the child process."""
        self._client.close()

    def _prepare(self, shown: _Shown, listener: Listener, lane: str) -> int:
        arguments = {
            "image_id": shown.image_id,
            "pixels": shown.pixels,
            "engine": shown.engine,
            "recipe": shown.recipe,
        }
        return self._client.request("prepare", arguments, listener, lane=lane)

    def _ask(
        self, method: str, arguments: Mapping[str, object], lane: str, listener: Listener
    ) -> int:
        shown = self._shown
        if shown is None:
            raise SegmentationError("Open a micrograph before outlining crystals.")
        where = {"image_id": shown.image_id, "engine": shown.engine, **arguments}
        question = _Question(self, shown, method, where, lane, listener)
        with self._lock:
            self._latest[lane] = question
            question.current = question.number = self._send(question)
        return question.number

    def _send(self, question: "_Question") -> int:
        return self._client.request(
            question.method, question.arguments, question, lane=question.lane
        )

    def look_again(self, question: "_Question") -> None:
        """Prepare the micrograph for a question that a fresh child could not answer."""
        with self._lock:
            if self._wanted(question):
                preparation = _Preparation(self, question)
                question.current = self._prepare(question.shown, preparation, question.lane)

    def ask_again(self, question: "_Question") -> None:
        """Repeat a question after its micrograph was prepared."""
        with self._lock:
            if self._wanted(question):
                question.current = self._send(question)

    def _wanted(self, question: "_Question") -> bool:
        """Say whether somebody waits: prompts end with their micrograph, everything does not."""
        here = question.lane == EVERYTHING or self._shown is question.shown
        return here and self._latest.get(question.lane) is question


@dataclass(eq=False)
class _Question:
    """A request and its listener; has the micrograph prepared once if the child forgot it."""

    engine: SegmentationEngine
    shown: _Shown
    method: str
    arguments: Mapping[str, object]
    lane: str
    listener: Listener
    number: int = 0
    current: int = 0
    repeated: bool = False

    def progress(self, progress: Progress) -> None:
        self.listener.progress(progress)

    def done(self, result: object) -> None:
        self.listener.done(result)

    def failed(self, error: MicroCrystalError) -> None:
        if isinstance(error, NotPreparedError) and not self.repeated:
            self.repeated = True
            self.engine.look_again(self)
        else:
            self.listener.failed(error)


@dataclass(eq=False)
class _Preparation:
    """Hears a preparation on behalf of the question that needs it."""

    engine: SegmentationEngine
    question: _Question

    def progress(self, progress: Progress) -> None:
        self.question.progress(progress)

    def done(self, result: object) -> None:
        self.engine.ask_again(self.question)

    def failed(self, error: MicroCrystalError) -> None:
        self.question.listener.failed(error)
