"""What the staff console needs, and what privacy asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Creates the tables, and finds older ones by conversation."""
    _create_staff()
    op.create_table(
        "cleared_alarms",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("up_to", sa.Integer, nullable=False),
        sa.Column("cleared_at", MOMENT, nullable=False),
        sa.Column("cleared_by", sa.String(80), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Index("ix_cleared_alarms_conversation", "conversation", "up_to"),
    )
    op.create_table(
        "asked_counts",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("topic", sa.String(160), primary_key=True),
        sa.Column("outcome", sa.String(40), primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
    )
    op.create_table(
        "forgetting",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("due_at", MOMENT, nullable=False, index=True),
    )
    for table in ("escalations", "unanswered_questions"):
        op.create_index(f"ix_{table}_conversation", table, ["conversation"])


def _create_staff() -> None:
    user = sa.ForeignKey("staff_users.id", ondelete="CASCADE")
    op.create_table(
        "staff_users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.Integer, user, nullable=False, index=True),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
    )
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("succeeded", sa.Boolean, nullable=False),
        sa.Index("ix_login_attempts_name", "name", "at"),
        sa.Index("ix_login_attempts_address", "address", "at"),
    )
