"""Work that is done again and again, each kind failing by itself."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from documents.errors import DocumentError
from records.errors import RecordsError

logger = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 60.0


@dataclass
class Job:
    """One kind of work.

    Attributes:
        name: for the log.
        work: does it once.
        every: seconds from its end to its next begin.
        due_at: when it begins next, on the clock of `time.monotonic`.
        failures: how often it has failed since it last succeeded.
    """

    name: str
    work: Callable[[], object]
    every: float
    due_at: float = 0.0
    failures: int = 0

    def run(self) -> None:
        """Works; a failure is logged, and tried again later each time."""
        try:
            self.work()
        except (RecordsError, DocumentError) as error:
            self._put_off(str(error))
        except Exception as error:  # what a stranger's error says may hold words
            self._put_off(type(error).__name__)
        else:
            self.failures = 0
            self.due_at = time.monotonic() + self.every

    def _put_off(self, reason: str) -> None:
        logger.error("%s has failed: %s", self.name, reason)
        self.failures += 1
        pause = min(self.every, LONGEST_PAUSE_SECONDS) * 2 ** min(self.failures, 20)
        self.due_at = time.monotonic() + min(pause, LONGEST_PAUSE_SECONDS)


class JobRunner:
    """Does what is due, in order, until it is told to stop."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._stopping = threading.Event()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping.is_set()

    def stop(self, *_: Any) -> None:
        """Lets the work in hand be finished."""
        self._stopping.set()

    def run(self) -> None:
        """Works; all jobs are due at the start."""
        while not self.stopping:
            for job in self._jobs:
                if job.due_at <= time.monotonic() and not self.stopping:
                    job.run()
            next_at = min(job.due_at for job in self._jobs)
            self._stopping.wait(max(0.0, next_at - time.monotonic()))
