"""Asking whether the project folder answers, so that nobody waits for a share that is gone."""

import threading
from pathlib import Path

from microcrystalnet.errors import SilentFolderError

_ANSWERS = (FileNotFoundError, NotADirectoryError, PermissionError)
PATIENCE_S = 0.05  # a folder that answers does so within a millisecond, a busy share within ten


class Pulse:
    """Feel whether a folder answers, on a thread of its own.

    A share that hangs holds whoever asks it for as long as it likes, often for minutes. One thread
    asks and is left waiting; all others look at that thread and go on. A share that went away
    answers with an error (ENOTCONN, ESTALE, EIO), which is no answer either.

    Parameters
    ----------
    folder
        The project folder.
    patience_s
        How long to wait for an answer, in seconds.
    """

    def __init__(self, folder: Path, patience_s: float = PATIENCE_S) -> None:
        self._folder, self._patience_s = folder, patience_s
        self._asked: threading.Event | None = None
        self._reason = ""
        self._lock = threading.Lock()

    def answers(self) -> bool:
        """Say whether the folder answers now; while an earlier question waits, no, at once."""
        with self._lock:
            if self._asked is not None and not self._asked.is_set():
                return False
            asked = self._asked = threading.Event()
        threading.Thread(target=self._ask, args=(asked,), daemon=True).start()
        return asked.wait(self._patience_s) and not self._reason

    def require(self) -> None:
        """Refuse while the folder does not answer.

        Raises
        ------
        SilentFolderError
            If it does not answer within the patience, or with the error of a share that is gone.
        """
        if not self.answers():
            reason = f" ({self._reason})" if self._reason else ""
            raise SilentFolderError(
                f"The project folder {self._folder} does not answer{reason}; what you do is saved "
                "on this computer. Check the network or the cable; it is tried again by itself."
            )

    def _ask(self, asked: threading.Event) -> None:
        reason = ""
        try:
            self._folder.stat()
        except _ANSWERS:
            pass  # whoever reads next is told what it is
        except OSError as error:
            reason = error.strerror or str(error)
        self._reason = reason
        asked.set()
