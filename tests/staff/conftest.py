"""Fixtures of the staff console."""

import sqlite3

import pytest

from records.requests import Contact
from tests.records.samples import request
from tests.staff.console_parts import (
    Browser,
    Hands,
    build,
    escalate,
    write_conversation,
)

THANDI = Contact("Thandi Nkosi", "+27825550142", "thandi@patient.example")


@pytest.fixture(scope="session")
def with_people(tmp_path_factory):
    """A database with its tables and the three people, to be copied."""
    folder = tmp_path_factory.mktemp("console")
    file = folder / "clinic.db"
    build(folder, f"sqlite:///{file}")
    return file


@pytest.fixture
def url(tmp_path, with_people) -> str:
    address = f"sqlite:///{tmp_path}/clinic.db"
    with sqlite3.connect(with_people) as source:
        with sqlite3.connect(tmp_path / "clinic.db") as copy:
            source.backup(copy)
        copy.close()
    source.close()
    return address


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def console(tmp_path, url, hands):
    return build(tmp_path, url, hands)


@pytest.fixture
async def browser_of(console):
    """Returns a function that opens a browser, logged in if a name is given."""
    opened = []

    async def build_one(name: str = "", **options) -> Browser:
        browser = Browser(console, **options)
        opened.append(browser)
        if name:
            answer = await browser.log_in(name)
            assert answer.status_code == 303
        return browser

    yield build_one
    for browser in opened:
        await browser.client.aclose()


@pytest.fixture
def submitted(console):
    """Returns a function that stores a request."""
    numbers = iter(range(10_000))

    def build_one(contact: Contact = THANDI, **changes):
        key = f"a-key-of-some-length-{next(numbers)}"
        receipt = console.book.submit(key, request(**changes), contact)
        return console.book.get(receipt.request_id)

    return build_one


@pytest.fixture
def alarm(url):
    """Returns a function that writes an escalation."""

    def build_one(**changes) -> None:
        escalate(url, **changes)

    return build_one


@pytest.fixture
def conversation(tmp_path) -> None:
    write_conversation(tmp_path)
