import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from records.appointments import AppointmentBook
from records.database import connect
from records.errors import OverlapError, RecordsError, StaleRequestError
from records.tables import appointment_requests, audit_trail, booked_slices, outbox
from tests.records.samples import (
    THANDI,
    confirmed,
    key,
    request,
    submitted,
    visit,
    with_samples,
)


@pytest.fixture
def book(database_url):
    return AppointmentBook(database_url)


def count(url, table):
    with connect(url).connect() as connection:
        query = sa.select(sa.func.count()).select_from(table)
        return connection.execute(query).scalar_one()


def at_once(*calls):
    """Runs calls in threads; returns what each returned or raised."""

    def run(call):
        try:
            return call()
        except RecordsError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def test_one_key_from_many_threads_is_one_request(book, database_url):
    same = key()

    receipts = at_once(*[lambda: book.submit(same, request(), THANDI)] * 12)

    assert len({receipt.reference for receipt in receipts}) == 1
    assert sum(receipt.is_new for receipt in receipts) == 1
    assert count(database_url, appointment_requests) == 1
    assert count(database_url, audit_trail) == 1
    assert count(database_url, outbox) == 2


def test_many_patients_at_once_are_all_kept(book, database_url):
    receipts = at_once(*[lambda: book.submit(key(), request(), THANDI)] * 60)

    assert len({receipt.reference for receipt in receipts}) == 60
    assert count(database_url, appointment_requests) == 60


def test_two_hundred_patients_at_once_on_postgresql(postgresql):
    url = postgresql.new_database()
    book = AppointmentBook(url)

    receipts = at_once(*[lambda: book.submit(key(), request(), THANDI)] * 200)

    assert len({receipt.reference for receipt in receipts}) == 200
    assert count(url, appointment_requests) == 200


def test_only_one_of_many_requests_gets_the_same_time(book, database_url):
    stored = [submitted(book).id for _ in range(8)]

    answers = at_once(
        *[
            lambda id=id, n=n: book.confirm(
                id, visit("10:00", 30 + n), version=1, actor="staff:anna"
            )
            for n, id in enumerate(stored)
        ]
    )

    assert sum(isinstance(answer, OverlapError) for answer in answers) == 7
    states = sorted(book.get(id).state for id in stored)
    assert states == ["confirmed", *["requested"] * 7]


def test_only_one_member_of_staff_decides(book):
    stored = submitted(book)

    answers = at_once(
        *[lambda: book.confirm(stored.id, visit(), version=1, actor="staff:anna")] * 4,
        *[lambda: book.decline(stored.id, version=1, actor="staff:ben")] * 4,
    )

    assert sum(isinstance(answer, StaleRequestError) for answer in answers) == 7
    assert book.get(stored.id).version == 2


def test_moves_into_each_others_time_end_without_overlap(book, database_url):
    ten, eleven = confirmed(book, visit("10:00")), confirmed(book, visit("11:00"))

    for version in (2, 3, 4):
        answers = at_once(
            lambda v=version: book.confirm(
                ten.id, visit("11:00"), version=v, actor="staff:anna"
            ),
            lambda v=version: book.confirm(
                eleven.id, visit("10:00"), version=v, actor="staff:anna"
            ),
        )
        assert all(isinstance(a, OverlapError | StaleRequestError) for a in answers)

    assert count(database_url, booked_slices) == 24


def test_guesses_at_once_do_not_slip_through(book):
    answers = at_once(
        *[lambda: book.find("XXX-XXX", "+27825550142", conversation="guesser")] * 20
    )
    assert answers.count(None) <= 5


# Stores a request, and is killed before it can say so.
SUBMIT = """
import sys, time
from records.appointments import AppointmentBook
from samples import THANDI, request
AppointmentBook(sys.argv[1]).submit(sys.argv[2], request(), THANDI)
print("stored", flush=True)
time.sleep(60)
"""


def test_killed_between_write_and_reply_the_same_key_gives_the_same_request(
    book, database_url, root
):
    same = key()
    process = subprocess.Popen(
        [sys.executable, "-c", SUBMIT, database_url, same],
        cwd=root,
        env=with_samples(),
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"stored\n"
    process.kill()
    process.communicate()

    receipt = book.submit(same, request(), THANDI)

    assert not receipt.is_new
    assert count(database_url, appointment_requests) == 1
    assert count(database_url, audit_trail) == 1
    assert count(database_url, outbox) == 2


def _submit_without_end(url, keys, started):
    book = AppointmentBook(url)
    book.submit(key(), request(), THANDI)
    started.set()
    for same in keys:
        book.submit(same, request(), THANDI)


def test_killed_at_any_moment_nothing_is_lost_doubled_or_half_there(database_url):
    forked = multiprocessing.get_context("fork")
    book = AppointmentBook(database_url)
    chance = random.Random(4)
    for _ in range(10):
        keys, started = [key() for _ in range(500)], forked.Event()
        process = forked.Process(
            target=_submit_without_end, args=(database_url, keys, started)
        )
        process.start()
        started.wait(20)
        time.sleep(chance.uniform(0, 0.05))
        os.kill(process.pid, signal.SIGKILL)
        process.join()

        receipts = [book.submit(same, request(), THANDI) for same in keys[:30]]

        # What was stored before the kill is the beginning, without a gap.
        fresh = [receipt.is_new for receipt in receipts]
        assert fresh == sorted(fresh)
        assert len({receipt.reference for receipt in receipts}) == 30
    requests = count(database_url, appointment_requests)
    assert count(database_url, audit_trail) == requests
    assert count(database_url, outbox) == 2 * requests
