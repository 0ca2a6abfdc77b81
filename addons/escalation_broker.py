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
from zoneinfo import ZoneInfo

from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from documents.facts import Facts
from documents.library import CLINIC_FOLDER
from records.escalations import EscalationLog
from records.spool import SPOOL_FILE, Spool

logger = logging.getLogger(__name__)

SLOT = "escalation"
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0


class EscalationBroker(EventBroker):
    """Picks the slot `escalation` out of all events and writes it in a thread.

    The patient's reply never waits for it. What cannot be written goes to a file
    first, and from there to the database as soon as that is back, also after a
    restart. What a deletion has taken out of the file is not written any more. Named
    in endpoints.yml.
    """

    def __init__(
        self,
        log: EscalationLog | None = None,
        spool: Path = SPOOL_FILE,
        first_pause: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self._log = log or EscalationLog()
        self._spool = Spool(spool)
        self._first_pause = first_pause
        self._queue: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._stopping = threading.Event()
        for note in self._spool.notes():
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
        settings = broker_config.kwargs
        folder = Path(settings.get("content_folder", CLINIC_FOLDER))
        zone = ZoneInfo(Facts.from_file(folder / "clinic.yml").get("time_zone"))
        log = EscalationLog(zone=zone)
        return cls(log, spool=Path(settings.get("spool", SPOOL_FILE)))

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
        self._spool.keep(note)
        self._queue.put(note)

    async def close(self) -> None:
        """Lets the writer finish what it can within a few seconds."""
        self._stopping.set()
        self._queue.put(None)
        self._thread.join(timeout=5)

    def _work(self) -> None:
        pause = self._first_pause
        while (note := self._queue.get()) is not None:
            if self._is_done(note):
                pause = self._first_pause
                self._spool.done(note.get("key", ""))
                continue
            self._queue.put(note)  # behind the others: one bad note must not block them
            if self._stopping.wait(pause):
                return  # it stays in the file
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _is_done(self, note: dict[str, Any]) -> bool:
        """Writes a note, unless it is forgotten; false if it must be tried again."""
        key = note.get("key", "")
        try:
            if not self._spool.is_forgotten(key):
                self._log.add(note)
                # The deletion may have come in between.
                if self._spool.is_forgotten(key):
                    self._log.remove(key)
        except Exception as error:  # whatever it is, it is tried again
            logger.error(
                "An escalation could not be written (%s); it is kept in %s and tried "
                "again.",
                type(error).__name__,
                self._spool.file,
            )
            return False
        return True
