"""Brings the tables to the state that this version needs, by Alembic."""

import threading
import time
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.engine import Connection, Engine

from records.errors import NewerDatabaseError

FOLDER = Path(__file__).with_name("migrations")
# Any number that nothing else in this database uses.
LOCK = 4_206_901
LONGEST_WAIT_SECONDS = 60

# Alembic keeps the running migration in a variable of its module.
_one_at_a_time = threading.Lock()


def upgrade(engine: Engine) -> None:
    """Runs the migrations that are missing; several processes may do so at once.

    Raises:
        NewerDatabaseError: a later version of the program has made the tables.
    """
    with _one_at_a_time:
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        script = ScriptDirectory.from_config(config)
        with engine.connect() as connection:
            if _revision(connection) == script.get_current_head():
                return
        with engine.execution_options(writing=True).begin() as connection:
            _wait_for_others(connection)
            _require_known(script, _revision(connection))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _require_known(script: ScriptDirectory, revision: str | None) -> None:
    try:
        script.get_revision(revision or "head")
    except CommandError as error:
        raise NewerDatabaseError(str(revision)) from error


def _wait_for_others(connection: Connection) -> None:
    """Lets one process at a time migrate; SQLite's BEGIN IMMEDIATE does so already."""
    if connection.dialect.name == "postgresql":
        limit = f"{LONGEST_WAIT_SECONDS}s"
        connection.execute(sa.text(f"SET LOCAL lock_timeout = '{limit}'"))
        connection.execute(sa.text(f"SET LOCAL statement_timeout = '{limit}'"))
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def prefer_wal(engine: Engine) -> None:
    """Switches a SQLite file to write-ahead logging: readers do not block writers."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return
    until = time.monotonic() + LONGEST_WAIT_SECONDS / 10
    connection = engine.raw_connection()
    try:
        while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except engine.dialect.dbapi.OperationalError as error:
                # SQLite does not wait by itself while another process switches.
                if "locked" not in str(error) or time.monotonic() > until:
                    raise sa.exc.OperationalError("", {}, error) from error
                time.sleep(0.02)
    finally:
        connection.close()
