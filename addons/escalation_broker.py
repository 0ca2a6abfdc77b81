"""Writes escalations to the clinic's database, beside the conversation."""

from __future__ import annotations

import hashlib
import json
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
from records.spooled import FIRST_PAUSE_SECONDS, SpooledWriter

SLOT = "escalation"


class EscalationBroker(EventBroker):
    """Picks the slot `escalation` out of all events and writes it in a thread.

    The patient's reply never waits for it. Named in endpoints.yml.
    """

    def __init__(
        self,
        log: EscalationLog | None = None,
        spool: Path = SPOOL_FILE,
        first_pause: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        log = log or EscalationLog()
        self._writer = SpooledWriter(
            Spool(spool),
            log.add,
            log.remove,
            what="An escalation",
            first_pause=first_pause,
        )
        self._writer.wake()

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
        self._writer.add(note)

    async def close(self) -> None:
        """Lets the writer finish what it can within a few seconds."""
        self._writer.close()
