"""A console with people, requests and a browser of its own, for several tests."""

import html
import re
import sqlite3
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
from argon2 import PasswordHasher

from records.escalations import EscalationLog
from staff.app import create_app
from staff.console import Console
from staff.settings import Settings

# A Monday morning on which the clinic of data/clinic is open.
MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=timezone.utc)
PASSWORD = "a wet tin roof"
PEOPLE = {"rita": "reception", "carl": "clinician", "ada": "admin"}
ORIGIN = "http://127.0.0.1"
# Argon2 with the least cost: what is tested is what is done with its answer.
FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Hands:
    """The clock of the clinic, which a test can turn."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def turn(self, by: timedelta) -> None:
        self.now += by


@dataclass
class Browser:
    """A browser without a screen: keeps cookies and sends forms as a page does."""

    console: Console
    address: str = "10.0.0.7"
    client: httpx.AsyncClient = field(init=False)
    headers: dict[str, str] = field(default_factory=lambda: {"origin": ORIGIN})

    def __post_init__(self) -> None:
        app = create_app(self.console)
        transport = httpx.ASGITransport(app, client=(self.address, 5000))
        self.client = httpx.AsyncClient(transport=transport, base_url=ORIGIN)

    async def get(self, path: str, **options) -> httpx.Response:
        return await self.client.get(path, **options)

    async def post(self, path: str, **data) -> httpx.Response:
        return await self.client.post(path, data=data, headers=self.headers)

    async def log_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        page = await self.get("/login")
        return await self.post(
            "/login", name=name, password=password, csrf=token_in(page.text)
        )

    async def send(self, path: str, **data) -> httpx.Response:
        """Posts a form with the token of a page."""
        shown = await self.get("/password")
        return await self.post(path, csrf=token_in(shown.text), **data)


def token_in(text: str) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', text)[1]


def words_of(page: httpx.Response) -> str:
    """Returns what a person reads."""
    text = re.sub(r"<(script|style).*?</\1>", "", page.text, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def build(folder: Path, url: str, now=lambda: MONDAY, **options) -> Console:
    settings = Settings(local=True, suggestions=folder / "suggestions")
    settings = options.pop("settings", settings)
    console = Console.build(
        url,
        settings=settings,
        conversations=f"sqlite:///{folder}/conversations.db",
        now=now,
        hasher=FAST,
        **options,
    )
    if console.staff.is_empty():
        for name, role in PEOPLE.items():
            console.staff.create(name, PASSWORD, role, actor="program")
    return console


def escalate(url: str, **changes) -> None:
    row = {
        "key": str(time.perf_counter_ns()),
        "noticed_at": MONDAY.timestamp() - 600,
        "conversation": "patient-1",
        "channel": "rest",
        "event": "raised",
        "level": "emergency",
        "flags": ["CES_SADDLE"],
        "via": "rule",
        "words": "I cannot feel between my legs",
    }
    EscalationLog(url).add(row | changes)


def write_conversation(folder: Path, conversation: str = "patient-1") -> None:
    """Writes events as the tracker store of the dialogue server does."""
    rows = [
        ("user", '{"text": "<b>my back</b> hurts", "data": null}'),
        (
            "bot",
            '{"text": "Shall we begin?", "data": {"buttons": '
            '[{"title": "Yes, ask me", "payload": "button:yes"}]}}',
        ),
        ("action", '{"name": "action_listen"}'),
        ("user", '{"text": "button:yes"}'),
        ("user", "not json"),
    ]
    with sqlite3.connect(folder / "conversations.db") as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, sender_id "
            "TEXT, type_name TEXT, timestamp REAL, intent_name TEXT, action_name TEXT,"
            " data TEXT)"
        )
        connection.executemany(
            "INSERT INTO events (sender_id, type_name, timestamp, data) "
            "VALUES (?, ?, ?, ?)",
            [
                (conversation, kind, MONDAY.timestamp() - 900 + n, data)
                for n, (kind, data) in enumerate(rows)
            ],
        )
    connection.close()
