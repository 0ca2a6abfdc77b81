"""Books with many patients at the same moment: `make bench-booking`.

Straight through the appointment book, from several processes, on PostgreSQL if it is
installed, otherwise on SQLite.
"""

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from multiprocessing.synchronize import Barrier
from typing import Any

import sqlalchemy as sa

from deploy.development.postgresql import PostgresqlServer, programs
from records import states
from records.appointments import AppointmentBook
from records.database import connect
from records.errors import OverlapError
from records.requests import Contact, NewRequest, Visit
from records.tables import appointment_requests

PROCESSES = 4
PRACTITIONERS = ("Lerato M.", "Anika V.", "Johan B.")
# Visits of an hour that begin every ten minutes: each overlaps up to ten others.
BEGINS = 20
# Nobody begins before all are there.
LONGEST_WAIT_SECONDS = 60
FIRST = datetime(2030, 3, 4, 7, 0, tzinfo=timezone.utc)

# Number of the patient, what came of it, seconds.
Outcome = tuple[int, str, float]
Step = Callable[[AppointmentBook, int], str]


def main(arguments: list[str]) -> int:
    """Prints times and mistakes; returns 1 if there is any mistake."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.booking")
    parser.add_argument("--patients", type=int, default=200)
    patients = parser.parse_args(arguments).patients
    found = programs()
    if not found:
        with tempfile.TemporaryDirectory() as folder:
            return measure(f"sqlite:///{folder}/clinic.db", patients)
    server = PostgresqlServer(found)
    try:
        return measure(server.new_database(), patients)
    finally:
        server.remove()


def measure(url: str, patients: int) -> int:
    """Books and confirms at once; returns 1 if anything is wrong."""
    kind = url.partition(":")[0]
    print(f"{patients} patients at once, {PROCESSES} processes, {kind}\n")
    connect(url).dispose()
    print(f"{'':<22}{'p50 ms':>9}{'p95 ms':>9}{'longest':>9}  outcomes")
    # Each request is sent twice at the same moment, by two processes.
    twice = [*range(patients), *range(patients)]
    booked = at_once(url, twice, submit)
    report("requests, each twice", booked)
    confirmed = at_once(url, list(range(patients)), confirm)
    report("overlapping confirms", confirmed)
    print()
    mistakes = look(url, patients, booked, confirmed)
    for name, number in mistakes.items():
        print(f"{name:<52}{number:>5}")
    return int(any(mistakes.values()))


def submit(book: AppointmentBook, number: int) -> str:
    """Sends the request of one patient; returns its reference."""
    request = NewRequest(
        conversation=f"patient-{number}",
        channel="rest",
        for_whom="self",
        visit_type="first",
        consent_version="1",
        consented_at=FIRST,
    )
    contact = Contact(f"Patient {number}", f"+2782{number:07}")
    return book.submit(key_of(number), request, contact).reference


def confirm(book: AppointmentBook, number: int) -> str:
    """Clicks "confirm" on one request; returns what came of it."""
    (row,) = rows(book, appointment_requests.c.key == key_of(number))
    try:
        visit = visit_of(number)
        state = book.confirm(row.id, visit, version=1, actor="staff:anna").state
    except OverlapError:
        return "refused"
    return state


def key_of(number: int) -> str:
    """Returns the key of a patient's form."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, str(number)))


def visit_of(number: int) -> Visit:
    """Returns the time that is wanted for a patient; many want nearly the same."""
    slot, who = divmod(number, len(PRACTITIONERS))
    starts = FIRST + timedelta(minutes=10 * (slot % BEGINS))
    return Visit(PRACTITIONERS[who], starts, starts + timedelta(hours=1))


def at_once(url: str, numbers: Sequence[int], step: Step) -> list[Outcome]:
    """Takes a step for all numbers at the same moment."""
    forked = multiprocessing.get_context("fork")
    barrier = forked.Barrier(len(numbers))
    results: Any = forked.Queue()
    # The second of two equal numbers goes to another process than the first.
    shares: list[list[int]] = [[] for _ in range(PROCESSES)]
    for place, number in enumerate(numbers):
        shares[(number + place // len(set(numbers))) % PROCESSES].append(number)
    workers = [
        forked.Process(target=work, args=(url, share, step, barrier, results))
        for share in shares
    ]
    for worker in workers:
        worker.start()
    found = [results.get(timeout=2 * LONGEST_WAIT_SECONDS) for _ in numbers]
    for worker in workers:
        worker.join()
    return found


def work(
    url: str, numbers: Sequence[int], step: Step, barrier: Barrier, results: Any
) -> None:
    """Takes a step for each number in a thread of its own."""
    book = AppointmentBook(url)
    connect(url)

    def take(number: int) -> None:
        barrier.wait(LONGEST_WAIT_SECONDS)
        begin = time.perf_counter()
        try:
            outcome = step(book, number)
        except Exception as error:  # every kind is counted
            outcome = f"error {type(error).__name__}"
        results.put((number, outcome, time.perf_counter() - begin))

    threads = [threading.Thread(target=take, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def report(name: str, outcomes: Sequence[Outcome]) -> None:
    """Prints one line."""
    times = sorted(1000 * seconds for _, _, seconds in outcomes)
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    kinds = Counter("stored" if "-" in o else o for _, o, _ in outcomes)
    told = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    print(
        f"{name:<22}{statistics.median(times):>9.0f}{p95:>9.0f}{times[-1]:>9.0f}"
        f"  {told}"
    )


def look(
    url: str, patients: int, booked: Sequence[Outcome], confirmed: Sequence[Outcome]
) -> dict[str, int]:
    """Returns how many mistakes of each kind there are."""
    stored = rows(AppointmentBook(url))
    pairs = {(number, outcome) for number, outcome, _ in booked}
    errors = [o for _, o, _ in (*booked, *confirmed) if o.startswith("error")]
    held = [row for row in stored if row.state == states.CONFIRMED]
    refused = [visit_of(n) for n, outcome, _ in confirmed if outcome == "refused"]
    return {
        "errors": len(errors),
        "requests lost": patients - len({row.key for row in stored}),
        "requests stored twice": len(stored) - patients,
        "patients with two references": len(pairs) - len({n for n, _ in pairs}),
        "confirmed visits that overlap": overlaps(held),
        "refused, although nothing stood in the way": sum(
            not any(overlap(visit, row) for row in held) for visit in refused
        ),
    }


def overlaps(held: Sequence[Any]) -> int:
    """Returns how many pairs overlap."""
    return sum(overlap(one, other) for n, one in enumerate(held) for other in held[:n])


def overlap(one: Any, other: Any) -> bool:
    """Says whether two visits of the same practitioner overlap."""
    return bool(
        one.practitioner == other.practitioner
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    )


def rows(book: AppointmentBook, *which: Any) -> list[Any]:
    """Returns requests as they are stored."""
    with book._read() as connection:
        query = sa.select(appointment_requests).where(*which)
        return list(connection.execute(query))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
