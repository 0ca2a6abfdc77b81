"""Writes escalations to the clinic's database, beside the conversation."""

from __future__ import annotations

import hashlib
import json
import logging
import queue
import threading
from asyncio import AbstractEventLoop
from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from records.escalations import EscalationLog

logger = logging.getLogger(__name__)

SLOT = "escalation"
SPOOL_FILE = Path("var/escalations.jsonl")
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0


class EscalationBroker(EventBroker):
    """Picks the slot `escalation` out of all events and writes it in a thread.

    The patient's reply never waits for it. What cannot be written goes to a file
    first, and from there to the database as soon as that is back, also after a
    restart. Named in endpoints.yml.
    """

    def __init__(
        self,
        log: EscalationLog | None = None,
        spool: Path = SPOOL_FILE,
        first_pause: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self._log = log or EscalationLog()
        self._spool = spool
        self._first_pause = first_pause
        self._queue: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._stopping = threading.Event()
        # Keeping a note and emptying the file must not cross.
        self._spooling = threading.Lock()
        for note in _read(spool):
            self._queue.put(note)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    @classmethod
    async def from_endpoint_config(
        cls,
        broker_config: EndpointConfig,
        event_loop: AbstractEventLoop | None = None,
    ) -> EscalationBroker:
        """Starts the writer."""
        return cls(spool=Path(broker_config.kwargs.get("spool", SPOOL_FILE)))

    def publish(self, event: dict[str, Any]) -> None:
        """Takes an event of a conversation; returns at once."""
        if event.get("event") != "slot" or event.get("name") != SLOT:
            return
        if not event.get("value"):
            return
        note = {
            **event["value"],
            "conversation": str(event.get("sender_id")),
            "noticed_at": float(event.get("timestamp") or 0),
        }
        whole = json.dumps(note, sort_keys=True)
        note["key"] = hashlib.sha256(whole.encode()).hexdigest()
        with self._spooling:
            self._keep(note)
            self._queue.put(note)

    async def close(self) -> None:
        """Lets the writer finish what it can within a few seconds."""
        self._stopping.set()
        self._queue.put(None)
        self._thread.join(timeout=5)

    def _work(self) -> None:
        pause = self._first_pause
        while (note := self._queue.get()) is not None:
            if self._written(note):
                pause = self._first_pause
                with self._spooling:
                    if self._queue.empty():
                        self._forget_written()
                continue
            self._queue.put(note)  # behind the others: one bad note must not block them
            if self._stopping.wait(pause):
                return  # it stays in the file
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _written(self, note: dict[str, Any]) -> bool:
        try:
            self._log.add(note)
        except Exception as error:  # whatever it is, it is tried again
            logger.error(
                "An escalation could not be written (%s); it is kept in %s and tried "
                "again.",
                type(error).__name__,
                self._spool,
            )
            return False
        return True

    def _keep(self, note: dict[str, Any]) -> None:
        try:
            self._spool.parent.mkdir(parents=True, exist_ok=True)
            with self._spool.open("a", encoding="utf-8") as file:
                # A line before it: the last one may have been torn.
                file.write("\n" + json.dumps(note) + "\n")
        except OSError as error:
            logger.error("%s cannot be written: %s.", self._spool, error.strerror)

    def _forget_written(self) -> None:
        try:
            self._spool.unlink(missing_ok=True)
        except OSError as error:
            logger.error("%s cannot be emptied: %s.", self._spool, error.strerror)


def _read(spool: Path) -> list[dict[str, Any]]:
    """Returns what an earlier run could not write; a torn last line is skipped."""
    try:
        lines = spool.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        logger.error("%s cannot be read (%s).", spool, type(error).__name__)
        return []
    notes = []
    for line in filter(None, lines):
        try:
            notes.append(json.loads(line))
        except json.JSONDecodeError:
            logger.error("%s: a line cannot be read; it is skipped.", spool)
    return notes
