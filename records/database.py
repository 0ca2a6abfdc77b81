"""The clinic's database: where it is, and how to connect."""

import os
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url

DEFAULT_URL = "sqlite:///var/clinic.db"
WAIT_SECONDS = 2

metadata = sa.MetaData()


class Records:
    """Base of what adds to a table and lists it; connects at the first use.

    Args:
        url: SQLAlchemy address; `CLINIC_DATABASE_URL` or a file in `var/` by default.
    """

    def __init__(self, url: str | None = None) -> None:
        self._url = url

    @cached_property
    def _engine(self) -> Engine:
        return connect(self._url)

    def _rows(self, query: Any) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def connect(url: str | None = None) -> Engine:
    """Returns an engine, with all tables in place.

    Args:
        url: SQLAlchemy address; `CLINIC_DATABASE_URL` or a file in `var/` by default.
    """
    address = make_url(url or os.environ.get("CLINIC_DATABASE_URL") or DEFAULT_URL)
    options = {}
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        options = {"connect_args": {"timeout": WAIT_SECONDS}}
    engine = sa.create_engine(
        address,
        future=True,
        # An error must not carry the patient's words into a log.
        hide_parameters=True,
        pool_pre_ping=True,
        **options,
    )
    metadata.create_all(engine)
    return engine
