"""Escalations and unanswered questions, if an earlier version has not made them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the tables."""
    existing = sa.inspect(op.get_bind()).get_table_names()
    if "escalations" not in existing:
        _create_escalations()
    if "unanswered_questions" not in existing:
        _create_questions()


def _create_escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("flags", sa.JSON, nullable=False),
        sa.Column("via", sa.String(20), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
    )


def _create_questions() -> None:
    op.create_table(
        "unanswered_questions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
    )
