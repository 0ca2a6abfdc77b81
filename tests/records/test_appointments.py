from datetime import timedelta

import pytest

from records import audit
from records.appointments import AppointmentBook
from records.audit import AuditTrail
from records.errors import (
    IllegalMoveError,
    InvalidRequestError,
    OverlapError,
    StaleRequestError,
    TooManyAttemptsError,
    UnknownRequestError,
)
from records.requests import Contact, Visit, Wish
from tests.records.samples import (
    NOW,
    PHONE,
    THANDI,
    confirmed,
    key,
    request,
    submitted,
    visit,
)

ANNA = audit.staff("anna")


@pytest.fixture
def clock():
    """Returns the moments that the book sees, as a list whose last one counts."""
    return [NOW]


@pytest.fixture
def book(database_url, clock):
    return AppointmentBook(database_url, clock=lambda: clock[-1])


def steps_of(book, request_id):
    return [
        (line["actor"], line["action"], line["detail"])
        for line in AuditTrail(book._url).of(request_id)
    ]


def test_a_request_is_kept_as_it_was_sent(book):
    flags, screening = ("NIGHT",), {"numb": "no"}

    stored = submitted(
        book, level="soon", reason="sore", flags=flags, screening=screening, note="hi"
    )

    assert stored.state == "requested"
    assert (stored.created_at, stored.consented_at) == (NOW, NOW)
    assert (stored.level, stored.reason, stored.note) == ("soon", "sore", "hi")
    assert (stored.flags, stored.screening) == (["NIGHT"], {"numb": "no"})
    assert (stored.day_typed, f"{stored.day}") == ("Vrydag", "2026-03-06")
    assert (stored.part_typed, stored.part) == ("after 4", "afternoon")
    assert stored.preference == {"not_before": "16:00"}
    assert (stored.version, stored.claimed_by, stored.starts_at) == (1, None, None)
    assert steps_of(book, stored.id) == [("patient", "submit", "")]


def test_sending_twice_gives_the_same_reference_and_one_row(book):
    same = key()

    first = book.submit(same, request(), THANDI)
    again = book.submit(same, request(note="changed"), THANDI)

    assert (first.is_new, again.is_new) == (True, False)
    assert (again.reference, again.request_id) == (first.reference, first.request_id)
    assert book.get(first.request_id).note == ""
    assert steps_of(book, first.request_id) == [("patient", "submit", "")]


def test_what_no_database_takes_does_not_lose_a_request(book):
    stored = submitted(book, Contact("T\0h", PHONE), note="n\0ote \udc00", reason="\0")
    assert (stored.note, stored.reason) == ("note ?", "")
    assert book.find(stored.reference, PHONE, conversation="\0\udc00") == stored


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Contact("", PHONE),
        lambda: Contact("x" * 201, PHONE),
        lambda: Contact("Thandi", "082 555 0142"),
        lambda: Contact("Thandi", "+27 82 555 0142"),
        lambda: Contact("Thandi", "+2782555014२"),
        lambda: Contact("Thandi", PHONE, "a@b.example\nBcc: all@x.example"),
        lambda: Contact("Thandi", PHONE, "thandi"),
        lambda: request(level="deadly"),
        lambda: request(for_whom="dog"),
        lambda: request(consent_version=""),
        lambda: request(note="n" * 4001),
        lambda: Visit("", NOW, NOW + timedelta(hours=1)),
        lambda: Visit("Lerato M.", NOW, NOW),
        lambda: Visit("Lerato M.", NOW, NOW + timedelta(days=1)),
        lambda: Visit("Lerato M.", NOW.replace(tzinfo=None), NOW + timedelta(hours=1)),
    ],
)
def test_what_cannot_be_stored_is_refused_without_repeating_it(wrong):
    with pytest.raises(InvalidRequestError) as caught:
        wrong()
    assert "Thandi" not in str(caught.value)
    assert "555" not in str(caught.value).replace("+27825550142", "")


@pytest.mark.parametrize("short", ["", "x", "k" * 65])
def test_a_key_that_could_be_anybodys_is_refused(book, short):
    with pytest.raises(InvalidRequestError, match="key"):
        book.submit(short, request(), THANDI)


@pytest.mark.parametrize("phone", [PHONE, "27 82 555 0142", "+27-82-555-0142"])
def test_reference_and_phone_find_a_request(book, phone):
    stored = submitted(book)
    typed = stored.reference.lower().replace("-", " ")
    assert book.find(typed, phone, conversation="another") == stored


@pytest.mark.parametrize(
    ("reference", "phone"),
    [
        ("right", "+27825550143"),
        ("right", ""),
        ("right", "' OR 1=1 --"),
        ("XXX-XXX", PHONE),
        ("", PHONE),
        ("", ""),
        ("%", PHONE),
        ("\0", "\0"),
    ],
)
def test_a_wrong_phone_and_an_unknown_reference_get_the_same_answer(
    book, reference, phone
):
    stored = submitted(book)
    typed = stored.reference if reference == "right" else reference
    assert book.find(typed, phone, conversation="another") is None


def test_guessing_ends_after_five_failures_even_with_the_right_pair(book, clock):
    stored = submitted(book)
    for _ in range(5):
        book.find("XXX-XXX", PHONE, conversation="guesser")

    with pytest.raises(TooManyAttemptsError):
        book.find(stored.reference, PHONE, conversation="guesser")
    assert book.find(stored.reference, PHONE, conversation="other") == stored

    clock.append(NOW + timedelta(minutes=61))
    assert book.find(stored.reference, PHONE, conversation="guesser") == stored


