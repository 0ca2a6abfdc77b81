"""Finds one alarm by the number of an escalation, and the requests beside it.

The console's addresses hold such numbers only: the name of a conversation may be a
telephone number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from actions.booking.phones import PhoneBook
from records.alarms import Alarm
from records.database import Records
from records.errors import UnknownRequestError
from records.escalations import escalations
from records.requests import Appointment
from records.tables import appointment_requests, contacts

MOST = 20


@dataclass(frozen=True)
class Person:
    """Whom an alarm is about, as far as that is known.

    Attributes:
        is_guess: the number was found in what was typed, or names the chat itself.
        request_id: the newest request of the conversation, 0 if there is none.
    """

    name: str = ""
    phone: str = ""
    is_guess: bool = False
    request_id: int = 0
    reference: str = ""


class AlarmLookup(Records):
    """Reads about the alarms of conversations.

    Args:
        url: the clinic's database, as for all records.
        phones: reads numbers as the clinic's country writes them.
    """

    def __init__(self, url: str | None, phones: PhoneBook) -> None:
        super().__init__(url)
        self._phones = phones

    def people(self, alarms: Sequence[Alarm]) -> dict[str, Person]:
        """Returns whom to phone, by conversation."""
        table = appointment_requests
        names = [alarm.conversation for alarm in alarms]
        query = (
            sa.select(
                table.c.conversation,
                table.c.id,
                table.c.reference,
                contacts.c.name,
                contacts.c.phone,
            )
            .join(contacts, contacts.c.request_id == table.c.id)
            .where(table.c.conversation.in_(names))
            .order_by(table.c.id)
        )
        found = {
            row["conversation"]: Person(
                row["name"], row["phone"], False, row["id"], row["reference"]
            )
            for row in self._rows(query)
        }
        return {
            alarm.conversation: found.get(alarm.conversation) or self._guess(alarm)
            for alarm in alarms
        }

    def _guess(self, alarm: Alarm) -> Person:
        texts = [str(row["words"]) for row in reversed(alarm.escalations)]
        if "whatsapp" in alarm.channel.lower():
            # There a conversation is called by its telephone number.
            digits = "".join(sign for sign in alarm.conversation if sign.isdigit())
            texts.insert(0, f"+{digits}")
        for text in texts:
            numbers = self._phones.read(text).phones
            if numbers:
                return Person(phone=numbers[0].e164, is_guess=True)
        return Person()

    def conversation(self, escalation_id: int) -> str:
        """Returns the conversation of an escalation.

        Raises:
            UnknownRequestError: there is no such escalation.
        """
        mine = escalations.c.id == escalation_id
        rows = self._rows(sa.select(escalations.c.conversation).where(mine))
        if not rows:
            raise UnknownRequestError(escalation_id)
        return str(rows[0]["conversation"])

    def requests(self, conversation: str) -> list[Appointment]:
        """Returns the newest requests of a conversation."""
        query = (
            sa.select(appointment_requests)
            .where(appointment_requests.c.conversation == conversation)
            .order_by(appointment_requests.c.id.desc())
            .limit(MOST)
        )
        return [Appointment.from_row(row) for row in self._rows(query)]
