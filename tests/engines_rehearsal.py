"""A service for tests: it echoes, counts, waits for a file, refuses and dies when asked."""

import os
import sys
import time
from pathlib import Path

from microcrystalnet.errors import WeightsError
from microcrystalnet.progress import Progress


class Rehearsal:
    METHODS = frozenset({"echo", "pid", "count", "wait_for", "refuse", "fail", "die", "unsendable"})

    def echo(self, value, report):
        return value

    def pid(self, report):
        return os.getpid()

    def count(self, upto, report):
        for step in range(upto):
            report(Progress(step + 1, upto, "counting", {"step": step}))
        return upto

    def wait_for(self, path, report):
        while not Path(path).exists():
            report(Progress(0, 0, "waiting"))
            time.sleep(0.01)
        return "seen"

    def refuse(self, report):
        raise WeightsError("These weights are of another architecture.")

    def fail(self, report):
        raise ZeroDivisionError("by nought")

    def die(self, report):
        os._exit(9)

    def unsendable(self, report):
        return lambda: None

    def hidden(self, report):
        return sys.argv
