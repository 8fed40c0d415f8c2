"""Stand-ins for the viewer and the child processes; each does what the real one promises."""

from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from psygnal import Signal

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.imaging.contrast import to_uint8


class FakeClassMap:
    def __init__(self):
        self.classes, self.visible = {}, True

    def set_classes(self, classes):
        self.classes = {each: code for each, code in classes.items() if code is not None}

    def class_of(self, crystal_id):
        return self.classes.get(crystal_id)

    def update_classes(self, classes):
        self.set_classes(self.classes | dict(classes))

    def set_class(self, crystal_id, code):
        self.set_classes(self.classes | {crystal_id: code})


class FakeOverlay:
    def __init__(self):
        self.shown, self.visible, self.opacity = None, True, 0.6

    @property
    def in_view(self):
        return self.visible and self.shown is not None

    def show_map(self, values, frame, scale=None, limits=None):
        self.shown = values, frame

    def show_whole(self, values, scale=None, limits=None):
        self.shown = values, None

    def prepare(self):
        pass

    def clear(self):
        self.shown = None


class FakeFiltered:
    def __init__(self):
        self.shown = None

    def show(self, pixels, region):
        self.shown = pixels, region

    def clear(self):
        self.shown = None


class FakeBoxes:
    def __init__(self):
        self.masks, self.visible = [], True

    def set_masks(self, masks):
        self.masks = list(masks)


class FakeCrystals:
    visible = True


class FakeSheet:
    def __init__(self):
        self.crystals = FakeCrystals()
        self.filtered, self.boxes = FakeFiltered(), FakeBoxes()
        self.class_map, self.predicted, self.overlay = FakeClassMap(), FakeClassMap(), FakeOverlay()
        self.predicted.visible = False


class FakeCanvas:
    """Remembers what it was told to show."""

    crystal_clicked = Signal(str)
    prompt_changed = Signal(Prompt)
    hovered = Signal(float, float)
    drawn = Signal(object)
    brushed = Signal(str, Mask)
    refused = Signal(str)
    files_dropped = Signal(list)
    classes_changed = Signal()

    def __init__(self):
        self.viewer = None
        self.pixels = self.sheet = self.micrograph = None
        self.remarks = {}
        self.positive, self.tool, self.assist, self.told = True, "look", "none", False
        self.crystals, self.selected, self.previewed = {}, None, None
        self.proposed, self.judged = [], ([], [])
        self.hinted = self.marked = None
        self.prompt = Prompt()
        self.flights, self.taken, self.bare = [], [], False
        self.mode, self.settled = "", None
        self.middle = 0.0, 0.0
        self._held = False

    def show(
        self, shown, pixels, _scheme, _grey=None, crystals=(), *, classes=MappingProxyType({})
    ):
        self.micrograph, self.pixels, self.sheet = shown, to_uint8(pixels), FakeSheet()
        self.sheet.class_map.set_classes(classes)
        self.crystals = {each.crystal_id: each for each in crystals}

    def clear(self):
        self.pixels = self.sheet = self.micrograph = self.selected = self.previewed = None
        self.crystals = {}

    close = clear

    def set_crystals(self, crystals):
        self.crystals = dict(crystals)

    def update_crystals(self, crystals):
        now = self.crystals | dict(crystals)
        self.crystals = {each: crystal for each, crystal in now.items() if crystal is not None}

    def select(self, crystal_id):
        self.selected = crystal_id

    def preview(self, mask):
        self.previewed = mask

    def propose(self, masks):
        self.proposed = list(masks)

    def judge(self, missed, invented):
        self.judged = list(missed), list(invented)

    def hint(self, mask):
        self.hinted = mask

    def mark(self, mask):
        self.marked = mask

    def set_prompt(self, prompt):
        self.prompt = prompt

    def clear_prompt(self):
        self.prompt = Prompt()

    def use_tool(self, tool):
        self.tool = tool

    @contextmanager
    def view_kept(self):
        flights = list(self.flights)
        yield
        self.flights = flights

    def fly_to(self, mask):
        if not self._held:
            self.flights.append(mask)

    come_near = fly_to

    @contextmanager
    def camera_held(self):
        self._held = True
        yield
        self._held = False

    @contextmanager
    def zoom_kept(self):
        yield

    def show_settled(self, classes):
        self.settled = classes
        self.classes_changed.emit()

    def set_mode(self, text):
        self.mode = text

    def hide_overlays(self):
        self.bare = True

    def show_overlays(self):
        self.bare = False

    def crystal_at(self, row, col):
        place = round(row), round(col)
        return next((i for i, each in self.crystals.items() if each.mask.contains(*place)), None)

    def take_stray(self, path):
        self.taken.append(path)


@dataclass
class Asked:
    """One request and who waits for its answer."""

    method: str
    arguments: dict
    listener: object


class FakeClient:
    """Holds requests back until a test answers them."""

    def __init__(self):
        self.asked, self.cancelled, self.forgotten = [], [], []
        self.late = False  # whether the answer is on its way whenever somebody cancels

    @property
    def last(self):
        return self.asked[-1]

    def request(self, method, arguments, listener, *, lane=None):
        self.asked.append(Asked(method, dict(arguments), listener))
        return len(self.asked)

    def forget(self, request_id):
        self.forgotten.append(request_id)
        return not self.late

    def cancel(self, request_id):
        self.cancelled.append(request_id)
        return not self.late

    def close(self):
        pass


class FakeEngine(FakeClient):
    """The segmentation engine, in front of the same held requests."""

    def show(self, image_id, pixels, engine, listener, recipe=None):
        arguments = {"image_id": image_id, "pixels": pixels, "engine": engine, "recipe": recipe}
        return self.request("prepare", arguments, listener)

    def propose(self, prompt, listener):
        return self.request("propose", {"prompt": prompt}, listener)

    def hover(self, prompt, listener):
        return self.request("hover", {"prompt": prompt}, listener)

    def everything(self, settings, listener):
        return self.request("everything", {"settings": settings}, listener)


def listeners(session, canvas):
    """Count who listens to each signal of the session and the canvas."""
    names = [name for name in dir(FakeCanvas) if isinstance(getattr(FakeCanvas, name), Signal)]
    return {
        **{name: len(getattr(session.events, name)) for name in session.events},
        **{name: len(getattr(session, name)) for name in ("edited", "predicted", "expected")},
        **{name: len(getattr(canvas, name)) for name in names},
        **{name: len(getattr(session.pointing, name)) for name in ("moved", "changed")},
    }


class Now:
    """Works at once, so that tests need not wait."""

    def __init__(self):
        self.works = 0

    def run(self, work, listener):
        self.works += 1
        try:
            answer = work()
        except MicroCrystalError as error:
            listener.failed(error)
        else:
            listener.done(answer)

    def close(self):
        pass


class Later(Now):
    """Keeps the questions until they are to be answered."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def run(self, work, listener):
        self.asked.append((work, listener))

    def answer(self, number):
        super().run(*self.asked[number])
