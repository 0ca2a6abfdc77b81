"""Questions that were not simply answered, kept in the clinic's database."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

from actions.replies import Unanswered
from records.columns import Label, Utc, Words, utc_now
from records.database import Records, insert_if_new, metadata

unanswered_questions = sa.Table(
    "unanswered_questions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("asked_at", Utc, nullable=False, index=True),
    sa.Column("conversation", Label(255), nullable=False, index=True),
    sa.Column("question", Words, nullable=False),
    sa.Column("outcome", Label(40), nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    # Of the message that asked it, so that writing the same one twice is noticed.
    sa.Column("key", Label(80)),
    sa.Index("ix_unanswered_questions_key", "key", unique=True),
)


def note_of(
    questions: Iterable[Unanswered], conversation: str, *, now: datetime
) -> dict[str, Any]:
    """Returns questions of one message as a note that can wait in a file."""
    return {
        "key": str(uuid.uuid4()),
        "conversation": conversation,
        "asked_at": now.timestamp(),
        "questions": [asdict(question) for question in questions],
    }


class QuestionLog(Records):
    """Adds and lists questions for the clinic to read."""

    def add(self, questions: Iterable[Unanswered], conversation: str) -> None:
        """Writes questions of one message in one transaction."""
        self.write(note_of(questions, conversation, now=utc_now()))

    def write(self, note: Mapping[str, Any]) -> None:
        """Writes a note; one that is there already is left alone."""
        with self._write() as connection:
            for number, question in enumerate(note["questions"]):
                row = {
                    "asked_at": datetime.fromtimestamp(note["asked_at"], timezone.utc),
                    "conversation": note["conversation"],
                    "question": question["question"],
                    "outcome": question["outcome"],
                    "options": list(question["options"]),
                    "key": f"{note['key']}.{number}",
                }
                insert_if_new(connection, unanswered_questions, row)

    def remove(self, key: str) -> None:
        """Deletes a note again, whose conversation was to be forgotten."""
        mine = unanswered_questions.c.key.startswith(f"{key}.", autoescape=True)
        with self._write() as connection:
            connection.execute(sa.delete(unanswered_questions).where(mine))

    def newest(self, most: int = 50) -> list[dict[str, object]]:
        """Returns the latest questions, newest first."""
        query = (
            sa.select(unanswered_questions)
            .order_by(unanswered_questions.c.id.desc())
            .limit(most)
        )
        return self._rows(query)


def main() -> None:
    """Prints the newest questions, one a line: `make questions`."""
    for row in QuestionLog().newest():
        asked = f"{row['asked_at']:%Y-%m-%d %H:%M}"
        print(f"{asked}  {row['outcome']:<18}  {row['question']}")


if __name__ == "__main__":
    main()
