"""Questions that were not simply answered, kept in the clinic's database."""

from collections.abc import Iterable
from datetime import datetime, timezone

import sqlalchemy as sa

from actions.replies import Unanswered
from records.columns import Label, Utc, Words
from records.database import Records, metadata

unanswered_questions = sa.Table(
    "unanswered_questions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("asked_at", Utc, nullable=False, index=True),
    sa.Column("conversation", Label(255), nullable=False, index=True),
    sa.Column("question", Words, nullable=False),
    sa.Column("outcome", Label(40), nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
)


class QuestionLog(Records):
    """Adds and lists questions for the clinic to read."""

    def add(self, questions: Iterable[Unanswered], conversation: str) -> None:
        """Writes questions of one message in one transaction."""
        now = datetime.now(timezone.utc)
        rows = [
            {
                "asked_at": now,
                "conversation": conversation,
                "question": question.question,
                "outcome": question.outcome,
                "options": list(question.options),
            }
            for question in questions
        ]
        if not rows:
            return
        with self._write() as connection:
            connection.execute(sa.insert(unanswered_questions), rows)

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
