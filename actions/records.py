"""Questions that were not simply answered, kept in the clinic's database."""

import os
from collections.abc import Iterable
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url

from actions.replies import Unanswered

DEFAULT_URL = "sqlite:///var/clinic.db"
WAIT_SECONDS = 2

metadata = sa.MetaData()
unanswered_questions = sa.Table(
    "unanswered_questions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("outcome", sa.String(40), nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
)


class QuestionLog:
    """Adds and lists questions for the clinic to read.

    Args:
        url: SQLAlchemy address; `CLINIC_DATABASE_URL` or a file in `var/` by default.
    """

    def __init__(self, url: str | None = None) -> None:
        self._url = url or os.environ.get("CLINIC_DATABASE_URL") or DEFAULT_URL

    @cached_property
    def _engine(self) -> Engine:
        address = make_url(self._url)
        options = {}
        if address.get_backend_name() == "sqlite" and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
            options = {"connect_args": {"timeout": WAIT_SECONDS}}
        # An error must not carry the patient's words into a log.
        engine = sa.create_engine(
            address,
            future=True,
            hide_parameters=True,
            pool_pre_ping=True,
            **options,
        )
        metadata.create_all(engine)
        return engine

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
        with self._engine.begin() as connection:
            connection.execute(sa.insert(unanswered_questions), rows)

    def newest(self, most: int = 50) -> list[dict[str, object]]:
        """Returns the latest questions, newest first."""
        query = (
            sa.select(unanswered_questions)
            .order_by(unanswered_questions.c.id.desc())
            .limit(most)
        )
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def main() -> None:
    """Prints the newest questions, one a line: `make questions`."""
    for row in QuestionLog().newest():
        asked = f"{row['asked_at']:%Y-%m-%d %H:%M}"
        print(f"{asked}  {row['outcome']:<18}  {row['question']}")


if __name__ == "__main__":
    main()
