from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from actions.replies import Unanswered
from records.alarms import Alarms
from records.appointments import AppointmentBook
from records.asked import AskedCounts, OpenQuestions
from records.database import connect
from records.desk import CSV_COLUMNS, Desk, safe_cell
from records.errors import InvalidRequestError, UnknownRequestError
from records.escalations import EscalationLog, escalations
from records.questions import QuestionLog
from records.requests import Contact
from tests.records.samples import (
    NOW,
    PHONE,
    THANDI,
    confirmed,
    submitted,
    visit,
)
from tests.records.test_escalations import note

ALLOWED = {"none": timedelta(days=1), "urgent": timedelta(hours=2)}


@pytest.fixture
def clock():
    return [NOW]


@pytest.fixture
def book(database_url, clock):
    return AppointmentBook(database_url, clock=lambda: clock[-1])


@pytest.fixture
def desk(database_url):
    return Desk(database_url)


@pytest.fixture
def alarms(database_url):
    return Alarms(database_url)


@pytest.fixture
def log(database_url):
    return EscalationLog(database_url)


def test_the_most_urgent_wait_first_then_the_oldest_and_overdue_is_marked(
    book, desk, clock
):
    levels = ("none", "soon", "emergency", "urgent", "none", "card", "check", "urgent")
    stored = []
    for hours, level in enumerate(levels):
        clock.append(NOW + timedelta(hours=hours))
        stored.append(submitted(book, level=level))

    lines = desk.waiting(now=NOW + timedelta(hours=25), allowed=ALLOWED)

    order = [2, 3, 7, 1, 6, 5, 0, 4]
    assert [line.request.id for line in lines] == [stored[n].id for n in order]
    assert [line.is_overdue for line in lines] == [
        False, True, True, False, False, False, True, False,
    ]  # fmt: skip
    assert {line.name for line in lines} == {"Thandi Nkosi"}


def test_lists_come_page_by_page(book, desk):
    stored = [submitted(book).id for _ in range(5)]
    pages = [desk.waiting(skip=skip, most=2, now=NOW) for skip in (0, 2, 4, 6)]
    assert [[line.request.id for line in page] for page in pages] == [
        stored[:2],
        stored[2:4],
        stored[4:],
        [],
    ]
    newest = desk.newest(most=2, now=NOW)
    assert [line.request.id for line in newest] == stored[:-3:-1]


def test_only_what_waits_for_the_clinic_is_overdue(book, desk):
    stored = submitted(book)
    book.propose(stored.id, visit(), version=1, actor="staff:anna")
    later = NOW + timedelta(days=9)
    (line,) = desk.waiting("proposed", now=later, allowed=ALLOWED)
    assert not line.is_overdue
    assert desk.waiting(now=later) == []


def test_requests_are_counted_by_state(book, desk):
    submitted(book)
    confirmed(book)
    counts = desk.counts()
    assert (counts["requested"], counts["confirmed"], counts["expired"]) == (1, 1, 0)


@pytest.mark.parametrize("typed", [PHONE, " nkos ", "THANDI", "reference"])
def test_a_request_is_found_by_reference_number_or_name(book, desk, typed):
    stored = submitted(book)
    submitted(book, Contact("Pieter", "+27825550199"))
    if typed == "reference":
        typed = stored.reference.lower()
    assert [line.request for line in desk.search(typed, now=NOW)] == [stored]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jose", True), ("José", True), ("JOSÉ", True), ("nde", True),
        ("sithole", True),
        ("nd jo", True), ("jose ndeb", True), ("jose-ma", True), ("o'r", False),
        ("osé", False), ("jose khumalo", False), ("jose jose", True),
    ],
)  # fmt: skip
def test_the_beginning_of_any_word_of_a_name_finds_it(book, desk, typed, found):
    stored = submitted(book, Contact("José-Maria Ndebele Sithole", "+27825550142"))
    submitted(book, Contact("O'Reilly Khumalo", "+27825550143"))

    lines = desk.search(typed, now=NOW)

    assert (stored in [line.request for line in lines]) is found


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "' OR 1=1", "+", "\0", "XXXXXX"])
def test_nonsense_finds_nothing(book, desk, typed):
    submitted(book)
    assert desk.search(typed, now=NOW) == []


