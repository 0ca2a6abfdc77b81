"""Words of names, to search by; questions that are written once."""

import sqlalchemy as sa
from alembic import op

from records.names import words_of

revision = "0004"
down_revision = "0003"

AT_ONCE = 5000


def upgrade() -> None:
    """Creates the table, fills it from the names that are there, adds the key."""
    op.create_table(
        "contact_words",
        sa.Column(
            "request_id",
            sa.Integer,
            sa.ForeignKey("appointment_requests.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("word", _word_type(), primary_key=True),
        sa.Index("ix_contact_words_word", "word", "request_id"),
    )
    _fill()
    op.add_column("unanswered_questions", sa.Column("key", sa.String(80)))
    op.create_index(
        "ix_unanswered_questions_key", "unanswered_questions", ["key"], unique=True
    )


def _word_type() -> sa.String:
    # Byte order, so that the words with one beginning stand side by side.
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    return sa.String(80, collation="C" if is_postgresql else None)


def _fill() -> None:
    connection = op.get_bind()
    contacts = sa.table("contacts", sa.column("request_id"), sa.column("name"))
    words = sa.table("contact_words", sa.column("request_id"), sa.column("word"))
    last = 0
    while True:
        page = (
            sa.select(contacts)
            .where(contacts.c.request_id > last)
            .order_by(contacts.c.request_id)
            .limit(AT_ONCE)
        )
        people = connection.execute(page).all()
        if not people:
            return
        last = people[-1].request_id
        rows = [
            {"request_id": person.request_id, "word": word}
            for person in people
            for word in words_of(person.name)
        ]
        if rows:
            connection.execute(sa.insert(words), rows)
