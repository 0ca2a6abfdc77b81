"""What the WhatsApp channels need: who writes, what came, what goes, what failed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "chat_addresses",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("user_id", sa.String(140), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("offered", sa.JSON, nullable=False),
        sa.Index("ix_chat_addresses_user_id", "channel", "user_id"),
        sa.Index("ix_chat_addresses_phone", "channel", "phone"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False, index=True),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("lease", sa.String(36)),
        sa.Column("answered_at", MOMENT),
        sqlite_autoincrement=True,
    )
    _index_open("inbox", "answered_at", "conversation", "sent_at", "id")
    op.create_table(
        "chat_replies",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("urgency", sa.SmallInteger, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, index=True),
        sa.Column("attempts", sa.SmallInteger, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("lease", sa.String(36)),
        sa.Column("ended_at", MOMENT),
        sa.Column("result", sa.String(80), nullable=False),
        sqlite_autoincrement=True,
    )
    _index_open("chat_replies", "ended_at", "conversation", "id")
    _create_troubles()


def _index_open(table: str, end: str, *order: str) -> None:
    """Indexes what has not ended: by when it is due, and in order."""
    is_open = sa.text(f"{end} IS NULL")
    for name, columns in (("due", ("next_at",)), ("order", order)):
        op.create_index(
            f"ix_{table}_{name}",
            table,
            list(columns),
            sqlite_where=is_open,
            postgresql_where=is_open,
        )


def _create_troubles() -> None:
    request = sa.ForeignKey("appointment_requests.id", ondelete="CASCADE")
    op.create_table(
        "delivery_troubles",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("request_id", sa.Integer, request),
        sa.Column("ended_at", MOMENT),
        sa.Index("ix_delivery_troubles_open", "ended_at", "last_at"),
    )