def test_one_request_comes_with_all_about_it_and_the_view_is_noted(book, desk, log):
    stored = submitted(book)
    log.add(note("a"))
    log.add(note("b", conversation="patient-2"))

    record = desk.record(stored.id, viewer="staff:anna")
    again = desk.record(stored.id, viewer="staff:ben")

    assert (record.request, record.contact) == (stored, THANDI)
    assert [row["key"] for row in record.escalations] == ["a"]
    assert [line["action"] for line in record.history] == ["submit"]
    assert [(x["actor"], x["action"]) for x in again.history[1:]] == [
        ("staff:anna", "view")
    ]
    with pytest.raises(UnknownRequestError):
        desk.record(4711, viewer="staff:anna")


def test_the_calendar_holds_confirmed_time_only(book, desk):
    booked = confirmed(book, visit("10:00"))
    other = confirmed(book, visit("09:00", who="Anika V."))
    book.propose(submitted(book).id, visit("12:00"), version=1, actor="staff:anna")

    day = desk.calendar(NOW, NOW + timedelta(days=1))

    assert [r.id for r in day] == [other.id, booked.id]
    assert desk.calendar(NOW, NOW + timedelta(days=1), "Anika V.") == [other]
    assert desk.calendar(NOW + timedelta(days=1), NOW + timedelta(days=2)) == []


def test_csv_holds_every_request_and_no_contact(book, desk):
    submitted(book, visit_type="=HYPERLINK(1)")
    confirmed(book)

    heading, *rows = desk.csv_rows()

    assert heading == list(CSV_COLUMNS)
    assert [row[2] for row in rows] == ["requested", "confirmed"]
    assert rows[0][5] == "'=HYPERLINK(1)"
    assert "2026-03-02T10:00+00:00" in rows[1]
    assert not any("Thandi" in cell or "825550142" in cell for r in rows for cell in r)


@pytest.mark.parametrize(
    ("value", "cell"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("a=b", "a=b"), (None, ""), (7, "7")],
)
def test_no_cell_is_taken_for_a_formula(value, cell):
    assert safe_cell(value) == cell


def test_the_gravest_alarm_comes_first_with_all_that_was_noticed(alarms, log):
    log.add(note("a", conversation="one", level="urgent"))
    log.add(note("b", conversation="two", level="soon"))
    log.add(note("c", conversation="two", level="emergency"))
    log.add(note("d", conversation="two", level="urgent"))
    log.add(note("e", conversation="three", level="urgent"))

    found = alarms.open()

    assert [(a.conversation, a.level) for a in found] == [
        ("two", "emergency"),
        ("three", "urgent"),
        ("one", "urgent"),
    ]
    assert [row["key"] for row in found[0].escalations] == ["b", "c", "d"]
    assert alarms.count() == 3
    assert [a.conversation for a in alarms.open(skip=1, most=1)] == ["three"]


def test_a_cleared_alarm_is_gone_until_something_new_is_noticed(alarms, log):
    log.add(note("a"))
    log.add(note("b", conversation="patient-2"))
    (alarm,) = [a for a in alarms.open() if a.conversation == "patient-1"]
    log.add(note("c"))

    alarms.clear("patient-1", alarm.up_to, by="anna", reason="phoned, is safe")

    found = {a.conversation: a for a in alarms.open()}
    assert [row["key"] for row in found["patient-1"].escalations] == ["c"]
    alarms.clear("patient-1", found["patient-1"].up_to, by="anna", reason="again")
    assert [a.conversation for a in alarms.open()] == ["patient-2"]
    assert [row["reason"] for row in alarms.cleared("patient-1")] == [
        "phoned, is safe",
        "again",
    ]


def test_a_number_that_comes_again_does_not_hide_a_new_alarm(alarms, log, database_url):
    log.add(note("a"))
    alarms.clear("patient-1", 1, by="anna", reason="safe")
    with connect(database_url).begin() as connection:
        connection.execute(sa.delete(escalations))
        row = note("b") | {"id": 1, "noticed_at": NOW + timedelta(days=400)}
        connection.execute(sa.insert(escalations), [row])
    assert [a.up_to for a in alarms.open()] == [1]


@pytest.mark.parametrize(("by", "reason"), [("", "safe"), ("anna", " ")])
def test_an_alarm_is_not_cleared_without_name_and_reason(alarms, log, by, reason):
    log.add(note("a"))
    with pytest.raises(InvalidRequestError):
        alarms.clear("patient-1", 1, by=by, reason=reason)
    assert alarms.count() == 1


