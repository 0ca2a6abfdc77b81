"""Logins of the clinic's staff: passwords, roles, sessions, lock-out."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy.engine import Connection

from records import audit, logins
from records.columns import utc_now
from records.database import Records, insert_if_new
from records.errors import InvalidStaffError, LockedOutError, WrongLoginError
from records.tables import staff_sessions, staff_users

ROLES = ("reception", "clinician", "admin")
IDLE = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
# A page has many requests; writing the time of each would be a write for each.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class StaffUser:
    """A member of staff."""

    id: int
    name: str
    role: str


@dataclass(frozen=True)
class Session:
    """A login that is valid; `csrf` belongs into each form."""

    user: StaffUser
    csrf: str


class StaffBook(Records):
    """Creates members of staff and lets them in.

    Args:
        url: the clinic's database, as for all records.
        clock: returns the present moment.
        hasher: argon2 with other costs than its own defaults.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        hasher: PasswordHasher | None = None,
    ) -> None:
        super().__init__(url)
        self._clock = clock
        self._hasher = hasher or PasswordHasher()

    def is_empty(self) -> bool:
        """Returns whether nobody can log in yet."""
        return not self._rows(sa.select(staff_users.c.id).limit(1))

    def users(self) -> list[dict[str, Any]]:
        """Returns all members of staff without their passwords, by name."""
        columns = ("id", "name", "role", "active", "created_at")
        query = sa.select(*(staff_users.c[name] for name in columns))
        return self._rows(query.order_by(staff_users.c.name))

    def create(self, name: str, password: str, role: str, *, actor: str) -> StaffUser:
        """Adds a member of staff.

        Raises:
            InvalidStaffError: the name is taken, or something is not acceptable.
        """
        name = logins.checked_name(name)
        row = {
            "name": name,
            "password_hash": self._hashed(password, name),
            "role": _checked_role(role),
            "active": True,
            "created_at": self._clock(),
        }
        with self._write() as connection:
            if not insert_if_new(connection, staff_users, row):
                raise InvalidStaffError(f"'{name}' exists already. Choose another.")
            audit.write_line(connection, actor, "create_staff", detail=name)
            user = _by_name(connection, name)
        return StaffUser(user.id, user.name, user.role)

    def set_password(self, name: str, password: str, *, actor: str) -> None:
        """Changes a password and ends all sessions of its user.

        Raises:
            InvalidStaffError: there is no such name, or the password is too weak.
        """
        name = logins.checked_name(name)
        values = {"password_hash": self._hashed(password, name)}
        self._change(name, values, "set_password", actor)

    def deactivate(self, name: str, *, actor: str) -> None:
        """Lets somebody in no more, at once.

        Raises:
            InvalidStaffError: there is no such name.
        """
        self._change(
            logins.checked_name(name), {"active": False}, "deactivate_staff", actor
        )

    def activate(self, name: str, *, actor: str) -> None:
        """Opens a closed account again; its password is the one it had.

        Raises:
            InvalidStaffError: there is no such name.
        """
        self._change(
            logins.checked_name(name), {"active": True}, "activate_staff", actor
        )

    def set_role(self, name: str, role: str, *, actor: str) -> None:
        """Changes a role and ends all sessions of its user.

        Raises:
            InvalidStaffError: there is no such name, or no such role.
        """
        values = {"role": _checked_role(role)}
        self._change(logins.checked_name(name), values, "set_role", actor)

    def log_in(self, name: str, password: str, *, address: str) -> str:
        """Returns the token of a new session, for a cookie.

        Raises:
            WrongLoginError: the name or the password is wrong.
            LockedOutError: too many logins failed, of this name or from this address.
        """
        name = logins.same_name(name)[: logins.LONGEST_NAME]
        address = address[: logins.LONGEST_ADDRESS]
        with self._write() as connection:
            attempt = logins.begin_attempt(connection, name, address, self._clock())
            user = _by_name(connection, name)
        if attempt is None:
            raise LockedOutError(int(logins.LOCKED_FOR.total_seconds() // 60))
        # Outside the transaction: it takes long, on purpose, and as long for nobody.
        active = user is not None and user.active
        known = user.password_hash if active else self._hash_of_nobody
        if not logins.is_right(self._hasher, known, password) or not active:
            raise WrongLoginError
        return self._let_in(user.id, name, attempt)

    @cached_property
    def _hash_of_nobody(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe())

    def _let_in(self, user_id: int, name: str, attempt: int) -> str:
        token, now = secrets.token_urlsafe(32), self._clock()
        session = {
            "token_hash": logins.token_hash(token),
            "user_id": user_id,
            "csrf": secrets.token_urlsafe(32),
            "created_at": now,
            "seen_at": now,
        }
        with self._write() as connection:
            logins.end_attempt(connection, attempt)
            connection.execute(sa.insert(staff_sessions), [session])
            audit.write_line(connection, audit.staff(name), "log_in")
        return token

    def session(self, token: str) -> Session | None:
        """Returns who a token belongs to, or None if it is not valid any more."""
        now, mine = (
            self._clock(),
            staff_sessions.c.token_hash == logins.token_hash(token),
        )
        query = (
            sa.select(
                staff_users.c.id,
                staff_users.c.name,
                staff_users.c.role,
                staff_sessions.c.csrf,
                staff_sessions.c.seen_at,
            )
            .join(staff_users, staff_users.c.id == staff_sessions.c.user_id)
            .where(mine, staff_users.c.active)
            .where(staff_sessions.c.seen_at > now - IDLE)
            .where(staff_sessions.c.created_at > now - LONGEST_SESSION)
        )
        with self._read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        if row.seen_at < now - SEEN_EVERY:
            with self._write() as connection:
                change = sa.update(staff_sessions).where(mine).values(seen_at=now)
                connection.execute(change)
        return Session(StaffUser(row.id, row.name, row.role), row.csrf)

    def log_out(self, token: str) -> None:
        """Ends a session."""
        mine = staff_sessions.c.token_hash == logins.token_hash(token)
        with self._write() as connection:
            connection.execute(sa.delete(staff_sessions).where(mine))

    def _hashed(self, password: str, name: str) -> str:
        return self._hasher.hash(
            logins.encoded(logins.checked_password(password, name))
        )

    def _change(
        self, name: str, values: dict[str, Any], action: str, actor: str
    ) -> None:
        with self._write() as connection:
            user = _by_name(connection, name)
            if user is None:
                raise InvalidStaffError(f"There is nobody called '{name}'.")
            mine = staff_users.c.id == user.id
            connection.execute(sa.update(staff_users).where(mine).values(**values))
            theirs = staff_sessions.c.user_id == user.id
            connection.execute(sa.delete(staff_sessions).where(theirs))
            audit.write_line(connection, actor, action, detail=name)


def is_same_csrf(session: Session, sent: str) -> bool:
    """Returns whether a form was made for this session."""
    return hmac.compare_digest(session.csrf.encode(), sent.encode("utf-8", "replace"))


def _checked_role(role: str) -> str:
    if role not in ROLES:
        raise InvalidStaffError(f"'{role[:20]}' is no role. Known: {', '.join(ROLES)}.")
    return role


def _by_name(connection: Connection, name: str) -> Any:
    query = sa.select(staff_users).where(staff_users.c.name == name)
    return connection.execute(query).first()
