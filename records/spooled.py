"""Writes notes to the database in a thread; what must wait stands in a file."""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

from records.spool import Spool

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0


class SpooledWriter:
    """Takes notes at once; no reply to a patient waits for the database.

    A note goes to the file first, and from there to the database as soon as that is
    there, also after a restart. What a deletion has taken out of the file is not
    written any more.

    Args:
        spool: where the notes wait.
        write: writes a note once, however often it is called.
        remove: takes back the note with a key.
        what: what a note is called in the log.
        first_pause: seconds before the second try; it doubles after that.
    """

    def __init__(
        self,
        spool: Spool,
        write: Callable[[dict[str, Any]], None],
        remove: Callable[[str], None],
        *,
        what: str,
        first_pause: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self.spool = spool
        self.queue: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._write = write
        self._remove = remove
        self._what = what
        self._first_pause = first_pause
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self.thread: threading.Thread | None = None

    def wake(self) -> None:
        """Starts the thread with what waits in the file, unless it runs already."""
        with self._lock:
            if self.thread is not None and self.thread.is_alive():
                return
            for note in self.spool.notes():
                self.queue.put(note)
            self.thread = threading.Thread(target=self._work, daemon=True)
            self.thread.start()

    def add(self, note: dict[str, Any]) -> None:
        """Takes a note with its `key` and `conversation`; returns at once."""
        self.wake()
        self.spool.keep(note)
        self.queue.put(note)

    def close(self, timeout: float = 5) -> None:
        """Lets the thread finish what it can within a few seconds."""
        self._stopping.set()
        self.queue.put(None)
        if self.thread is not None:
            self.thread.join(timeout=timeout)

    def _work(self) -> None:
        pause = self._first_pause
        while (note := self.queue.get()) is not None:
            if self._is_done(note):
                pause = self._first_pause
                self.spool.done(note.get("key", ""))
                continue
            self.queue.put(note)  # behind the others: one bad note must not block them
            if self._stopping.wait(pause):
                return  # it stays in the file
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _is_done(self, note: dict[str, Any]) -> bool:
        """Writes a note, unless it is forgotten; false if it must be tried again."""
        key = note.get("key", "")
        try:
            if not self.spool.is_forgotten(key):
                self._write(note)
                # The deletion may have come in between.
                if self.spool.is_forgotten(key):
                    self._remove(key)
        except Exception as error:  # whatever it is, it is tried again
            logger.error(
                "%s could not be written (%s); it is kept in %s and tried again.",
                self._what,
                type(error).__name__,
                self.spool.file,
            )
            return False
        return True
