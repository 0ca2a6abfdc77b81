"""Sending a request when things go wrong: real databases, real signals."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from actions.booking import submit
from actions.booking.errors import NotWrittenError
from actions.booking.submit import unhurried
from records.appointments import AppointmentBook
from tests.actions.booking.desks import ROOT, Patient, desk_at
from tests.actions.booking.scripts import at_step, sent

FAILED = ["utter_booking_failed"]
SENT = ["utter_booking_sent"]


def rows(url) -> int:
    book = AppointmentBook(url)
    with book._read() as connection:
        query = "select count(*) from appointment_requests"
        return connection.exec_driver_sql(query).scalar_one()


@contextmanager
def locked(file):
    """Holds the database as another program would that writes for very long."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("begin exclusive")
    yield
    connection.rollback()
    connection.close()


def test_sending_twice_gives_the_same_reference_and_one_row(database_url):
    patient = at_step(Patient(desk_at(database_url)), "summary")
    before = patient.slot

    first = patient.say("button:book_send")
    # A retried webhook: the same message meets the memory from before.
    patient.slot = before
    retried = patient.say("button:book_send")
    tapped_again = patient.say("button:book_send")

    assert first == retried == tapped_again
    assert rows(database_url) == 1


def test_two_requests_of_a_conversation_have_two_references(database_url):
    patient = Patient(desk_at(database_url))

    assert sent(patient) != sent(patient)
    assert rows(database_url) == 2


def test_a_locked_database_is_told_and_everything_typed_is_kept(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/clinic.db"
    patient = at_step(Patient(desk_at(url)), "summary")
    rows(url)
    before = patient.form

    with locked(tmp_path / "clinic.db"):
        assert patient.names("send") == FAILED

    assert patient.form.name == before.name
    assert patient.form.key == before.key
    assert patient.names("button:book_send") == SENT
    assert rows(url) == 1


def test_a_database_that_goes_away_and_comes_back(postgresql):
    url = postgresql.new_database()
    patient = at_step(Patient(desk_at(url)), "summary")
    rows(url)
    postgresql.stop()
    try:
        failed = patient.names("send")
        stopped = patient.names("never mind")
    finally:
        postgresql.start()

    assert failed == FAILED
    # It says nothing of what it cannot know.
    assert stopped == ["utter_booking_stopped_unsure"]


async def test_slow_records_are_given_up_before_the_channel_does():
    begun = time.monotonic()

    with pytest.raises(NotWrittenError):
        await unhurried(time.sleep, 2, longest_wait=0.1)

    assert time.monotonic() - begun < 1
    assert submit.LONGEST_WAIT_SECONDS < 10


def test_nothing_personal_reaches_the_log(tmp_path, caplog):
    url = f"sqlite:///{tmp_path}/clinic.db"
    patient = at_step(Patient(desk_at(url)), "summary")
    rows(url)

    with locked(tmp_path / "clinic.db"):
        patient.say("send")

    assert "Nkosi" not in caplog.text
    assert "555" not in caplog.text
    assert "stiff" not in caplog.text


KILLED = """
import json, os, signal
from records.appointments import AppointmentBook
stored = AppointmentBook.submit
def submit(self, *arguments, **options):
    receipt = stored(self, *arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)  # written, and no reply has left yet
    return receipt
AppointmentBook.submit = submit
from desks import Patient, desk_at
patient = Patient(desk_at({url!r}))
patient.slot = json.loads({slot!r})
patient.say("button:book_send")
"""


def test_a_process_that_dies_between_write_and_reply_doubles_nothing(tmp_path):
    url = f"sqlite:///{tmp_path}/clinic.db"
    patient = at_step(Patient(desk_at(url)), "summary")
    code = KILLED.format(url=url, slot=json.dumps(patient.slot))
    folders = (ROOT, ROOT / "tests/actions/booking")

    process = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
        cwd=ROOT,
        capture_output=True,
        check=False,
    )

    assert process.returncode == -signal.SIGKILL, process.stderr.decode()[-2000:]
    assert rows(url) == 1
    assert patient.names("button:book_send") == SENT
    assert rows(url) == 1
