"""Finds the nearest free times of a practitioner, within the opening hours."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from actions.booking.opening import Opening
from records.database import Records
from records.requests import Visit
from records.slices import SLICE_SECONDS, numbers
from records.tables import booked_slices

STEP = timedelta(minutes=15)
REACH_DAYS = 14
MOST = 4


class Diary(Records):
    """Reads which time of a practitioner is taken."""

    def taken(
        self, visit: Visit, *, but: int = 0, reach: timedelta = timedelta(0)
    ) -> frozenset[int]:
        """Returns the numbers of the slices around a visit that others hold.

        Args:
            visit: the practitioner and the time.
            but: a request whose own time does not count.
            reach: how far before and after the visit to look.
        """
        more = int(reach.total_seconds() // SLICE_SECONDS)
        slices = numbers(visit)
        query = sa.select(booked_slices.c.slice).where(
            booked_slices.c.practitioner
            == " ".join(visit.practitioner.casefold().split()),
            booked_slices.c.slice.between(slices[0] - more, slices[-1] + more),
            booked_slices.c.request_id != but,
        )
        return frozenset(row["slice"] for row in self._rows(query))

    def nearest(
        self, wanted: Visit, opening: Opening, *, now: datetime, but: int = 0
    ) -> list[datetime]:
        """Returns the free times that are nearest to a visit that does not fit."""
        reach = timedelta(days=REACH_DAYS + 1)
        taken = self.taken(wanted, but=but, reach=reach)
        return nearest(wanted, opening, taken, now=now)


def nearest(
    wanted: Visit, opening: Opening, taken: Collection[int], *, now: datetime
) -> list[datetime]:
    """Returns the nearest free times, earliest first."""
    length = wanted.ends_at - wanted.starts_at
    day = opening.today(wanted.starts_at)
    found: list[datetime] = []
    for distance in range(REACH_DAYS + 1):
        for near in {day - timedelta(days=distance), day + timedelta(days=distance)}:
            for start in starts(opening, near, length):
                visit = Visit(wanted.practitioner, start, start + length)
                if start > now and not any(n in taken for n in numbers(visit)):
                    found.append(start)
        if len(found) >= MOST:
            break
    found.sort(key=lambda start: (abs(start - wanted.starts_at), start))
    return sorted(found[:MOST])


def starts(opening: Opening, day: date, length: timedelta) -> Iterator[datetime]:
    """Yields the times of a day at which a visit can begin."""
    midnight = datetime.combine(day, time(), opening.zone)
    for stretch in opening.hours(day):
        start = midnight + timedelta(minutes=stretch.start)
        while start + length <= midnight + timedelta(minutes=stretch.end):
            yield start
            start += STEP


def is_within_hours(opening: Opening, visit: Visit) -> bool:
    """Returns whether the clinic is open during all of a visit."""
    start, end = opening.local(visit.starts_at), opening.local(visit.ends_at)
    if start.date() != end.date():
        return False
    first, last = start.hour * 60 + start.minute, end.hour * 60 + end.minute
    hours = opening.hours(start.date())
    return any(open_.start <= first and last <= open_.end for open_ in hours)
