"""What a petrographer does, as steps that several tests share: real keys, clicks and buttons."""

from qtpy.QtCore import QPoint, Qt

KEYS = {"RES": Qt.Key.Key_1, "PES": Qt.Key.Key_2, "AA": Qt.Key.Key_3, "SA": Qt.Key.Key_4}


class NoDialogs:
    """Answers system dialogs with paths given beforehand."""

    def __init__(self, path=None):
        self.path = path

    def new_project(self):
        return self.path

    def existing_project(self):
        return self.path

    def micrographs(self):
        return [self.path]

    def page(self, _name, _titles):
        return 0

    def checkpoint(self):
        return self.path

    def label_image(self):
        return self.path

    def label_table(self):
        return self.path

    def sample_table(self):
        return self.path

    def label_folder(self):
        return self.path

    def exchange_folder(self):
        return self.path

    def exchange_zip(self):
        return self.path

    def save_as(self, _name, *_endings, **_beside):
        return self.path


class Petrographer:
    """Drives one workbench through its widgets and its canvas."""

    def __init__(self, qtbot, dock):
        self.qtbot, self.dock, self.session = qtbot, dock, dock.session

    @property
    def canvas(self):
        return self.dock.canvas.viewer.window._qt_viewer.canvas.native

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self.qtbot.keyClick(self.canvas, key, modifier)

    def click(self, button):
        assert button.isEnabled(), button.toolTip()
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def go_to(self, step):
        self.click(self.dock.buttons[step])

    def point(self, row, col):
        """Give where a full-image pixel lies on the canvas."""
        camera = self.dock.canvas.viewer.scene.camera
        scale = self.dock.canvas.viewer.layers[0].scale[-2:]
        world = (row * scale[0], col * scale[1])
        middle = self.canvas.width() / 2, self.canvas.height() / 2
        x = middle[0] + (world[1] - camera.center[-1]) * camera.zoom
        y = middle[1] + (world[0] - camera.center[-2]) * camera.zoom
        return QPoint(round(x), round(y))

    def click_at(self, row, col):
        self.qtbot.mouseClick(self.canvas, Qt.MouseButton.LeftButton, pos=self.point(row, col))

    def outline_everything(self):
        self.go_to("Segment")
        button = self.dock.outlining.panel.everything_button
        self.qtbot.waitUntil(button.isEnabled, timeout=60_000)
        with self.qtbot.waitSignal(self.dock.outlining.everything.job.finished, timeout=120_000):
            self.click(button)
        self.click(self.dock.outlining.panel.everything.accept_button)

    def become(self, expert):
        self.go_to("Label")
        self.dock.labelling.naming.expert_added.emit(expert)
        assert self.session.expert == expert

    def label_ten(self, code_of):
        """Label ten crystals by keys; ``code_of`` gives the class of the n-th, 0 first."""
        self.session.crystal_id = None
        self.press(Qt.Key.Key_K)
        for place in range(10):
            self.press(KEYS[code_of(place)])

    def train(self, epochs):
        self.go_to("Model")
        self.click(self.dock.models.panel.pages.buttons["Train"])
        self.dock.models.panel.fields.epochs.setValue(epochs)
        predicted = self.dock.models.model._predict_job.finished
        with self.qtbot.waitSignal(predicted, timeout=300_000):
            self.click(self.dock.models.panel.train_button)

    def predict_all(self):
        self.go_to("Model")
        self.click(self.dock.models.panel.pages.buttons["Predict"])
        with self.qtbot.waitSignal(self.dock.models.model._predict_job.finished, timeout=120_000):
            self.click(self.dock.models.panel.predict_all_button)

    def ask_why(self):
        with self.qtbot.waitSignal(self.dock.explaining.explain._job.finished, timeout=60_000):
            self.press(Qt.Key.Key_W)
