from datetime import timedelta

import pytest
import sqlalchemy as sa

from actions.replies import Unanswered
from records import forget, retention
from records.alarms import Alarms
from records.appointments import AppointmentBook
from records.audit import AuditTrail
from records.conversations import ConversationStore, events
from records.database import connect
from records.errors import SettingsError, TooManyAttemptsError, UnknownRequestError
from records.escalations import EscalationLog
from records.outbox import Outbox
from records.privacy import REST, Forgotten, Privacy
from records.questions import QuestionLog
from records.ratings import Ratings
from records.requests import Wish
from records.retention import Retention
from records.tables import outbox as outbox_table
from tests.records.samples import (
    NOW,
    PHONE,
    THANDI,
    THANDI_BY_MAIL,
    confirmed,
    submitted,
    visit,
)
from tests.records.test_escalations import note

DAY = timedelta(days=1)


@pytest.fixture
def clock():
    return [NOW]


@pytest.fixture
def now(clock):
    return lambda: clock[-1]


@pytest.fixture
def book(database_url, now):
    return AppointmentBook(database_url, clock=now)


@pytest.fixture
def conversations(tmp_path):
    """Returns a store of conversations with a table as Rasa makes it."""
    url = f"sqlite:///{tmp_path}/conversations.db"
    engine = sa.create_engine(url, future=True)
    events.create(engine)
    return ConversationStore(url)


def say(conversations, conversation, moment, *types):
    with conversations._engine.execution_options(writing=True).begin() as connection:
        for number, name in enumerate(types):
            row = {
                "sender_id": conversation,
                "type_name": name,
                "timestamp": moment.timestamp() + number,
            }
            connection.execute(sa.insert(events), [row])


@pytest.fixture
def privacy(database_url, conversations, now):
    return Privacy(database_url, conversations=conversations, clock=now)


@pytest.fixture
def two(book, database_url, conversations):
    """Fills in the same for patient-1 and patient-2; returns their requests."""
    made = []
    for patient in ("patient-1", "patient-2"):
        made.append(submitted(book, THANDI_BY_MAIL, conversation=patient))
        EscalationLog(database_url).add(note(patient, conversation=patient))
        QuestionLog(database_url).add([Unanswered("ice?", "unknown")], patient)
        ratings = Ratings(database_url, clock=lambda: NOW)
        ratings.rate(patient, "m1.1", topic="back#heat", helpful=True)
        Alarms(database_url).clear(patient, 9, by="anna", reason="safe")
        book.find("XXX-XXX", PHONE, conversation=patient)
        say(conversations, patient, NOW, "session_started", "user", "bot", "user")
    return made


def holding(url, *words):
    """Returns the tables in which one of the words stands."""
    engine, found = connect(url), set()
    with engine.connect() as connection:
        for name in sa.inspect(engine).get_table_names():
            text = str(connection.execute(sa.text(f"SELECT * FROM {name}")).all())
            if any(word in text for word in words):
                found.add(name)
    return found


def test_a_patient_learns_all_that_is_kept(privacy, two):
    known = privacy.known("patient-1")
    assert known.requests == (two[0],)
    assert known.contacts == (THANDI_BY_MAIL,)
    assert (known.messages, known.questions, known.escalations) == (2, 1, 1)


def test_nothing_is_known_about_a_stranger(privacy, two):
    known = privacy.known("' OR 1=1")
    assert (known.requests, known.contacts) == ((), ())
    assert (known.messages, known.questions, known.escalations) == (0, 0, 0)


def test_all_of_one_conversation_goes_and_nothing_of_another(
    privacy, two, database_url, clock, conversations
):
    done = privacy.forget("patient-1", actor="patient")

    assert done == Forgotten(1, 1, 1, ())
    assert holding(database_url, "patient-1", two[0].reference) == {"forgetting"}
    other = privacy.known("patient-2")
    assert (len(other.requests), other.questions, other.escalations) == (1, 1, 1)
    clock.append(NOW + REST)
    assert privacy.forget_due() == 1
    assert holding(database_url, "patient-1") == set()
    assert conversations.messages("patient-1") == 0
    assert conversations.messages("patient-2") == 2


def test_the_messages_wait_until_the_turn_has_ended(privacy, two, conversations):
    privacy.forget("patient-1", actor="patient")
    assert privacy.forget_due() == 0
    assert conversations.messages("patient-1") == 2


