"""Counts what is asked, and notes what was not answered, beside the conversation."""

import logging
import queue
import threading
from collections.abc import Callable
from datetime import date, datetime, timezone, tzinfo
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from actions.replies import Turn
from records.asked import AskedCounts
from records.columns import utc_now
from records.questions import QuestionLog, note_of
from records.spool import QUESTIONS_FILE, Spool
from records.spooled import SpooledWriter

logger = logging.getLogger(__name__)

Pairs = list[tuple[str, str]]

# What a further part of a section says was counted when its first one was read.
FIRST_PARTS = ("utter_answer", "utter_answer_complete")
ANSWERED = "answered"
MOST_WAITING = 1000


def asked(turn: Turn) -> Pairs:
    """Returns topic and outcome of each question; no words, and no topic in doubt."""
    answered = [
        (str(reply.values["address"]), ANSWERED)
        for reply in turn.replies
        if reply.response in FIRST_PARTS
    ]
    others = [
        (each.options[0] if len(each.options) == 1 else "", each.outcome)
        for each in turn.unanswered
    ]
    return answered + others


class Counter:
    """Writes numbers in a thread of its own, so that no reply waits for them.

    While the database is away, numbers are lost: they are not worth a patient's time.

    Args:
        counts: where the numbers are kept.
    """

    def __init__(self, counts: AskedCounts | None = None) -> None:
        self._counts = counts or AskedCounts()
        self._waiting: queue.Queue[tuple[Pairs, date]] = queue.Queue(MOST_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, pairs: Pairs, *, day: date) -> None:
        """Takes what one message asked; returns at once and never fails."""
        if not pairs:
            return
        try:
            self._waiting.put_nowait((pairs, day))
        except queue.Full:
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()

    def flush(self) -> None:
        """Waits until all that was taken is written or lost."""
        self._waiting.join()

    def _work(self) -> None:
        while True:
            pairs, day = self._waiting.get()
            try:
                self._counts.add(pairs, day=day)
            except Exception as error:  # a driver has many; what it says may hold words
                logger.error("What was asked is not counted: %s.", type(error).__name__)
            finally:
                self._waiting.task_done()


class Recorder:
    """Keeps what one message asked; no reply waits for it, and it never fails.

    Args:
        counter: takes the numbers.
        questions: takes what was not simply answered.
        zone: the clinic's time zone, which says on which day it is counted.
        clock: returns the present moment.
    """

    def __init__(
        self,
        counter: Counter | None = None,
        questions: SpooledWriter | None = None,
        *,
        zone: tzinfo = timezone.utc,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._counter = counter or Counter()
        self._questions = questions or question_writer()
        self._zone = zone
        self._clock = clock

    def note(self, turn: Turn, conversation: str) -> None:
        """Takes a turn of the assistant; returns at once."""
        now = self._clock()
        self._counter.add(asked(turn), day=now.astimezone(self._zone).date())
        if turn.unanswered:
            note = note_of(turn.unanswered, conversation, now=now)
            self._questions.add(note)
        else:
            # What waits since before a restart must not wait for the next question.
            self._questions.wake()


def question_writer(
    log: QuestionLog | None = None, file: Path = QUESTIONS_FILE
) -> SpooledWriter:
    """Returns what writes unanswered questions in a thread of its own."""
    log = log or QuestionLog()
    return SpooledWriter(
        Spool(file), log.write, log.remove, what="An unanswered question"
    )


@lru_cache(maxsize=1)
def shared_recorder(time_zone: str) -> Recorder:
    """Returns the one recorder of this process, for all its actions."""
    return Recorder(zone=ZoneInfo(time_zone or "UTC"))
