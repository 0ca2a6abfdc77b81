"""Finds one alarm by the number of an escalation, and the requests beside it.

The console's addresses hold such numbers only: the name of a conversation may be a
telephone number.
"""

import sqlalchemy as sa

from records.database import Records
from records.errors import UnknownRequestError
from records.escalations import escalations
from records.requests import Appointment
from records.tables import appointment_requests

MOST = 20


class AlarmLookup(Records):
    """Reads about the alarm of one conversation."""

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