def test_the_right_pair_starts_the_count_anew(book):
    stored = submitted(book)
    for _ in range(3):
        for _ in range(4):
            book.find("XXX-XXX", PHONE, conversation="patient-1")
        assert book.find(stored.reference, PHONE, conversation="patient-1") == stored


def test_a_request_goes_its_way_with_a_line_for_each_step(book):
    stored = submitted(book)

    book.claim(stored.id, "anna", version=1, actor=ANNA)
    book.propose(stored.id, visit(), version=2, actor=ANNA)
    booked = book.confirm(stored.id, version=3, actor=audit.PATIENT)
    done = book.mark_attended(stored.id, version=4, actor=ANNA)

    assert (booked.practitioner, booked.starts_at) == ("Lerato M.", visit().starts_at)
    assert (done.state, done.version, done.claimed_by) == ("attended", 5, "anna")
    assert steps_of(book, stored.id) == [
        ("patient", "submit", ""),
        ("staff:anna", "claim", ""),
        ("staff:anna", "propose", "requested > proposed"),
        ("patient", "confirm", "proposed > confirmed"),
        ("staff:anna", "attend", "confirmed > attended"),
    ]


def test_an_illegal_step_changes_and_writes_nothing(book):
    stored = submitted(book)
    with pytest.raises(IllegalMoveError):
        book.mark_attended(stored.id, version=1, actor=ANNA)
    assert book.get(stored.id) == stored
    assert len(steps_of(book, stored.id)) == 1


def test_who_was_slower_overwrites_nothing(book):
    stored = submitted(book)
    booked = book.confirm(stored.id, visit(), version=1, actor=ANNA)
    with pytest.raises(StaleRequestError):
        book.decline(stored.id, version=1, actor=audit.staff("ben"))
    assert book.get(stored.id) == booked


def test_a_request_that_is_not_there_is_named(book):
    with pytest.raises(UnknownRequestError, match="4711"):
        book.cancel(4711, version=1, actor=ANNA)
    with pytest.raises(UnknownRequestError, match="4711"):
        book.get(4711)


def test_a_request_without_a_proposal_cannot_be_confirmed_without_a_time(book):
    stored = submitted(book)
    with pytest.raises(InvalidRequestError, match="no proposed time"):
        book.confirm(stored.id, version=1, actor=ANNA)


@pytest.mark.parametrize(
    "other",
    [
        visit("10:00"),
        visit("09:30"),
        visit("10:59", 1),
        visit("10:30", 10),
        visit("09:00", 240),
        visit("10:00", who=" lerato  m. "),
    ],
)
def test_confirmed_appointments_of_one_practitioner_do_not_overlap(book, other):
    confirmed(book, visit("10:00"))
    stored = submitted(book)
    with pytest.raises(OverlapError, match="another confirmed"):
        book.confirm(stored.id, other, version=1, actor=ANNA)
    assert book.get(stored.id) == stored
    assert len(steps_of(book, stored.id)) == 1


@pytest.mark.parametrize(
    "other",
    [
        visit("11:00"),
        visit("09:00"),
        visit("09:45", 15),
        visit("10:00", who="Anika V."),
    ],
)
def test_neighbouring_times_and_other_practitioners_are_free(book, other):
    confirmed(book, visit("10:00"))
    assert confirmed(book, other).state == "confirmed"


def test_a_time_that_is_given_back_is_free(book):
    booked = confirmed(book)
    book.cancel(booked.id, version=2, actor=audit.PATIENT)
    assert confirmed(book).state == "confirmed"


def test_the_clinic_moves_an_appointment_also_into_its_own_time(book):
    booked = confirmed(book, visit("10:00"))

    moved = book.confirm(booked.id, visit("10:30"), version=2, actor=ANNA)

    assert moved.starts_at == visit("10:30").starts_at
    assert confirmed(book, visit("09:30")).state == "confirmed"
    with pytest.raises(OverlapError):
        confirmed(book, visit("11:00"))


def test_a_patient_who_asks_to_move_keeps_the_time_until_the_clinic_acts(book, clock):
    booked = confirmed(book)
    clock.append(NOW + timedelta(days=2))

    asked = book.move(
        booked.id, Wish(day_typed="Monday"), version=2, actor=audit.PATIENT
    )

    assert (asked.state, asked.day_typed, asked.day) == ("requested", "Monday", None)
    assert asked.waiting_since == clock[-1]
    assert book.expire(NOW + timedelta(days=99)) == 0
    with pytest.raises(OverlapError):
        confirmed(book)
    book.confirm(booked.id, visit("15:00"), version=3, actor=ANNA)
    assert confirmed(book).state == "confirmed"


def test_what_nobody_answers_expires(book, clock):
    old = submitted(book)
    offered = submitted(book)
    book.propose(offered.id, visit(), version=1, actor=ANNA)
    clock.append(NOW + timedelta(days=3))
    new, booked = submitted(book), confirmed(book)

    assert book.expire(NOW + timedelta(days=1)) == 2

    states = [book.get(r.id).state for r in (old, offered, new, booked)]
    assert states == ["expired", "expired", "requested", "confirmed"]
    assert steps_of(book, old.id)[-1] == ("program", "expire", "requested > expired")
