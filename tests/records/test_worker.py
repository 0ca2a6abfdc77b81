"""The worker as a whole: what fails in it, and what goes on all the same."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest

from records import deliver, upkeep
from records.appointments import AppointmentBook
from records.audit import AuditTrail
from records.columns import utc_now
from records.conversations import ConversationStore
from records.errors import SettingsError, UnavailableError, UnknownRequestError
from records.jobs import Job, JobRunner
from records.outbox import Outbox
from records.privacy import Privacy
from tests.records.receivers import web_server
from tests.records.samples import submitted, with_samples

LONGEST_WAIT = 20


def until(condition) -> bool:
    end = time.monotonic() + LONGEST_WAIT
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


@pytest.fixture
def run():
    """Returns a function that runs jobs in a thread until the test ends."""
    running = []

    def start(runner: JobRunner) -> None:
        thread = threading.Thread(target=runner.run)
        thread.start()
        running.append((runner, thread))

    yield start
    for runner, thread in running:
        runner.stop()
        thread.join(LONGEST_WAIT)
        assert not thread.is_alive()


@pytest.mark.parametrize("error", [UnavailableError("gone"), ValueError("Thandi")])
def test_a_job_that_fails_stops_no_other_and_repeats_nobodys_words(run, caplog, error):
    done = []

    def fail() -> None:
        raise error

    run(JobRunner([Job("Bad", fail, 0.01), Job("Good", lambda: done.append(1), 0.01)]))

    assert until(lambda: len(done) > 5)
    assert "Bad has failed: " in caplog.text
    assert "Thandi" not in caplog.text


def test_a_job_that_fails_is_tried_again_later_each_time():
    def fail() -> None:
        raise UnavailableError("gone")

    job, pauses = Job("Bad", fail, 2.0), []
    for _ in range(8):
        job.run()
        pauses.append(round(job.due_at - time.monotonic()))

    assert pauses == [4, 8, 16, 32, 60, 60, 60, 60]


def test_a_job_that_works_again_has_its_old_rhythm():
    job = Job("Good", lambda: None, 3600.0, failures=7)

    job.run()

    assert job.failures == 0
    assert round(job.due_at - time.monotonic()) == 3600


def test_messages_are_delivered_while_conversations_and_upkeep_fail(
    run, database_url, tmp_path
):
    def fail() -> None:
        raise SettingsError("x")

    broken = Privacy(database_url, conversations=ConversationStore("mysql://x"))
    broken.forget("patient-9", actor="patient", rest=timedelta(0))
    submitted(AppointmentBook(database_url))
    with web_server() as receiver:
        ways = deliver.ways_to_send(
            {"CLINIC_WEBHOOK_URL": receiver.url, "CLINIC_WEBHOOK_SECRET": "s" * 32}
        )
        others = [Job("Upkeep", fail, 0.01)]
        worker = deliver.Worker(
            Outbox(database_url), broken, ways, others=others, pause=0.05
        )
        run(worker)

        assert until(lambda: len(receiver.taken) == 1)


@pytest.fixture
def in_place(database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("CLINIC_DATABASE_URL", database_url)
    monkeypatch.setenv("CLINIC_CONVERSATIONS_URL", f"sqlite:///{tmp_path}/none.db")


def written(database_url, days: int):
    """Returns a request that was written so many days ago."""
    then = utc_now() - timedelta(days=days)
    return submitted(AppointmentBook(database_url, clock=lambda: then))


def test_upkeep_ends_and_deletes_by_the_periods_of_the_clinic(in_place, database_url):
    book = AppointmentBook(database_url)
    fresh, old, older = (written(database_url, days) for days in (29, 31, 91))

    for job in upkeep.upkeep():
        job.work()

    assert book.get(fresh.id).state == "requested"
    assert book.get(old.id).state == "expired"
    with pytest.raises(UnknownRequestError):
        book.get(older.id)


def test_upkeep_that_finds_nothing_leaves_no_line(in_place, database_url):
    for job in upkeep.upkeep():
        job.work()

    assert AuditTrail(database_url).newest() == []


@pytest.mark.parametrize("value", ["", '"0"', '"a month"', '"-3"'])
def test_a_period_that_is_no_number_of_days_is_named(in_place, root, write, value):
    text = (root / "data/clinic/clinic.yml").read_text("utf-8")
    text = text.replace('booking_days: "90"', f"booking_days: {value}")
    folder = write("clinic.yml", text).parent

    with pytest.raises(SettingsError, match=r"clinic\.yml: 'privacy\.booking_days'"):
        upkeep.delete_old(folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_without_settings_the_worker_says_what_is_not_sent_and_ends_when_told(
    tmp_path, number
):
    environment = {
        **with_samples(),
        "CLINIC_DATABASE_URL": f"sqlite:///{tmp_path}/clinic.db",
        "CLINIC_CONVERSATIONS_URL": f"sqlite:///{tmp_path}/none.db",
    }
    for name in ("CLINIC_SMTP_URL", "CLINIC_WEBHOOK_URL"):
        environment.pop(name, None)
    worker = subprocess.Popen(
        [sys.executable, "-m", "records.deliver"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert worker.stderr
    lines = [worker.stderr.readline() for _ in range(2)]

    assert until((tmp_path / "clinic.db").exists)
    os.kill(worker.pid, number)
    rest = worker.communicate(timeout=LONGEST_WAIT)[1]

    assert worker.returncode == 0, rest
    assert "No e-mail is sent: CLINIC_SMTP_URL is not set." in lines[0]
    assert "No webhook is called: CLINIC_WEBHOOK_URL is not set." in lines[1]
