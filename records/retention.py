"""Deletes what is older than the clinic promises: `python -m records.retention`."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from documents.errors import DocumentError
from documents.facts import Facts
from documents.library import CLINIC_FOLDER
from records import audit
from records.chat_tables import chat_addresses, chat_replies, delivery_troubles, inbox
from records.columns import utc_now
from records.conversations import ConversationStore
from records.database import Records
from records.errors import RecordsError, SettingsError
from records.escalations import escalations
from records.inbox import OLDEST
from records.questions import unanswered_questions
from records.ratings import answer_ratings
from records.tables import (
    appointment_requests,
    cleared_alarms,
    login_attempts,
    lookup_attempts,
    outbox,
    staff_sessions,
)

# Few at a time, so that a patient who writes meanwhile does not wait.
AT_A_TIME = 500
# What a line of the audit trail holds.
LONGEST_DETAIL = 120


class Retention(Records):
    """Deletes by age, and leaves a line with numbers only in the audit trail."""

    def __init__(
        self,
        url: str | None = None,
        *,
        conversations: ConversationStore | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(url)
        self._conversations = conversations or ConversationStore()
        self._clock = clock

    def delete_old(
        self, *, conversation_days: int, booking_days: int
    ) -> dict[str, int]:
        """Deletes and returns how much, by kind.

        Args:
            conversation_days: how long what was said is kept, and who tried to log in.
            booking_days: how long a request is kept, counted from its visit if it
                has one.

        Raises:
            SettingsError: a period is less than a day.
        """
        if min(conversation_days, booking_days) < 1:
            raise SettingsError("A period must be at least one day. Correct it.")
        said = self._clock() - timedelta(days=conversation_days)
        booked = self._clock() - timedelta(days=booking_days)
        table = appointment_requests
        deleted = {
            "requests": self._delete(
                table,
                table.c.created_at < booked,
                sa.or_(table.c.ends_at.is_(None), table.c.ends_at < booked),
            ),
            "escalations": self._delete(escalations, escalations.c.noticed_at < said),
            "questions": self._delete(
                unanswered_questions, unanswered_questions.c.asked_at < said
            ),
            "ratings": self._delete(answer_ratings, answer_ratings.c.rated_at < said),
            "messages": self._delete(outbox, outbox.c.ended_at < said),
            "cleared": self._delete(cleared_alarms, cleared_alarms.c.cleared_at < said),
            "attempts": self._delete(lookup_attempts, lookup_attempts.c.at < said)
            + self._delete(login_attempts, login_attempts.c.at < said),
            "chats": self._delete_chats(said),
            "sessions": self._delete(staff_sessions, staff_sessions.c.seen_at < said),
            "events": self._conversations.delete_older(said),
        }
        if any(deleted.values()):
            some = [f"{count} {kind}" for kind, count in deleted.items() if count]
            detail = ", ".join(some)[:LONGEST_DETAIL]
            with self._write() as connection:
                audit.write_line(connection, audit.PROGRAM, "retention", detail=detail)
        return deleted

    def _delete_chats(self, said: datetime) -> int:
        """Deletes what WhatsApp has left, and who wrote and has no request here."""
        # As long as Meta may bring a message again, its hash must be known.
        brought = min(said, self._clock() - OLDEST)
        request = sa.select(appointment_requests.c.id).where(
            appointment_requests.c.conversation == chat_addresses.c.conversation
        )
        return (
            self._delete(inbox, inbox.c.received_at < brought)
            + self._delete(chat_replies, chat_replies.c.created_at < said)
            + self._delete(delivery_troubles, delivery_troubles.c.last_at < said)
            + self._delete(
                chat_addresses, chat_addresses.c.written_at < said, ~request.exists()
            )
        )

    def _delete(self, table: sa.Table, *old: Any) -> int:
        (key,) = table.primary_key.columns
        some = sa.select(key).where(*old).limit(AT_A_TIME)
        total = 0
        while True:
            with self._write() as connection:
                change = sa.delete(table).where(key.in_(some))
                deleted = int(connection.execute(change).rowcount)
            total += deleted
            if deleted < AT_A_TIME:
                return total


def main(arguments: list[str]) -> int:
    """Deletes what is old and prints how much; returns 1 and says why if it cannot."""
    parser = argparse.ArgumentParser(
        prog="python -m records.retention",
        description="Periods that are not given come from clinic.yml.",
    )
    parser.add_argument("--conversation-days", type=int, metavar="DAYS")
    parser.add_argument("--booking-days", type=int, metavar="DAYS")
    given = parser.parse_args(arguments)
    said, booked = given.conversation_days, given.booking_days
    try:
        deleted = Retention().delete_old(
            conversation_days=said or days("privacy.conversation_days"),
            booking_days=booked or days("privacy.booking_days"),
        )
    except (RecordsError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    print("Deleted: " + ", ".join(f"{n} {kind}" for kind, n in deleted.items()) + ".")
    return 0


def days(fact: str, folder: Path = CLINIC_FOLDER) -> int:
    """Returns a number of days that stands in `clinic.yml`.

    Raises:
        SettingsError: it is missing, or is not a number of days.
    """
    file = folder / "clinic.yml"
    value = Facts.from_file(file).get(fact)
    if not value.isdecimal() or int(value) < 1:
        raise SettingsError(
            f"{file}: '{fact}' is not a number of days. Write a number such as 30."
        )
    return int(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
