"""Times the staff console with many requests: `python -m benchmarks.console`."""

import argparse
import re
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from starlette.testclient import TestClient

from records import states
from records.database import connect
from records.names import words_of
from records.requests import LEVELS, rank
from records.tables import appointment_requests, contact_words, contacts
from staff.app import create_app
from staff.console import Console
from staff.settings import Settings

GOAL_MS = 150
PASSWORD = "a lamp beside the door"
AT_ONCE = 5000
PAGES = {
    "today": "/",
    "waiting, page 1": "/requests",
    "waiting, page 1000": "/requests?page=1000",
    "all, page 2000": "/requests?view=all&page=2000",
    "visits": "/visits",
}
SEARCHES = {
    "search: Thandi Dlamini7": "Thandi Dlamini7",
    "search: dlam": "dlam",
    "search: thandi": "thandi",
    "search: one letter": "t",
    "search: nobody": "Xolani Qqq",
    "search: number": "+27100000500",
    "search: reference": "R500",
}
FIRST_NAMES = ("Thandi", "Sipho", "Pieter", "Aisha", "Nomvula", "Johannes", "José")
SURNAMES = ("Dlamini", "Nkosi", "Botha", "Patel", "van der Merwe", "Khumalo", "Smith",
            "Naidoo", "Mokoena", "Adams", "Sithole")  # fmt: skip


def main(arguments: list[str]) -> int:
    """Prints p50 and p95 of each page; returns 1 if a list misses the goal."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument(
        "--database", help="an empty one; a temporary file if not given"
    )
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite:///{folder}/clinic.db"
        fill(url, given.requests)
        settings = Settings(local=True, suggestions=Path(folder))
        console = Console.build(url, settings=settings)
        console.staff.create("anna", PASSWORD, "admin", actor="program")
        return measure(console, given.rounds)


def fill(url: str, number: int) -> None:
    """Writes requests of all levels; one in ten is confirmed."""
    now = datetime.now(timezone.utc)
    with connect(url).execution_options(writing=True).begin() as connection:
        for first in range(0, number, AT_ONCE):
            rows = [row(n, now) for n in range(first + 1, first + AT_ONCE + 1)]
            connection.execute(sa.insert(appointment_requests), rows)
            people = [
                {
                    "request_id": r["id"],
                    "name": name(r["id"]),
                    "phone": f"+27{100_000_000 + r['id']}",
                    "email": "",
                }
                for r in rows
            ]
            connection.execute(sa.insert(contacts), people)
            words = [
                {"request_id": person["request_id"], "word": word}
                for person in people
                for word in words_of(person["name"])
            ]
            connection.execute(sa.insert(contact_words), words)
    engine = connect(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")


def name(number: int) -> str:
    """Returns a first name that many share, and a surname that few do."""
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    return f"{first} {SURNAMES[number % len(SURNAMES)]}{number % 997}"


def row(number: int, now: datetime) -> dict[str, Any]:
    """Returns one request."""
    level = LEVELS[number % len(LEVELS)]
    at, confirmed = now - timedelta(minutes=number % 50_000), number % 10 == 0
    visit = now.replace(minute=0, second=0, microsecond=0) + timedelta(
        hours=number % 900
    )
    return {
        "id": number,
        "key": f"key-{number}",
        "reference": f"R{number}",
        "conversation": f"patient-{number}",
        "channel": "rest",
        "created_at": at,
        "state": states.CONFIRMED if confirmed else states.REQUESTED,
        "waiting_since": at,
        "level": level,
        "urgency": rank(level),
        "reason": "",
        "flags": [],
        "screening": {},
        "for_whom": "self",
        "visit_type": "first",
        "day_typed": "next Monday",
        "day": None,
        "part_typed": "",
        "part": "",
        "preference": {},
        "note": "A note of usual length, which says when the phone is answered best.",
        "consent_version": "1",
        "consented_at": at,
        "practitioner": "Lerato M." if confirmed and number % 100 == 0 else None,
        "starts_at": visit if confirmed and number % 100 == 0 else None,
        "ends_at": visit + timedelta(hours=1)
        if confirmed and number % 100 == 0
        else None,
        "claimed_by": None,
        "version": 1,
    }


def measure(console: Console, rounds: int) -> int:
    """Times whole answers, from the request to the last byte of the page."""
    missed = 0
    client = TestClient(create_app(console), base_url="http://127.0.0.1")
    log_in(client)
    print(f"{'page':<24}{'p50 ms':>9}{'p95 ms':>9}{'KB':>7}")
    for name, path in PAGES.items():
        missed += report(name, [timed(client, "GET", path) for _ in range(rounds)])
    csrf = token(client.get("/password").text)
    for name, typed in SEARCHES.items():
        form = {"csrf": csrf, "q": typed}
        times = [timed(client, "POST", "/search", form) for _ in range(rounds)]
        missed += report(name, times)
    return int(missed > 0)


def timed(
    client: TestClient, method: str, path: str, form: dict[str, str] | None = None
) -> tuple[float, int]:
    """Returns the milliseconds and the bytes of one answer."""
    started = time.perf_counter()
    answer = client.request(method, path, data=form)
    answer.raise_for_status()
    return (time.perf_counter() - started) * 1000, len(answer.content)


def report(name: str, times: list[tuple[float, int]]) -> bool:
    """Prints one line; returns whether the goal is missed."""
    values = sorted(milliseconds for milliseconds, _ in times)
    p95 = values[min(len(values) - 1, int(len(values) * 0.95))]
    size = times[0][1] / 1024
    print(f"{name:<24}{statistics.median(values):>9.1f}{p95:>9.1f}{size:>7.1f}")
    return p95 > GOAL_MS


def log_in(client: TestClient) -> None:
    """Logs in as the browser does."""
    csrf = token(client.get("/login").text)
    form = {"name": "anna", "password": PASSWORD, "csrf": csrf}
    client.post("/login", data=form).raise_for_status()


def token(page: str) -> str:
    """Returns the hidden token of a form."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    return found[1] if found else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
