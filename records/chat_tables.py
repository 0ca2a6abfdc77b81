"""The tables of WhatsApp: what came, what is to be sent, to whom, and what failed."""

import sqlalchemy as sa

from records.columns import Label, Utc
from records.database import metadata

# Who writes, and until when they may be answered freely. The conversation is a name
# of our own: no number and no user id stands anywhere else.
chat_addresses = sa.Table(
    "chat_addresses",
    metadata,
    sa.Column("conversation", Label(255), primary_key=True),
    sa.Column("channel", Label(80), nullable=False),
    sa.Column("user_id", Label(140), nullable=False),
    sa.Column("phone", Label(20), nullable=False),
    sa.Column("written_at", Utc, nullable=False),
    # Payloads of the choices that were last shown with numbers.
    sa.Column("offered", sa.JSON, nullable=False),
    sa.Index("ix_chat_addresses_user_id", "channel", "user_id"),
    sa.Index("ix_chat_addresses_phone", "channel", "phone"),
)

# A line stays when it is answered, so that the message is known when it comes again;
# then only a hash of its id is left.
inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", Label(64), nullable=False, unique=True),
    sa.Column("conversation", Label(255), nullable=False),
    sa.Column("channel", Label(80), nullable=False),
    sa.Column("sent_at", Utc, nullable=False),
    sa.Column("received_at", Utc, nullable=False, index=True),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Column("attempts", sa.SmallInteger, nullable=False),
    sa.Column("next_at", Utc, nullable=False),
    sa.Column("lease", Label(36)),
    sa.Column("answered_at", Utc),
    sa.Index(
        "ix_inbox_due",
        "next_at",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    ),
    sa.Index(
        "ix_inbox_order",
        "conversation",
        "sent_at",
        "id",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

chat_replies = sa.Table(
    "chat_replies",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", Label(255), nullable=False),
    sa.Column("channel", Label(80), nullable=False),
    # 1 for an emergency: it overtakes what still waits.
    sa.Column("urgency", sa.SmallInteger, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Column("created_at", Utc, nullable=False, index=True),
    sa.Column("attempts", sa.SmallInteger, nullable=False),
    sa.Column("next_at", Utc, nullable=False),
    sa.Column("lease", Label(36)),
    sa.Column("ended_at", Utc),
    sa.Column("result", Label(80), nullable=False),
    sa.Index(
        "ix_chat_replies_due",
        "next_at",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    sa.Index(
        "ix_chat_replies_order",
        "conversation",
        "id",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

# What staff must know: a message that did not arrive, or a trouble of the account.
delivery_troubles = sa.Table(
    "delivery_troubles",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("first_at", Utc, nullable=False),
    sa.Column("last_at", Utc, nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("channel", Label(80), nullable=False),
    # `reply`, `notice` or `account`.
    sa.Column("kind", Label(20), nullable=False),
    sa.Column("code", Label(80), nullable=False),
    sa.Column("conversation", Label(255), nullable=False),
    sa.Column(
        "request_id",
        sa.Integer,
        sa.ForeignKey("appointment_requests.id", ondelete="CASCADE"),
    ),
    sa.Column("ended_at", Utc),
    sa.Index("ix_delivery_troubles_open", "ended_at", "last_at"),
)
