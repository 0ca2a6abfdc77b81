"""Runs the migrations on the connection that `records.migrate` hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # All or nothing, on SQLite too: `records.database` begins the transaction.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
