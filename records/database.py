"""The clinic's database: where it is, and how to connect."""

import os
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url

DEFAULT_URL = "sqlite:///var/clinic.db"
WAIT_SECONDS = 2

metadata = sa.MetaData()


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
