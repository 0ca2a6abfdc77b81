"""The tables of appointments and of what happens around them."""

import sqlalchemy as sa

from records.columns import Label, Utc, Words
from records.database import metadata


def _request(**options: bool) -> sa.Column:
    """Returns a column of a row that goes when its request is deleted."""
    key = sa.ForeignKey("appointment_requests.id", ondelete="CASCADE")
    return sa.Column("request_id", sa.Integer, key, **options)


appointment_requests = sa.Table(
    "appointment_requests",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    # Made when the form starts, so that sending twice is noticed.
    sa.Column("key", Label(64), nullable=False, unique=True),
    sa.Column("reference", Label(12), nullable=False, unique=True),
    sa.Column("conversation", Label(255), nullable=False, index=True),
    sa.Column("channel", Label(80), nullable=False),
    sa.Column("created_at", Utc, nullable=False, index=True),
    sa.Column("state", Label(20), nullable=False),
    sa.Column("waiting_since", Utc, nullable=False),
    sa.Column("level", Label(20), nullable=False),
    # The rank of the level, 0 is the most urgent: what the lists are sorted by.
    sa.Column("urgency", sa.SmallInteger, nullable=False),
    sa.Column("reason", Words, nullable=False),
    sa.Column("flags", sa.JSON, nullable=False),
    sa.Column("screening", sa.JSON, nullable=False),
    sa.Column("for_whom", Label(20), nullable=False),
    sa.Column("visit_type", Label(40), nullable=False),
    sa.Column("day_typed", Words, nullable=False),
    sa.Column("day", sa.Date),
    sa.Column("part_typed", Words, nullable=False),
    sa.Column("part", Label(20), nullable=False),
    sa.Column("preference", sa.JSON, nullable=False),
    sa.Column("note", Words, nullable=False),
    sa.Column("consent_version", Label(40), nullable=False),
    sa.Column("consented_at", Utc, nullable=False),
    sa.Column("practitioner", Label(80)),
    sa.Column("starts_at", Utc),
    sa.Column("ends_at", Utc),
    sa.Column("claimed_by", Label(80)),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(
        "ix_appointment_requests_waiting", "state", "urgency", "waiting_since", "id"
    ),
    sa.Index("ix_appointment_requests_calendar", "starts_at", "practitioner"),
    # An id must not come back: the audit trail still speaks of the deleted one.
    sqlite_autoincrement=True,
)

contacts = sa.Table(
    "contacts",
    metadata,
    _request(primary_key=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("phone", Label(20), nullable=False, index=True),
    sa.Column("email", Label(254), nullable=False),
)

# The folded words of each name, to search by the beginning of any of them.
contact_words = sa.Table(
    "contact_words",
    metadata,
    _request(primary_key=True),
    sa.Column(
        "word",
        # Byte order, so that the words with one beginning stand side by side.
        Label(80).with_variant(sa.String(80, collation="C"), "postgresql"),
        primary_key=True,
    ),
    sa.Index("ix_contact_words_word", "word", "request_id"),
)

# A row for each five minutes of a confirmed appointment. The primary key is what
# makes an overlap impossible.
booked_slices = sa.Table(
    "booked_slices",
    metadata,
    sa.Column("practitioner", Label(80), primary_key=True),
    sa.Column("slice", sa.Integer, primary_key=True, autoincrement=False),
    _request(nullable=False, index=True),
)

# Triggers of the migration refuse to change or delete a line. It names no request
# by foreign key, as it outlives the request.
audit_trail = sa.Table(
    "audit_trail",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("actor", Label(90), nullable=False),
    sa.Column("action", Label(40), nullable=False),
    sa.Column("request_id", sa.Integer, index=True),
    sa.Column("detail", Label(120), nullable=False),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", Label(64), nullable=False, unique=True),
    _request(nullable=False),
    sa.Column("kind", Label(20), nullable=False),
    sa.Column("event", Label(20), nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("attempts", sa.SmallInteger, nullable=False),
    sa.Column("next_at", Utc, nullable=False),
    sa.Column("lease", Label(36)),
    sa.Column("ended_at", Utc),
    # `delivered`, `skipped` or `failed` when it has ended; until then the last trouble.
    sa.Column("result", Label(80), nullable=False),
    sa.Index(
        "ix_outbox_due",
        "next_at",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    sa.Index("ix_outbox_request", "request_id", "kind", "id"),
)

lookup_attempts = sa.Table(
    "lookup_attempts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", Label(255), nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Index("ix_lookup_attempts_conversation", "conversation", "at"),
)

cleared_alarms = sa.Table(
    "cleared_alarms",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", Label(255), nullable=False),
    # The newest escalation that was seen: a later one opens the alarm again.
    sa.Column("up_to", sa.Integer, nullable=False),
    sa.Column("cleared_at", Utc, nullable=False),
    sa.Column("cleared_by", Label(80), nullable=False),
    sa.Column("reason", Words, nullable=False),
    sa.Index("ix_cleared_alarms_conversation", "conversation", "up_to"),
)

staff_users = sa.Table(
    "staff_users",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", Label(80), nullable=False, unique=True),
    sa.Column("password_hash", Label(200), nullable=False),
    sa.Column("role", Label(20), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
)

staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    # Only a hash: who reads the database cannot take over a session.
    sa.Column("token_hash", Label(64), primary_key=True),
    sa.Column(
        "user_id",
        sa.Integer,
        sa.ForeignKey("staff_users.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("csrf", Label(64), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("seen_at", Utc, nullable=False),
)

login_attempts = sa.Table(
    "login_attempts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", Label(80), nullable=False),
    sa.Column("address", Label(64), nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("succeeded", sa.Boolean, nullable=False),
    sa.Index("ix_login_attempts_name", "name", "at"),
    sa.Index("ix_login_attempts_address", "address", "at"),
)

# How often something was asked: no words and no conversation.
asked_counts = sa.Table(
    "asked_counts",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("topic", Label(160), primary_key=True),
    sa.Column("outcome", Label(40), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
)

# Conversations whose messages the dialogue server still holds, and when to delete them.
forgetting = sa.Table(
    "forgetting",
    metadata,
    sa.Column("conversation", Label(255), primary_key=True),
    sa.Column("due_at", Utc, nullable=False, index=True),
)
