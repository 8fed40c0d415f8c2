"""A process that forks labelling sessions, so that a test can kill one after another quickly.

It imports the storage once. Each line on stdin names a project, a mirror, a file for
acknowledgements, a crystal and the number of the first label; the answer is the session's pid.
"""

import itertools
import os
import signal
import sys
import time
from pathlib import Path

from microcrystalnet.domain.label import Answer
from microcrystalnet.storage.project_store import ProjectStore


def sit(folder: str, mirror: str, acknowledgements: str, crystal: str, first: str) -> None:
    """Label one crystal again and again, writing down which labels are known to be on the disk."""
    file = os.open(acknowledgements, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    store = ProjectStore.open(Path(folder), "AY", mirror_root=Path(mirror))
    known = 0
    for number in itertools.count(int(first)):
        store.label(crystal, Answer("RES", note=str(number)))
        time.sleep(0.0002)
        if (saved := number - store.pending().unsaved) > known:
            known = saved
            os.write(file, b"%d\n" % saved)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if not (child := os.fork()):
            sit(*line.rstrip("\n").split("\t"))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
