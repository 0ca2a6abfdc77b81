"""What the console asks of the database by itself, on SQLite and PostgreSQL."""

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from actions.booking.opening import Opening
from actions.booking.phones import PhoneBook
from documents.facts import Facts
from documents.library import CLINIC_FOLDER
from records.appointments import AppointmentBook
from records.audit import AuditTrail
from records.database import connect
from records.errors import LockedOutError, StaleRequestError, UnknownRequestError
from records.requests import Visit
from records.staff import StaffBook
from staff.alarm_lookup import AlarmLookup
from staff.ending import Endings
from staff.errors import ProblemError
from staff.free_times import Diary, is_within_hours, nearest
from staff.guard import LoginGuard
from staff.overdue import Overdue
from staff.transcripts import Said, Transcripts
from tests.records.samples import NOW, submitted
from tests.staff.console_parts import FAST, PASSWORD, escalate

HOUR = timedelta(hours=1)
OPENING = Opening.from_facts(Facts.from_file(CLINIC_FOLDER / "clinic.yml"))


@pytest.fixture
def book(database_url):
    return AppointmentBook(database_url, clock=lambda: NOW)


def at(hour: int, minute: int = 0, *, length: int = 60, day: int = 3) -> Visit:
    start = datetime(2026, 3, day, hour, minute, tzinfo=OPENING.zone)
    return Visit("Anika V.", start, start + timedelta(minutes=length))


def test_taken_time_is_that_of_others(database_url, book):
    stored = submitted(book)
    book.confirm(stored.id, at(9), version=1, actor="staff:rita")
    diary = Diary(database_url)
    assert diary.taken(at(9))
    assert diary.taken(at(9, 30))
    assert not diary.taken(at(9), but=stored.id)
    assert not diary.taken(at(8))
    assert not diary.taken(at(10)), "one ends where the next begins"
    other = at(9)
    assert not diary.taken(Visit("Johan B.", other.starts_at, other.ends_at))
    spelled = Visit("anika  v.", other.starts_at, other.ends_at)
    assert diary.taken(spelled)


def test_free_times_are_the_nearest_ones_that_are_still_to_come(database_url, book):
    stored = submitted(book)
    book.confirm(stored.id, at(9), version=1, actor="staff:rita")
    free = Diary(database_url).nearest(at(9), OPENING, now=NOW)
    assert [f"{start:%a %H:%M}" for start in free] == [
        "Tue 07:45", "Tue 08:00", "Tue 10:00", "Tue 10:15",
    ]  # fmt: skip
    later = Diary(database_url).nearest(at(9), OPENING, now=at(9, 50).starts_at)
    assert [f"{start:%H:%M}" for start in later] == ["10:00", "10:15", "10:30", "10:45"]


def test_free_times_of_a_closed_day_are_on_the_days_around_it():
    sunday = at(10, day=8)
    free = nearest(sunday, OPENING, (), now=NOW)
    assert {f"{start:%a}" for start in free} <= {"Sat", "Mon"}
    assert all(
        is_within_hours(OPENING, Visit("A", start, start + HOUR)) for start in free
    )


def test_a_visit_that_is_longer_than_any_day_has_no_free_time():
    assert nearest(at(9, length=12 * 60), OPENING, (), now=NOW) == []


@pytest.mark.parametrize(
    ("visit", "inside"),
    [
        (at(7, 30), True),
        (at(7, 25), False),
        (at(16, 30), True),
        (at(16, 35), False),
        (at(9, day=21), False),  # Human Rights Day
        (at(9, day=7), True),
        (at(11, 30, day=7), False),
        (at(23, 30), False),
    ],
)
def test_opening_hours_hold_the_whole_visit(visit, inside):
    assert is_within_hours(OPENING, visit) is inside


def test_overdue_is_what_has_waited_longer_than_its_level_allows(database_url, book):
    for level in ("emergency", "urgent", "none"):
        submitted(book, level=level)
    overdue = Overdue(database_url)
    waits = (timedelta(minutes=29), HOUR, 3 * HOUR, timedelta(days=3))
    assert [overdue.count(NOW + wait) for wait in waits] == [0, 1, 2, 3]


def test_a_request_ends_together_with_its_reason_or_not_at_all(database_url, book):
    stored, trail = submitted(book), AuditTrail(database_url)
    endings = Endings(database_url, clock=lambda: NOW)
    for version, reason in ((7, "Sent twice"), (1, "because"), (1, "")):
        with pytest.raises((StaleRequestError, ProblemError)):
            endings.end(
                stored.id, "decline", reason=reason, version=version, actor="staff:rita"
            )
    assert book.get(stored.id) == stored
    assert len(trail.of(stored.id)) == 1
    endings.end(
        stored.id, "decline", reason="Sent twice", version=1, actor="staff:rita"
    )
    actions = [(line["action"], line["detail"]) for line in trail.of(stored.id)]
    assert actions[1:] == [
        ("decline", "requested > declined"),
        ("decline_reason", "Sent twice"),
    ]


def test_an_alarm_is_found_by_number_with_the_requests_beside_it(database_url, book):
    stored = submitted(book)
    escalate(database_url)
    lookup = AlarmLookup(database_url, PhoneBook("ZA", frozenset(), frozenset()))
    assert lookup.conversation(1) == "patient-1"
    assert lookup.requests("patient-1") == [stored]
    with pytest.raises(UnknownRequestError):
        lookup.conversation(2)


def test_failures_are_remembered_for_a_day(database_url):
    now = datetime.now(timezone.utc)
    staff = StaffBook(database_url, clock=lambda: now, hasher=FAST)
    staff.create("rita", PASSWORD, "reception", actor="program")
    guard = LoginGuard(database_url)
    for _ in range(5):
        guard.require_patience("Rita ", "10.0.0.7", now=now)
        with pytest.raises(Exception, match="wrong"):
            staff.log_in("rita", "wrong", address="10.0.0.7")
    for name in ("rita", "RITA"):
        with pytest.raises(LockedOutError):
            guard.require_patience(name, "10.0.0.8", now=now + timedelta(minutes=14))
    guard.require_patience("rita", "10.0.0.7", now=now + timedelta(minutes=16))
    guard.require_patience("carl", "10.0.0.7", now=now)


def test_a_conversation_is_read_and_never_changed(database_url):
    transcripts = Transcripts(database_url)
    connect(database_url)
    assert transcripts.of("patient-1") is None, "there is no table yet"
    with connect(database_url).begin() as connection:
        connection.execute(
            sa.text(
                "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255), "
                "type_name VARCHAR(255), timestamp FLOAT, data TEXT)"
            )
        )
        connection.execute(
            sa.text("INSERT INTO events VALUES (1, 'patient-1', 'user', 0, :data)"),
            {"data": '{"text": "hello"}'},
        )
    assert transcripts.of("patient-1") == [
        Said(datetime(1970, 1, 1, tzinfo=timezone.utc), "patient", "hello")
    ]
    assert transcripts.of("patient-2") == []
    engine = transcripts._engine
    with pytest.raises(sa.exc.DBAPIError, match="read.?only"), engine.begin() as c:
        c.execute(sa.text("DELETE FROM events"))
