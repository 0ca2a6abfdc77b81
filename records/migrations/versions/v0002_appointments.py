"""Appointment requests, their contacts, times, messages and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)
UNFINISHED = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Creates the tables."""
    _create_requests()
    _create_what_belongs_to_requests()
    _create_outbox()
    op.create_table(
        "lookup_attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Index("ix_lookup_attempts_conversation", "conversation", "at"),
    )
    op.create_table(
        "audit_trail",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(90), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("request_id", sa.Integer, index=True),
        sa.Column("detail", sa.String(120), nullable=False),
    )
    if op.get_context().dialect.name == "postgresql":
        _protect_audit_trail_in_postgresql()
    else:
        _protect_audit_trail_in_sqlite()


def _create_requests() -> None:
    op.create_table(
        "appointment_requests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("reference", sa.String(12), nullable=False, unique=True),
        sa.Column("conversation", sa.String(255), nullable=False, index=True),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, index=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("waiting_since", MOMENT, nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("urgency", sa.SmallInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("flags", sa.JSON, nullable=False),
        sa.Column("screening", sa.JSON, nullable=False),
        sa.Column("for_whom", sa.String(20), nullable=False),
        sa.Column("visit_type", sa.String(40), nullable=False),
        sa.Column("day_typed", sa.Text, nullable=False),
        sa.Column("day", sa.Date),
        sa.Column("part_typed", sa.Text, nullable=False),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("preference", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("consent_version", sa.String(40), nullable=False),
        sa.Column("consented_at", MOMENT, nullable=False),
        sa.Column("practitioner", sa.String(80)),
        sa.Column("starts_at", MOMENT),
        sa.Column("ends_at", MOMENT),
        sa.Column("claimed_by", sa.String(80)),
        sa.Column("version", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_appointment_requests_waiting",
        "appointment_requests",
        ["state", "urgency", "waiting_since", "id"],
    )
    op.create_index(
        "ix_appointment_requests_calendar",
        "appointment_requests",
        ["starts_at", "practitioner"],
    )


def _request() -> sa.ForeignKey:
    return sa.ForeignKey("appointment_requests.id", ondelete="CASCADE")


def _create_what_belongs_to_requests() -> None:
    op.create_table(
        "contacts",
        sa.Column("request_id", sa.Integer, _request(), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("phone", sa.String(20), nullable=False, index=True),
        sa.Column("email", sa.String(254), nullable=False),
    )
    op.create_table(
        "booked_slices",
        sa.Column("practitioner", sa.String(80), primary_key=True),
        sa.Column("slice", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("request_id", sa.Integer, _request(), nullable=False, index=True),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("request_id", sa.Integer, _request(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("lease", sa.String(36)),
        sa.Column("ended_at", MOMENT),
        sa.Column("result", sa.String(80), nullable=False),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["next_at"],
        sqlite_where=UNFINISHED,
        postgresql_where=UNFINISHED,
    )
    op.create_index("ix_outbox_request", "outbox", ["request_id", "kind", "id"])


def _protect_audit_trail_in_sqlite() -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_trail_no_{change.lower()} "
            f"BEFORE {change} ON audit_trail BEGIN "
            "SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )


def _protect_audit_trail_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_audit_trail_change() RETURNS trigger AS $$ BEGIN "
        "RAISE EXCEPTION 'the audit trail is append-only'; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        "CREATE TRIGGER audit_trail_append_only "
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_trail "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_trail_change()"
    )