def test_forgetting_leaves_a_line_without_anything_personal(privacy, two, database_url):
    privacy.forget("patient-1", actor="patient")

    about = AuditTrail(database_url).of(two[0].id)
    (last,) = AuditTrail(database_url).newest(1)
    assert [line["action"] for line in about] == ["submit", "forget"]
    assert last["detail"] == "1 requests, 1 questions, 1 escalations; 0 requests kept"
    assert "patient-1" not in str(about) + str(last)


def test_a_number_of_a_deleted_request_never_comes_back(privacy, two, book):
    privacy.forget("patient-2", actor="patient")
    assert submitted(book).id > two[1].id
    with pytest.raises(UnknownRequestError):
        book.get(two[1].id)


def test_what_waited_to_be_sent_is_not_sent_any_more(privacy, two, database_url):
    privacy.forget("patient-1", actor="patient")
    outbox = Outbox(database_url)
    while message := outbox.lease():
        assert message.reference == two[1].reference


def test_a_confirmed_visit_to_come_stays_until_it_is_cancelled(privacy, book):
    booked = confirmed(book, visit("10:00"))
    moving = confirmed(book, visit("12:00"))
    book.move(moving.id, Wish(), version=2, actor="patient")

    done = privacy.forget("patient-1", actor="patient")
    assert (done.requests, done.kept) == (0, (booked.reference, moving.reference))

    book.cancel(booked.id, version=2, actor="patient")
    book.cancel(moving.id, version=3, actor="patient")
    assert privacy.forget("patient-1", actor="patient").requests == 2


def test_a_visit_that_is_over_goes(privacy, book, clock):
    confirmed(book)
    clock.append(NOW + DAY)
    assert privacy.forget("patient-1", actor="patient").requests == 1
    assert confirmed(book).state == "confirmed"


def test_reference_and_phone_are_enough_to_be_forgotten(privacy, two):
    wrong = {"conversation": "patient-9", "actor": "patient"}
    reference = two[0].reference
    assert privacy.forget_request(reference, "+27825550143", **wrong) is None
    assert privacy.forget_request("XXX-XXX", PHONE, **wrong) is None
    assert privacy.forget_request(reference, PHONE, **wrong).requests == 1
    for _ in range(5):
        privacy.forget_request("XXX-XXX", PHONE, **wrong)
    with pytest.raises(TooManyAttemptsError):
        privacy.forget_request(two[1].reference, PHONE, **wrong)


def test_without_a_store_of_conversations_nothing_is_created(tmp_path, database_url):
    store = ConversationStore(f"sqlite:///{tmp_path}/none/none.db")
    assert (store.messages("patient-1"), store.delete("patient-1")) == (0, 0)
    assert not (tmp_path / "none").exists()


@pytest.fixture
def keep(database_url, conversations, now):
    return Retention(database_url, conversations=conversations, clock=now)


def test_what_is_older_than_promised_goes_and_the_rest_stays(
    keep, two, book, clock, privacy, database_url
):
    clock.append(NOW + 60 * DAY)
    young = submitted(book, conversation="patient-3")
    clock.append(NOW + 91 * DAY)

    deleted = keep.delete_old(conversation_days=30, booking_days=90)

    assert (deleted["requests"], deleted["escalations"]) == (2, 2)
    assert (deleted["attempts"], deleted["events"]) == (2, 8)
    assert privacy.known("patient-1").requests == ()
    assert book.get(young.id) == young
    (line,) = AuditTrail(database_url).newest(1)
    assert (line["actor"], line["action"]) == ("program", "retention")
    assert line["detail"].startswith("2 requests, 2 escalations")


def test_a_request_is_kept_from_its_visit_on(keep, book, clock):
    booked = confirmed(book, visit("10:00"))
    clock.append(NOW + 90 * DAY)
    assert keep.delete_old(conversation_days=30, booking_days=90)["requests"] == 0
    assert book.get(booked.id).state == "confirmed"
    clock.append(NOW + 91 * DAY)
    assert keep.delete_old(conversation_days=30, booking_days=90)["requests"] == 1


