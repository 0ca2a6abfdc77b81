import sqlite3
from datetime import datetime, timezone
from typing import Any

import pytest

from records import escalations
from records.errors import RecordsError, UnavailableError
from records.escalations import EscalationLog

NOTE = {
    "key": "a" * 64,
    "noticed_at": 1_700_000_000.0,
    "conversation": "patient-1",
    "channel": "rest",
    "event": "raised",
    "level": "emergency",
    "flags": ["CHEST", "WEAK"],
    "via": "rule",
    "words": "chest pain",
}
ROW = {
    **NOTE,
    "id": 1,
    "noticed_at": datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc),
}


def note(key: str, **changes: Any) -> dict[str, Any]:
    return {**NOTE, "key": key, **changes}


@pytest.fixture
def url(tmp_path):
    """Returns the address of a database that does not exist yet."""
    return f"sqlite:///{tmp_path}/deep/clinic.db"


def test_empty_log_lists_nothing(url):
    assert EscalationLog(url).newest() == []


def test_an_escalation_is_kept_as_it_was_noticed_with_the_time_in_utc(url):
    EscalationLog(url).add(NOTE)
    assert EscalationLog(url).newest() == [ROW]


def test_lists_escalations_newest_first(url):
    log = EscalationLog(url)
    for key in ("a", "b", "c"):
        log.add(note(key))
    assert [row["key"] for row in log.newest()] == ["c", "b", "a"]


def test_lists_only_as_many_as_asked_for(url):
    log = EscalationLog(url)
    for key in ("a", "b", "c"):
        log.add(note(key))
    assert [row["key"] for row in log.newest(2)] == ["c", "b"]


def test_the_same_key_again_leaves_the_first_as_it_is(url):
    log = EscalationLog(url)

    log.add(NOTE)
    log.add({**NOTE, "words": "something else"})
    EscalationLog(url).add(NOTE)

    assert log.newest() == [ROW]


def test_a_note_without_flags_is_kept(url):
    log = EscalationLog(url)
    log.add(note("a", flags=[], event="checked_by_doctor"))
    (row,) = log.newest()
    assert (row["flags"], row["event"]) == ([], "checked_by_doctor")


@pytest.mark.parametrize("missing", [k for k in NOTE if k != "noticed_at"])
def test_a_note_that_lacks_something_is_refused(url, missing):
    log = EscalationLog(url)
    part = {key: value for key, value in NOTE.items() if key != missing}
    with pytest.raises(RecordsError):
        log.add(part)
    assert log.newest() == []


def test_environment_names_the_database(url, monkeypatch):
    monkeypatch.setenv("CLINIC_DATABASE_URL", url)
    EscalationLog().add(NOTE)
    assert EscalationLog(url).newest() == [ROW]


@pytest.mark.parametrize("value", [None, ""])
def test_without_environment_the_database_stands_in_var(tmp_path, monkeypatch, value):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLINIC_DATABASE_URL", raising=False)
    if value is not None:
        monkeypatch.setenv("CLINIC_DATABASE_URL", value)

    EscalationLog().add(NOTE)

    assert EscalationLog(f"sqlite:///{tmp_path}/var/clinic.db").newest() == [ROW]


def test_no_database_is_touched_before_the_first_escalation(tmp_path, url):
    EscalationLog(url)
    assert list(tmp_path.iterdir()) == []


def test_prints_the_newest_escalations(url, monkeypatch, capsys):
    monkeypatch.setenv("CLINIC_DATABASE_URL", url)
    EscalationLog().add(NOTE)
    EscalationLog().add(
        note("b", event="cannot_get_help", flags=[], via="model", words="no")
    )

    escalations.main()

    assert capsys.readouterr().out.splitlines() == [
        "2023-11-14 22:13  emergency  cannot_get_help    model  patient-1    no",
        "2023-11-14 22:13  emergency  raised             rule "
        "  patient-1  CHEST WEAK  chest pain",
    ]


def test_error_of_the_database_does_not_repeat_the_words(url, tmp_path):
    (tmp_path / "deep").mkdir()
    with sqlite3.connect(tmp_path / "deep/clinic.db") as connection:
        connection.execute("CREATE TABLE escalations (id INTEGER)")

    with pytest.raises(UnavailableError) as caught:
        EscalationLog(url).add(NOTE)

    assert "chest pain" not in str(caught.value)


def test_an_older_escalation_that_was_written_late_is_not_the_newest(url):
    log = EscalationLog(url)
    log.add(note("today"))
    log.add(note("yesterday", noticed_at=NOTE["noticed_at"] - 86_400))
    assert [row["key"] for row in log.newest()] == ["today", "yesterday"]
