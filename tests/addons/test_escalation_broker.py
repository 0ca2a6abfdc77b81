import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rasa.utils.endpoints import EndpointConfig

from addons.escalation_broker import EscalationBroker
from records.asked import AskedCounts
from records.escalations import EscalationLog
from records.spool import Spool
from tests.waiting import until

VALUE = {"level": "emergency", "flags": ["CHEST"], "via": "rule",
         "words": "chest pain", "event": "raised", "channel": "rest"}  # fmt: skip


def event(number: int = 1, **changes: Any) -> dict[str, Any]:
    slot = {"event": "slot", "name": "escalation", "value": VALUE}
    timestamp = 1_700_000_000.0 + number
    return {**slot, "sender_id": "patient-1", "timestamp": timestamp, **changes}


class Log:
    """A log in memory that hangs while it is held, and fails while it is down."""

    def __init__(self, down: bool = False) -> None:
        self.written: list[dict[str, Any]] = []
        self.refused: set[str] = set()
        self.tries, self.down = 0, down
        self.free = threading.Event()
        self.free.set()

    def add(self, note: dict[str, Any]) -> None:
        self.free.wait(5)
        self.tries += 1
        if self.down or note["conversation"] in self.refused:
            raise OSError("the words: chest pain")
        self.written.append(note)

    def remove(self, key: str) -> None:
        self.written = [note for note in self.written if note["key"] != key]

    def conversations(self) -> list[str]:
        return [note["conversation"] for note in self.written]


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def spool(tmp_path) -> Path:
    return tmp_path / "deep/spool.jsonl"


@pytest.fixture
async def start(spool, log) -> AsyncIterator[Callable[..., EscalationBroker]]:
    """Returns a function that starts a broker; what it left running is stopped."""
    started: list[EscalationBroker] = []

    def build(to: Any = log) -> EscalationBroker:
        started.append(EscalationBroker(to, spool, first_pause=0.01))
        return started[-1]

    yield build
    log.free.set()
    for broker in started:
        await broker.close()


def test_an_escalation_becomes_a_row_of_the_database(start, tmp_path, spool):
    database = EscalationLog(f"sqlite:///{tmp_path}/clinic.db")

    start(database).publish(event())

    assert until(lambda: len(database.newest()) == 1 and not spool.exists())
    (row,) = database.newest()
    assert {key: row[key] for key in VALUE} == VALUE
    assert row["conversation"] == "patient-1"
    assert f"{row['noticed_at']:%Y-%m-%d %H:%M:%S}" == "2023-11-14 22:13:21"


def test_the_same_event_twice_is_one_row(start, tmp_path):
    database = EscalationLog(f"sqlite:///{tmp_path}/clinic.db")
    broker = start(database)

    for number in (1, 1, 2):
        broker.publish(event(number))

    seconds = [22, 21]
    assert until(lambda: [r["noticed_at"].second for r in database.newest()] == seconds)


@pytest.mark.parametrize(
    "other",
    [event(event="user"), event(name="triage_level"), event(value=None),
     event(value={}), {"event": "action", "name": "escalation"}, {}],
)  # fmt: skip
def test_other_events_are_passed_over(start, log, spool, other):
    broker = start()

    broker.publish(other)
    broker.publish(event(sender_id="patient-2"))

    assert until(lambda: log.conversations() == ["patient-2"])


@pytest.mark.parametrize("down", [False, True])
def test_publishing_returns_at_once_while_the_log_hangs_or_fails(start, log, down):
    log.down = down
    if not down:
        log.free.clear()
    broker = start()

    begin = time.monotonic()
    for number in range(20):
        broker.publish(event(number))
    assert time.monotonic() - begin < 0.5
    assert log.written == []


def test_what_waits_stands_in_the_spool_file_until_it_is_written(start, log, spool):
    log.down = True
    broker = start()
    for number in (1, 2):
        broker.publish(event(number, sender_id=f"patient-{number}"))

    assert until(lambda: log.tries > 1)
    text = spool.read_text("utf-8").splitlines()
    lines = [json.loads(line) for line in text if line]
    assert [line["conversation"] for line in lines] == ["patient-1", "patient-2"]

    log.down = False
    assert until(lambda: sorted(log.conversations()) == ["patient-1", "patient-2"])
    assert until(lambda: not spool.exists())


async def test_what_waits_is_written_after_a_restart(start, log, spool):
    first_log = Log(down=True)
    first = start(first_log)
    first.publish(event())
    assert until(lambda: first_log.tries > 0)
    await first.close()
    assert not first._writer.thread.is_alive()

    start()

    assert until(lambda: len(log.written) == 1)
    assert until(lambda: not spool.exists())
    assert log.written[0]["words"] == "chest pain"