def test_what_is_asked_is_counted_by_day_and_topic(database_url):
    counts = AskedCounts(database_url)
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)

    counts.add([("back#heat", "answered"), ("", "unknown")], day=monday)
    counts.add([("back#heat", "answered")] * 2, day=tuesday)
    counts.add([], day=tuesday)

    by_day = [tuple(r.values()) for r in counts.by_day(monday, tuesday)]
    assert by_day == [
        (monday, "answered", 1),
        (monday, "unknown", 1),
        (tuesday, "answered", 2),
    ]
    by_topic = [tuple(r.values()) for r in counts.by_topic(monday, tuesday)]
    assert by_topic == [("", "unknown", 1), ("back#heat", "answered", 3)]
    assert counts.by_day(tuesday, monday) == []


def test_open_questions_come_page_by_page_and_can_be_put_away(database_url):
    log, questions = QuestionLog(database_url), OpenQuestions(database_url)
    log.add([Unanswered(f"q{n}", "unknown") for n in range(3)], "patient-1")
    log.add([Unanswered("which", "choose")], "patient-1")

    assert [q["question"] for q in questions.page(most=2)] == ["which", "q2"]
    assert [q["question"] for q in questions.page(outcome="unknown", skip=1)] == [
        "q1",
        "q0",
    ]
    gone = [q["id"] for q in questions.page(outcome="choose")]
    assert questions.remove(gone) == 1
    assert len(questions.page()) == 3


FILL = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
INSERT INTO appointment_requests (id, key, reference, conversation, channel,
  created_at, state, waiting_since, level, urgency, reason, flags, screening,
  for_whom, visit_type, day_typed, part_typed, part, preference, note,
  consent_version, consented_at, version)
SELECT i, 'key-' || i, 'R' || i, 'patient-' || (i % 90000), 'rest',
  {moment}, CASE WHEN i % 10 = 0 THEN 'confirmed' ELSE 'requested' END,
  {moment}, 'none', i % 6, '', '[]', '{{}}', 'self', 'first', 'Monday', '', '', '{{}}',
  'A note of usual length, which says when the phone is answered best.',
  '1', {moment}, 1 FROM n
"""
FILL_CONTACTS = """
INSERT INTO contacts (request_id, name, phone, email)
SELECT id, 'Patient ' || id, '+27' || (100000000 + id), '' FROM appointment_requests
"""
FILL_WORDS = """
INSERT INTO contact_words (request_id, word)
SELECT id, 'patient' FROM appointment_requests
UNION ALL SELECT id, CAST(id AS VARCHAR(80)) FROM appointment_requests
"""
FILL_ESCALATIONS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT INTO escalations (key, noticed_at, conversation, channel, event, level, flags,
  via, words)
SELECT 'key-' || i, {moment}, 'patient-' || i, 'rest', 'raised', 'urgent', '[]',
  'rule', 'words' FROM n
"""
FILL_CLEARED = """
INSERT INTO cleared_alarms (conversation, up_to, cleared_at, cleared_by, reason)
SELECT conversation, id, {now}, 'anna', 'safe' FROM escalations WHERE id % 100 > 0
"""
MOMENTS = {
    "sqlite": {
        "moment": "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-' || i || ' seconds')",
        "now": "strftime('%Y-%m-%d %H:%M:%f000', 'now')",
    },
    "postgresql": {"moment": "now() - i * interval '1 second'", "now": "now()"},
}


FILLED = (FILL, FILL_CONTACTS, FILL_WORDS, FILL_ESCALATIONS, FILL_CLEARED)


@pytest.fixture
def full(empty_database_url):
    """Returns a database with 100,000 requests and 20,000 escalations."""
    engine = connect(empty_database_url)
    moments = MOMENTS[engine.dialect.name]
    with engine.begin() as connection:
        for statement in FILLED:
            sql = statement.format(**moments)
            if engine.dialect.name == "postgresql":
                sql = sql.replace("%", "%%")
            connection.exec_driver_sql(sql)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    return empty_database_url


# How fast they are is measured by `make bench-console`, not by a test.
def test_every_list_answers_with_a_hundred_thousand_requests(full):
    desk, alarms = Desk(full), Alarms(full)

    assert desk.waiting(now=NOW, allowed=ALLOWED)
    assert desk.waiting(now=NOW, skip=80_000)
    assert desk.newest(now=NOW, skip=99_000)
    assert desk.search("+27100000001", now=NOW)
    assert desk.search("777 pat", now=NOW)
    assert len(desk.search("patient", now=NOW)) == 50
    assert desk.record(500, viewer="staff:anna")
    assert desk.counts()
    assert alarms.open()
    assert alarms.count()
