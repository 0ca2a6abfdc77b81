"""Deletes what WhatsApp has left of one conversation."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from records.chat_tables import chat_addresses, chat_replies, delivery_troubles, inbox
from records.tables import appointment_requests


def forget_chat(connection: Connection, conversation: str) -> None:
    """Deletes it inside a transaction, except what is in hand at this moment.

    The message that asked for it still gets its reply: its line keeps nothing but a
    hash once it is answered. The address stays while a confirmed visit is to come.
    """
    for table in (inbox, chat_replies):
        mine = sa.and_(table.c.conversation == conversation, table.c.lease.is_(None))
        connection.execute(sa.delete(table).where(mine))
    for table in (delivery_troubles, chat_addresses):
        mine = table.c.conversation == conversation
        if table is chat_addresses:
            kept = sa.select(appointment_requests.c.id).where(
                appointment_requests.c.conversation == conversation
            )
            mine = sa.and_(mine, ~kept.exists())
        connection.execute(sa.delete(table).where(mine))