def test_many_old_rows_go_in_parts(keep, database_url, clock, monkeypatch):
    monkeypatch.setattr(retention, "AT_A_TIME", 3)
    for number in range(8):
        EscalationLog(database_url).add(note(str(number)))
    assert keep.delete_old(conversation_days=30, booking_days=90)["escalations"] == 8


def test_messages_that_were_sent_go_with_the_conversations(
    keep, book, database_url, clock
):
    submitted(book)
    old = {"ended_at": NOW - 31 * DAY, "result": "delivered"}
    with connect(database_url).begin() as connection:
        webhook = outbox_table.c.kind == "webhook"
        connection.execute(sa.update(outbox_table).where(webhook).values(**old))
    assert keep.delete_old(conversation_days=30, booking_days=90)["messages"] == 1
    assert Outbox(database_url).waiting() == 1


def test_a_session_that_goes_on_is_kept_whole(conversations):
    say(conversations, "old", NOW - 40 * DAY, "session_started", "user")
    say(conversations, "both", NOW - 40 * DAY, "session_started", "user")
    say(conversations, "both", NOW, "session_started", "user")
    say(conversations, "long", NOW - 40 * DAY, "session_started", "user")
    say(conversations, "long", NOW, "user")

    assert conversations.delete_older(NOW - 30 * DAY) == 4

    found = [conversations.messages(name) for name in ("old", "both", "long")]
    assert found == [0, 1, 2]


@pytest.mark.parametrize("days", [(0, 90), (30, -1)])
def test_a_period_of_nothing_deletes_nothing(keep, two, days):
    with pytest.raises(SettingsError, match="at least one day"):
        keep.delete_old(conversation_days=days[0], booking_days=days[1])


@pytest.fixture
def in_place(database_url, conversations, monkeypatch):
    """Lets the programs find the databases."""
    monkeypatch.setenv("CLINIC_DATABASE_URL", database_url)
    monkeypatch.setenv("CLINIC_CONVERSATIONS_URL", str(conversations._engine.url))


def test_staff_forget_by_conversation(in_place, two, conversations, capsys):
    assert forget.main(["--by", "anna", "--conversation", "patient-1"]) == 0
    assert "1 requests, 1 questions, 1 escalations" in capsys.readouterr().out
    assert conversations.messages("patient-1") == 0


@pytest.mark.parametrize("phone", [PHONE, "082 555 0142", "0825550142", "27825550142"])
def test_staff_forget_by_reference_and_phone(
    in_place, two, capsys, database_url, phone
):
    pair = ["--reference", two[0].reference.lower(), "--phone", phone]
    assert forget.main(["--by", "anna", *pair]) == 0
    assert forget.main(["--by", "anna", *pair]) == 1
    assert "No request has" in capsys.readouterr().err
    assert AuditTrail(database_url).of(two[0].id)[-1]["actor"] == "staff:anna"


def test_staff_are_told_which_visit_stays(in_place, privacy, database_url, capsys):
    ahead = AppointmentBook(database_url)
    stored = submitted(ahead, THANDI)
    when = visit("10:00")
    later = type(when)(
        when.practitioner, when.starts_at + 9999 * DAY, when.ends_at + 9999 * DAY
    )
    ahead.confirm(stored.id, later, version=1, actor="staff:anna")

    assert forget.main(["--by", "anna", "--conversation", "patient-1"]) == 0

    assert f"Kept, as the visit is to come: {stored.reference}" in (
        capsys.readouterr().out
    )


def test_half_of_what_is_needed_is_asked_for(capsys):
    with pytest.raises(SystemExit):
        forget.main(["--by", "anna", "--reference", "K7Q-4MD"])
    assert "phone number" in capsys.readouterr().err


def test_the_periods_come_from_the_clinic_or_the_command(in_place, two, capsys):
    assert retention.main([]) == 0
    assert retention.main(["--conversation-days", "5", "--booking-days", "7"]) == 0
    assert retention.main(["--conversation-days", "-5"]) == 1
    assert "at least one day" in capsys.readouterr().err


def test_programs_say_so_when_the_database_is_away(monkeypatch, capsys):
    monkeypatch.setenv("CLINIC_DATABASE_URL", "postgresql://c:secret@127.0.0.1:1/c")
    assert retention.main([]) == 1
    assert forget.main(["--by", "anna", "--conversation", "x"]) == 1
    assert "secret" not in capsys.readouterr().err
