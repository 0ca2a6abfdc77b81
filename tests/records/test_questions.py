import sqlite3
from datetime import datetime, timezone

import pytest

from actions.replies import Unanswered
from records import questions
from records.errors import UnavailableError
from records.questions import QuestionLog

ICE = Unanswered("ice?", "unknown")
WARM = Unanswered("warm?", "choose", ("back#heat", "back#rest"))
ICE_ROW = {
    "id": 1,
    "conversation": "patient-1",
    "question": "ice?",
    "outcome": "unknown",
    "options": [],
}
WARM_ROW = {
    "id": 2,
    "conversation": "patient-1",
    "question": "warm?",
    "outcome": "choose",
    "options": ["back#heat", "back#rest"],
}


@pytest.fixture
def url(tmp_path):
    """Returns the address of a database that does not exist yet."""
    return f"sqlite:///{tmp_path}/deep/clinic.db"


def rows_of(log, most=50):
    """Returns the newest rows without their time and their random key."""
    rows, left_out = log.newest(most), ("asked_at", "key")
    return [{key: row[key] for key in row if key not in left_out} for row in rows]


def test_empty_log_lists_nothing(url):
    assert QuestionLog(url).newest() == []


def test_lists_questions_newest_first(url):
    log = QuestionLog(url)

    log.add([ICE, WARM], "patient-1")
    log.add([ICE], "patient-2")

    again = {**ICE_ROW, "id": 3, "conversation": "patient-2"}
    assert rows_of(log) == [again, WARM_ROW, ICE_ROW]


def test_lists_only_as_many_as_asked_for(url):
    log = QuestionLog(url)
    log.add([ICE, WARM], "patient-1")

    assert rows_of(log, 1) == [WARM_ROW]


def test_questions_survive_a_restart(url):
    QuestionLog(url).add([ICE], "patient-1")

    assert rows_of(QuestionLog(url)) == [ICE_ROW]


def test_questions_carry_the_time_in_utc(url):
    before = datetime.now(timezone.utc)

    QuestionLog(url).add([ICE], "patient-1")

    (row,) = QuestionLog(url).newest()
    after = datetime.now(timezone.utc)
    assert before <= row["asked_at"] <= after


@pytest.mark.issue("adding no question is refused by the database")
def test_adding_nothing_adds_nothing(url):
    log = QuestionLog(url)

    log.add([], "patient-1")

    assert log.newest() == []


def test_environment_names_the_database(url, monkeypatch):
    monkeypatch.setenv("CLINIC_DATABASE_URL", url)

    QuestionLog().add([ICE], "patient-1")

    assert rows_of(QuestionLog(url)) == [ICE_ROW]


@pytest.mark.parametrize("value", [None, ""])
def test_without_environment_the_database_stands_in_var(tmp_path, monkeypatch, value):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLINIC_DATABASE_URL", raising=False)
    if value is not None:
        monkeypatch.setenv("CLINIC_DATABASE_URL", value)

    QuestionLog().add([ICE], "patient-1")

    assert rows_of(QuestionLog(f"sqlite:///{tmp_path}/var/clinic.db")) == [ICE_ROW]


def test_no_database_is_touched_before_the_first_question(tmp_path, url):
    QuestionLog(url)

    assert list(tmp_path.iterdir()) == []


def test_prints_the_newest_questions(url, monkeypatch, capsys):
    monkeypatch.setenv("CLINIC_DATABASE_URL", url)
    QuestionLog().add([ICE, WARM], "patient-1")

    questions.main()

    today = f"{datetime.now(timezone.utc):%Y-%m-%d}"
    lines = capsys.readouterr().out.splitlines()
    assert [(line[:10], line[16:]) for line in lines] == [
        (today, "  choose              warm?"),
        (today, "  unknown             ice?"),
    ]


@pytest.mark.issue("a database error repeats the patient's words, and is logged")
def test_error_of_the_database_does_not_repeat_the_question(url, tmp_path):
    (tmp_path / "deep").mkdir()
    with sqlite3.connect(tmp_path / "deep/clinic.db") as connection:
        connection.execute("CREATE TABLE unanswered_questions (id INTEGER)")

    with pytest.raises(UnavailableError) as caught:
        QuestionLog(url).add([ICE], "patient-1")

    assert "ice?" not in str(caught.value)