async def test_closing_writes_what_it_can(start, log):
    broker = start()
    for number in range(5):
        broker.publish(event(number))
    await broker.close()
    assert len(log.written) == 5


def test_a_torn_line_is_skipped(start, log, spool, caplog):
    spool.parent.mkdir()
    lines = [json.dumps({"conversation": name}) for name in ("first", "second")]
    spool.write_text(f'{lines[0]}\n{lines[1]}\n{{"conversation": "thi', "utf-8")

    start()

    assert until(lambda: log.conversations() == ["first", "second"])
    assert f"{spool}: a line cannot be read; it is skipped." in caplog.text


def test_a_spool_that_cannot_be_written_is_only_logged(start, log, spool, caplog):
    broker = start()
    spool.mkdir(parents=True)

    broker.publish(event())

    assert until(lambda: len(log.written) == 1)
    assert f"{spool} cannot be written: Is a directory." in caplog.text


def test_no_log_line_carries_the_words_of_the_patient(start, log, caplog):
    log.down = True
    start().publish(event())

    assert until(lambda: "(OSError)" in caplog.text)
    assert "chest pain" not in caplog.text


async def test_endpoints_name_the_spool_file(spool):
    endpoint = EndpointConfig(type="x", spool=str(spool))
    broker = await EscalationBroker.from_endpoint_config(endpoint)
    assert broker._writer.spool.file == spool
    await broker.close()


def test_a_spool_that_cannot_be_read_does_not_stop_the_start(start, spool):
    spool.mkdir(parents=True)
    assert start() is not None


async def test_a_note_after_a_torn_line_survives_a_restart(start, log, spool):
    spool.parent.mkdir()
    spool.write_text('{"conversation": "tor', "utf-8")
    broken = start(Log(down=True))
    broken.publish(event())
    await broken.close()

    start()

    assert until(lambda: log.conversations() == ["patient-1"])


def test_a_note_that_can_never_be_written_does_not_hold_up_others(start, log):
    log.refused.add("poison")
    broker = start()
    for name in ("poison", "patient-2"):
        broker.publish(event(sender_id=name))
    assert until(lambda: log.conversations() == ["patient-2"])


def test_a_note_is_not_forgotten_while_an_older_one_is_written(start, log, spool):
    log.free.clear()
    broker = start()
    broker.publish(event(1))
    put = broker._writer.queue.put

    def late(note: Any) -> None:
        log.refused.add("patient-2")
        log.free.set()
        until(lambda: not spool.exists(), seconds=0.5)
        put(note)

    broker._writer.queue.put = late
    broker.publish(event(2, sender_id="patient-2"))

    assert until(lambda: log.tries > 1)
    assert spool.exists()


def test_what_is_forgotten_while_it_waits_is_never_written(start, log, spool):
    log.down = True
    broker = start()
    for number in (1, 2):
        broker.publish(event(number, sender_id=f"patient-{number}"))
    assert until(lambda: log.tries > 1)

    Spool(spool).forget("patient-1")
    log.down = False

    assert until(lambda: log.conversations() == ["patient-2"] and not spool.exists())


def test_what_is_forgotten_while_it_is_written_is_deleted_again(start, tmp_path, spool):
    database = EscalationLog(f"sqlite:///{tmp_path}/clinic.db")

    class Slow(EscalationLog):
        def add(self, note: Any) -> None:
            Spool(spool).forget("patient-1")
            database.add(note)

        def remove(self, key: str) -> None:
            database.remove(key)

    broker = start(Slow())
    broker.publish(event())
    broker.publish(event(2, sender_id="patient-2"))

    def written() -> list[str]:
        return [row["conversation"] for row in database.newest()]

    assert until(lambda: written() == ["patient-2"] and not spool.exists())


def test_a_danger_is_counted_once_on_the_day_of_the_clinic(start, tmp_path):
    url = f"sqlite:///{tmp_path}/clinic.db"
    broker = start(EscalationLog(url, zone=ZoneInfo("Africa/Johannesburg")))
    # 2023-11-14 22:13 in London is the next day in Pretoria.
    for moment in (event(1), event(1), event(2, value={**VALUE, "event": "cleared"})):
        broker.publish(moment)

    day = date(2023, 11, 15)
    assert until(lambda: len(EscalationLog(url).newest()) == 2)
    assert AskedCounts(url).by_day(day, day) == [
        {"day": day, "outcome": "escalated", "times": 1}
    ]
