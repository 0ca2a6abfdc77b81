"""Names, passwords and failed attempts of the staff's logins."""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import Connection

from records.columns import Label
from records.database import is_postgresql
from records.errors import InvalidStaffError
from records.tables import login_attempts

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_NAME = 80
LONGEST_ADDRESS = 64

MOST_FAILURES = 5
# An address may be that of the whole clinic.
MOST_FAILURES_OF_ADDRESS = 30
LOCKED_FOR = timedelta(minutes=15)
# Any number that nothing else in this database uses.
LOCK = 4_206_904


def same_name(name: str) -> str:
    """Returns a name as it is stored: small letters, no space around."""
    return name.strip().casefold()


def checked_name(name: str) -> str:
    """Returns a name for a new login.

    Raises:
        InvalidStaffError: it is empty, too long or holds strange signs.
    """
    name = same_name(name)
    if not name.replace(".", "").replace("-", "").isalnum() or len(name) > LONGEST_NAME:
        raise InvalidStaffError(
            "A name has letters, digits, '.' and '-', 80 at most. Choose another."
        )
    return name


def checked_password(password: str, name: str) -> str:
    """Returns a password that is good enough.

    Raises:
        InvalidStaffError: it is too short, too long or too simple.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InvalidStaffError(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} signs. "
            "Several words are a good one."
        )
    if len(set(password)) < 5 or name in password.casefold():
        raise InvalidStaffError(
            "The password is too simple, or holds the name. Choose another."
        )
    return password


def encoded(password: str) -> bytes:
    """Returns what is hashed; a form may send halves of signs too."""
    # Nobody's password is longer, and hashing megabytes would take long.
    return password[: LONGEST_PASSWORD + 1].encode("utf-8", "surrogatepass")


def is_right(hasher: PasswordHasher, known: str, password: str) -> bool:
    """Returns whether a password is that of a hash."""
    try:
        return hasher.verify(known, encoded(password))
    except (VerificationError, InvalidHashError):
        return False


def token_hash(token: str) -> str:
    """Returns what is stored of a session's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def begin_attempt(
    connection: Connection, name: str, address: str, now: datetime
) -> int | None:
    """Writes an attempt down as failed and returns its id; None if it is locked out.

    An attempt while locked out is not counted, so that a lock ends.
    """
    if is_postgresql(connection):
        # Of many at once, none may miss the others.
        one = sa.func.pg_advisory_xact_lock(
            LOCK, sa.func.hashtext(sa.literal(name, Label))
        )
        connection.execute(sa.select(one))
    theirs = login_attempts.c.name == name
    last_success = sa.select(sa.func.coalesce(sa.func.max(login_attempts.c.id), 0))
    since = last_success.where(theirs, login_attempts.c.succeeded).scalar_subquery()
    limits = (
        (sa.and_(theirs, login_attempts.c.id > since), MOST_FAILURES),
        (login_attempts.c.address == address, MOST_FAILURES_OF_ADDRESS),
    )
    for mine, most in limits:
        failed = sa.select(sa.func.count()).where(
            mine,
            login_attempts.c.at > now - LOCKED_FOR,
            login_attempts.c.succeeded.is_(False),
        )
        if connection.execute(failed).scalar_one() >= most:
            return None
    row = {"name": name, "address": address, "at": now, "succeeded": False}
    inserted = connection.execute(sa.insert(login_attempts).values(**row))
    return int(inserted.inserted_primary_key[0])


def end_attempt(connection: Connection, attempt: int) -> None:
    """Notes that an attempt succeeded; earlier failures of that name count no more."""
    change = sa.update(login_attempts).where(login_attempts.c.id == attempt)
    connection.execute(change.values(succeeded=True))
