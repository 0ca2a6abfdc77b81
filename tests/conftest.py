"""Fixtures that several test files share."""

import shutil
import uuid
from pathlib import Path

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from documents.articles import read_article
from documents.facts import Facts
from documents.library import Library
from documents.topics import Topic
from records.database import connect
from tests.postgresql import PostgresqlServer, programs

ROOT = Path(__file__).parents[1]

CLINIC = """\
name: Oak Street Physio
country: ZA
time_zone: Africa/Johannesburg
email: desk@oak.example
phone:
  reception: "012 555 0142"
hours:
  summary: weekdays
emergency:
  countries:
    ZA:
      ambulance: "112"
      poison_line: "0861 555 777"
"""

ARTICLE = f"""\
---
title: Back
---

# Back {{#back}}

## Heat {{#heat}}

Warmth can ease it. Phone {{{{phone.reception}}}}.

{"Use a beanbag. " * 20}

{"Not too hot. " * 30}

See also: [rest](#rest), [moving](#moving), [cost](#cost)

## Rest {{#rest}}

Rest as you need to.

## Moving {{#moving}}

Walk a little.

Stop when it hurts.

See also: [heat](#heat)

## Cost {{#cost}}

A visit costs R650.
"""

FACTS_ONLY = """\
---
title: Desk
advice: no
---

## Hours {#hours}

We are open on weekdays.

The door opens at eight.

See also: [heat](back#heat)
"""


def _faq(topics: dict[str, str]) -> str:
    examples = "".join(
        f"  - intent: {name}\n    examples: |\n"
        + "".join(f"      - {name} {number}\n" for number in range(10))
        for name in topics
    )
    answers = "".join(
        f"  utter_{name}:\n    - custom:\n        section: {section}\n"
        for name, section in topics.items()
    )
    return f'version: "3.1"\nnlu:\n{examples}responses:\n{answers}'


def pytest_collection_modifyitems(items):
    """Puts the slowest first, so that nobody waits for them at the end."""
    items.sort(key=lambda item: item.get_closest_marker("server") is None)


@pytest.fixture
def sender():
    """The id of a conversation of its own."""
    return str(uuid.uuid4())


@pytest.fixture(scope="session")
def postgresql():
    """A real PostgreSQL server."""
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    server = PostgresqlServer(folder)
    yield server
    server.remove()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory) -> Path:
    """Returns a database file with tables and without rows, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "clinic.db"
    connect(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path, sqlite_file) -> str:
    """Returns the address of a database without rows; each test runs on both kinds."""
    if request.param == "sqlite":
        shutil.copy(sqlite_file, tmp_path)
        return f"sqlite:///{tmp_path}/clinic.db"
    return request.getfixturevalue("postgresql").used_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request, tmp_path) -> str:
    """Returns the address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/clinic.db"
    return request.getfixturevalue("postgresql").new_database()


@pytest.fixture(scope="session")
def root() -> Path:
    """Returns the folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def shipped() -> Library:
    """Returns the content that the project comes with."""
    return Library.from_folder(ROOT / "data/clinic")


@pytest.fixture
def write(tmp_path):
    """Returns a function that writes a file and returns its path."""

    def build(name: str, content: str | bytes) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return build


@pytest.fixture
def faq():
    """Returns a function that writes ten examples and an answer for each topic."""
    return _faq


@pytest.fixture
def clinic_folder(write) -> Path:
    """Returns the smallest clinic: one article, one topic."""
    write("clinic/articles/back.md", ARTICLE)
    write("clinic/faq/back.yml", _faq({"faq/heat": "back#heat"}))
    return write("clinic/clinic.yml", CLINIC).parent


@pytest.fixture
def library(write) -> Library:
    """Returns five sections; `heat` has three parts, `moving` and `hours` have two.

    `hours` is a fact about the clinic, the others are advice.
    """
    facts = Facts({"phone.reception": "012 555 0142"})
    topics = {
        "faq/heat": "back#heat",
        "faq/warm_bath": "back#heat",
        "faq/rest": "back#rest",
        "faq/moving": "back#moving",
        "faq/cost": "back#cost",
        "faq/hours": "desk#hours",
        "faq/privacy": "desk#hours",
        "faq/cancel_or_move": "desk#hours",
    }
    articles = {"back.md": ARTICLE, "desk.md": FACTS_ONLY}
    return Library(
        [
            section
            for name, text in articles.items()
            for section in read_article(write(name, text), facts)
        ],
        [Topic(name, section, "back.yml:1") for name, section in topics.items()],
        facts,
    )


@pytest.fixture
def question():
    """Returns a function that builds one question as the pipeline hands it over."""

    def build(
        outcome: str, *options: str, passages: tuple[str, ...] = (), text: str = "hm?"
    ) -> dict[str, object]:
        return {
            "text": text,
            "outcome": outcome,
            "options": list(options),
            "passages": [{"section": address, "score": 0.7} for address in passages],
        }

    return build


@pytest.fixture
def dispatcher() -> CollectingDispatcher:
    """Returns a dispatcher without messages."""
    return CollectingDispatcher()


@pytest.fixture
def tracker_after():
    """Returns a function that builds the tracker of an action after a message."""

    def build(
        latest_message: dict[str, object], slots: dict[str, object] | None = None
    ) -> Tracker:
        return Tracker(
            sender_id="patient-1",
            slots=slots or {},
            latest_message=latest_message,
            events=[],
            paused=False,
            followup_action=None,
            active_loop={},
            latest_action_name=None,
        )

    return build
