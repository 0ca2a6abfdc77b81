"""Slows down who guesses passwords: each failure beyond the fifth doubles the wait."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from records.database import Records
from records.errors import LockedOutError
from records.logins import (
    LOCKED_FOR,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    MOST_FAILURES,
    MOST_FAILURES_OF_ADDRESS,
    same_name,
)
from records.tables import login_attempts
from staff.errors import BusyError

REMEMBERED = timedelta(hours=24)
# Longer, and a stranger could keep the staff away by guessing at their names.
LONGEST_LOCK = timedelta(hours=1)
# Each check takes 64 MB, on purpose: many at once must not fill the memory.
CHECKS_AT_ONCE = 2
LONGEST_WAIT_SECONDS = 5


class LoginGuard(Records):
    """Refuses attempts that come too soon; `StaffBook` counts them."""

    def __init__(self, url: str | None = None) -> None:
        super().__init__(url)
        self._checks = threading.BoundedSemaphore(CHECKS_AT_ONCE)

    @contextmanager
    def one_check(self) -> Iterator[None]:
        """Lets few passwords be checked at the same moment.

        Raises:
            BusyError: none became free within seconds.
        """
        if not self._checks.acquire(timeout=LONGEST_WAIT_SECONDS):
            raise BusyError
        try:
            yield
        finally:
            self._checks.release()

    def require_patience(self, name: str, address: str, *, now: datetime) -> None:
        """Returns if an attempt may be made.

        Raises:
            LockedOutError: of this name, or from this address, too many have failed.
        """
        name = same_name(name)[:LONGEST_NAME]
        theirs = login_attempts.c.name == name
        success = sa.select(sa.func.coalesce(sa.func.max(login_attempts.c.id), 0))
        last = success.where(theirs, login_attempts.c.succeeded).scalar_subquery()
        of_name = sa.and_(theirs, login_attempts.c.id > last)
        of_address = login_attempts.c.address == address[:LONGEST_ADDRESS]
        limits = (
            (of_name, MOST_FAILURES, 1),
            (of_address, MOST_FAILURES_OF_ADDRESS, 5),
        )
        for which, most, doubles_every in limits:
            failures, newest = self._failures(which, now)
            if failures >= most and newest:
                until = newest + lock((failures - most) // doubles_every)
                if until > now:
                    minutes = (until - now) / timedelta(minutes=1)
                    raise LockedOutError(max(1, -int(-minutes // 1)))

    def _failures(self, which: Any, now: datetime) -> tuple[int, datetime | None]:
        query = sa.select(
            sa.func.count().label("times"),
            sa.func.max(login_attempts.c.at).label("newest"),
        ).where(
            which,
            login_attempts.c.at > now - REMEMBERED,
            login_attempts.c.succeeded.is_(False),
        )
        (row,) = self._rows(query)
        return row["times"], row["newest"]


def lock(more: int) -> timedelta:
    """Returns how long a login is locked after that many failures too many."""
    times: int = 2 ** min(more, 10)
    return min(LONGEST_LOCK, LOCKED_FOR * times)
