from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from records import logins
from records.audit import AuditTrail
from records.database import connect
from records.errors import InvalidStaffError, LockedOutError, WrongLoginError
from records.staff import IDLE, LONGEST_SESSION, StaffBook, is_same_csrf
from tests.records.samples import NOW
from tests.records.test_concurrency import at_once

PASSWORD = "a lamp beside the door"
# The same function with a small cost: a hash by the defaults takes half a second.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def clock():
    return [NOW]


@pytest.fixture
def staff(database_url, clock):
    return StaffBook(database_url, clock=lambda: clock[-1], hasher=QUICK)


@pytest.fixture
def anna(staff):
    return staff.create("anna", PASSWORD, "reception", actor="program")


def log_in(staff, password=PASSWORD, name="anna", address="10.0.0.1"):
    return staff.log_in(name, password, address=address)


def test_there_is_nobody_at_first(staff):
    assert staff.is_empty()
    with pytest.raises(WrongLoginError):
        log_in(staff, "admin", "admin")


def test_who_was_created_can_log_in(staff, anna):
    session = staff.session(log_in(staff, name=" Anna "))
    assert session.user == anna
    assert not staff.is_empty()
    assert [user["name"] for user in staff.users()] == ["anna"]
    assert "password_hash" not in staff.users()[0]


def test_neither_password_nor_token_stands_in_the_database(staff, anna, database_url):
    token = log_in(staff)
    engine, held = connect(database_url), ""
    with engine.connect() as connection:
        for name in sa.inspect(engine).get_table_names():
            held += str(connection.execute(sa.text(f"SELECT * FROM {name}")).all())
    assert "$argon2id$" in held
    assert PASSWORD not in held
    assert token not in held


@pytest.mark.parametrize(
    ("name", "password", "role"),
    [
        ("anna", PASSWORD, "admin"),
        ("ANNA ", PASSWORD, "admin"),
        ("", PASSWORD, "admin"),
        ("<script>", PASSWORD, "admin"),
        ("b" * 81, PASSWORD, "admin"),
        ("ben", "short", "admin"),
        ("ben", "aaaaaaaaaaaaaaa", "admin"),
        ("ben", "ben is my name here", "admin"),
        ("ben", "p" * 201, "admin"),
        ("ben", PASSWORD, "owner"),
    ],
)
def test_what_is_not_acceptable_is_refused(staff, anna, name, password, role):
    with pytest.raises(InvalidStaffError) as caught:
        staff.create(name, password, role, actor="program")
    assert password not in str(caught.value)
    assert len(staff.users()) == 1


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("anna", "a lamp beside the window"),
        ("anna", ""),
        ("anna", PASSWORD + "x"),
        ("anna", "x" * 100_000),
        ("ben", PASSWORD),
        ("", ""),
        ("\0", "\0"),
        ("\ud800", "\ud800"),
        ("a" * 1000, PASSWORD),
        ("' OR 1=1 --", PASSWORD),
    ],
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    staff, anna, name, password
):
    with pytest.raises(WrongLoginError, match="name or the password"):
        log_in(staff, password, name)


def test_five_failures_lock_a_name_out_for_a_quarter_of_an_hour(staff, anna, clock):
    for _ in range(logins.MOST_FAILURES):
        with pytest.raises(WrongLoginError):
            log_in(staff, "wrong")

    with pytest.raises(LockedOutError, match="15 minutes"):
        log_in(staff)
    clock.append(NOW + timedelta(minutes=14))
    with pytest.raises(LockedOutError):
        log_in(staff)
    clock.append(NOW + timedelta(minutes=16))
    assert staff.session(log_in(staff)).user == anna


def test_a_name_that_does_not_exist_is_locked_out_alike(staff):
    for _ in range(logins.MOST_FAILURES):
        with pytest.raises(WrongLoginError):
            log_in(staff, "wrong", "nobody")
    with pytest.raises(LockedOutError):
        log_in(staff, "wrong", "nobody")


def test_a_login_that_succeeds_ends_the_count(staff, anna):
    for _ in range(3):
        for _ in range(logins.MOST_FAILURES - 1):
            with pytest.raises(WrongLoginError):
                log_in(staff, "wrong")
        log_in(staff)


def test_an_address_that_tries_many_names_is_locked_out(staff, anna):
    for number in range(logins.MOST_FAILURES_OF_ADDRESS):
        with pytest.raises(WrongLoginError):
            log_in(staff, "wrong", f"name{number}", "10.9.9.9")
    with pytest.raises(LockedOutError):
        log_in(staff, address="10.9.9.9")
    assert log_in(staff, address="10.0.0.1")


def test_guesses_at_once_do_not_slip_through(staff, anna):
    answers = at_once(*[lambda: log_in(staff, "wrong")] * 12)
    wrong = [a for a in answers if isinstance(a, WrongLoginError)]
    assert len(wrong) == logins.MOST_FAILURES


def test_a_session_ends_when_nothing_is_done_or_after_a_working_day(staff, anna, clock):
    token = log_in(staff)
    clock.append(NOW + IDLE - timedelta(seconds=1))
    assert staff.session(token)
    clock.append(NOW + IDLE * 2 - timedelta(seconds=2))
    assert staff.session(token)
    clock.append(clock[-1] + IDLE + timedelta(seconds=1))
    assert staff.session(token) is None

    token = log_in(staff)
    begin = clock[-1]
    while clock[-1] < begin + LONGEST_SESSION - timedelta(minutes=20):
        clock.append(clock[-1] + timedelta(minutes=20))
        assert staff.session(token)
    clock.append(clock[-1] + timedelta(minutes=21))
    assert staff.session(token) is None


def test_logging_out_ends_that_session_only(staff, anna):
    first, second = log_in(staff), log_in(staff)
    staff.log_out(first)
    assert staff.session(first) is None
    assert staff.session(second).user == anna


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "' OR 1=1"])
def test_a_forged_token_is_nobody(staff, anna, token):
    log_in(staff)
    assert staff.session(token) is None


def test_a_new_password_ends_all_sessions(staff, anna):
    token = log_in(staff)
    staff.set_password("anna", "a chair under the window", actor="staff:ben")
    assert staff.session(token) is None
    with pytest.raises(WrongLoginError):
        log_in(staff)
    assert log_in(staff, "a chair under the window")


def test_who_was_deactivated_is_out_at_once(staff, anna):
    token = log_in(staff)
    staff.deactivate("anna", actor="staff:ben")
    assert staff.session(token) is None
    with pytest.raises(WrongLoginError):
        log_in(staff)


def test_nobody_unknown_is_changed(staff):
    with pytest.raises(InvalidStaffError, match="nobody called 'ben'"):
        staff.deactivate("ben", actor="program")


def test_each_form_belongs_to_its_session(staff, anna):
    one, two = staff.session(log_in(staff)), staff.session(log_in(staff))
    assert is_same_csrf(one, one.csrf)
    assert not is_same_csrf(one, two.csrf)
    assert not is_same_csrf(one, "")
    assert not is_same_csrf(one, "é\ud800")


def test_what_happens_to_logins_is_in_the_audit_trail(staff, anna, database_url):
    log_in(staff)
    staff.deactivate("anna", actor="staff:ben")
    lines = AuditTrail(database_url).newest()
    assert [(x["actor"], x["action"], x["detail"]) for x in lines] == [
        ("staff:ben", "deactivate_staff", "anna"),
        ("staff:anna", "log_in", ""),
        ("program", "create_staff", "anna"),
    ]
