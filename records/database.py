"""The clinic's database: where it is, how to connect, read and write."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, Engine, make_url

from records.errors import RecordsError, SettingsError, UnavailableError

DEFAULT_URL = "sqlite:///var/clinic.db"
# How long a patient or a member of staff waits for a lock or a connection.
WAIT_SECONDS = 5
POSTGRESQL_OPTIONS: dict[str, Any] = {
    "pool_size": 5,
    "max_overflow": 15,
    "pool_timeout": WAIT_SECONDS,
    "connect_args": {
        "connect_timeout": 3,
        "keepalives_idle": 30,
        # Without it, a pulled cable is noticed after a quarter of an hour.
        "tcp_user_timeout": WAIT_SECONDS * 1000,
        "application_name": "clinic-front-desk",
    },
}

metadata = sa.MetaData()


class Records:
    """Base of what reads and writes the clinic's tables; connects at the first use.

    Calls block: in an event loop, use `asyncio.to_thread`.

    Args:
        url: SQLAlchemy address; `CLINIC_DATABASE_URL` or a file in `var/` by default.
    """

    def __init__(self, url: str | None = None) -> None:
        self._url = url

    @cached_property
    def _engine(self) -> Engine:
        return connect(self._url)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with explained(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """One transaction; SQLite takes its lock now, so that it cannot fail later."""
        engine = self._engine.execution_options(writing=True)
        with explained(), engine.begin() as connection:
            yield connection

    def _rows(self, query: Any) -> list[dict[str, Any]]:
        with self._read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


@contextmanager
def explained() -> Iterator[None]:
    """Turns an error of the database into a RecordsError without the row in it.

    Raises:
        UnavailableError: the database is away, locked or full.
        RecordsError: it refuses what it was asked to do.
    """
    # Not chained: PostgreSQL repeats the whole row, with the patient's words.
    try:
        yield
    except sa.exc.OperationalError as error:
        raise UnavailableError(_first_line(error.orig)) from None
    except (sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        raise UnavailableError(type(error).__name__) from None
    except sa.exc.DBAPIError as error:
        code = getattr(error.orig, "pgcode", None) or type(error.orig).__name__
        raise RecordsError(
            f"The clinic's database refuses this ({code}). Nothing was written."
        ) from None


def _first_line(error: object) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def insert_if_new(
    connection: Connection, table: sa.Table, row: Mapping[str, Any]
) -> bool:
    """Inserts a row and returns true, or false if a unique column holds it already."""
    dialect = postgresql if is_postgresql(connection) else sqlite
    insert = dialect.insert(table).values(**row).on_conflict_do_nothing()
    return bool(connection.execute(insert).rowcount == 1)


def is_postgresql(connection: Connection | Engine) -> bool:
    """Returns whether this is PostgreSQL; otherwise it is SQLite."""
    return bool(connection.dialect.name == "postgresql")


def connect(url: str | None = None) -> Engine:
    """Returns this process's engine for an address, with all tables in place.

    Args:
        url: SQLAlchemy address; `CLINIC_DATABASE_URL` or a file in `var/` by default.

    Raises:
        RecordsError: the address is wrong, or the database cannot be used.
    """
    address = read_address(url, "CLINIC_DATABASE_URL", DEFAULT_URL)
    return _engine_for(address, os.getpid())


def read_address(url: str | None, variable: str, default: str) -> URL:
    """Returns an address that was given, or stands in the environment, or the default.

    Raises:
        SettingsError: it is not the address of a database that can be used.
    """
    text = url or os.environ.get(variable) or default
    try:
        address = make_url(text)
        backend = address.get_backend_name()
    except (sa.exc.ArgumentError, ValueError):
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        # The address itself is not repeated: it may hold a password.
        raise SettingsError(
            f"The address of a database ({variable}) cannot be read. Write "
            "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE."
        )
    if backend == "sqlite" and address.database:
        return address.set(database=str(Path(address.database).absolute()))
    return address


# The process id is there for forks: a connection must not be shared with a parent.
@lru_cache(maxsize=16)
def _engine_for(address: URL, process: int) -> Engine:
    # Here, as the migrations need this module.
    from records.migrate import prefer_wal, upgrade

    if address.get_backend_name() == "sqlite" and address.database:
        try:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnavailableError(f"{error.strerror}: its folder") from error
    engine = make_engine(address)
    with explained():
        prefer_wal(engine)
        upgrade(engine)
    return engine


def make_engine(address: URL) -> Engine:
    """Returns an engine that waits for seconds only and repeats nobody's words."""
    options: dict[str, Any] = {"connect_args": {"timeout": WAIT_SECONDS}}
    if address.get_backend_name() == "postgresql":
        options = POSTGRESQL_OPTIONS
    engine = sa.create_engine(
        address,
        future=True,
        # An error must not carry the patient's words into a log.
        hide_parameters=True,
        pool_pre_ping=True,
        **options,
    )
    _prepare(engine)
    return engine


def _prepare(engine: Engine) -> None:
    """Sets what each new connection needs."""
    if is_postgresql(engine):
        sa.event.listen(engine, "connect", _limit_waiting)
    else:
        sa.event.listen(engine, "connect", _set_pragmas)
        sa.event.listen(engine, "begin", _begin)


def _limit_waiting(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET lock_timeout = '{WAIT_SECONDS}s'; SET statement_timeout = '30s';"
            "SET idle_in_transaction_session_timeout = '60s'"
        )
    connection.commit()


def _set_pragmas(connection: Any, _record: Any) -> None:
    # Otherwise Python itself begins transactions, late and without a lock.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # A stored request must survive a power cut too.
    connection.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
