import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from records.errors import RecordsError
from records.privacy import Privacy
from records.spool import Spool
from tests.records.samples import with_samples

WORDS = "I cannot feel between my legs"


def note(key: str, conversation: str = "patient-1") -> dict[str, str]:
    return {"key": key, "conversation": conversation, "words": WORDS}


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "deep/escalations.jsonl")


def test_a_file_that_is_not_there_holds_nothing(spool):
    assert spool.notes() == []
    assert spool.forget("patient-1") == 0
    assert not spool.is_forgotten("a")


def test_notes_of_one_conversation_go_and_all_others_stay(spool):
    for key, conversation in (("a", "one"), ("b", "two"), ("c", "one"), ("d", "three")):
        spool.keep(note(key, conversation))

    assert spool.forget("one") == 2

    assert [each["key"] for each in spool.notes()] == ["b", "d"]
    assert "one" not in spool.file.read_text("utf-8")
    assert [spool.is_forgotten(key) for key in "abcd"] == [True, False, True, False]


def test_what_is_noticed_after_a_deletion_is_kept(spool):
    spool.keep(note("a"))
    spool.forget("patient-1")

    spool.keep(note("b"))

    assert [each["key"] for each in spool.notes()] == ["b"]
    assert not spool.is_forgotten("b")


@pytest.mark.issue(4)
def test_a_note_that_is_forgotten_stays_so_after_the_last_of_the_others(spool):
    spool.keep(note("a"))
    spool.keep(note("b", "patient-2"))
    spool.forget("patient-1")

    spool.done("b")
    assert spool.is_forgotten("a")

    spool.done("a")
    assert not spool.file.exists()


def test_a_torn_line_goes_with_the_conversation_that_it_names(spool):
    spool.keep(note("a", "two"))
    with spool.file.open("a") as file:
        file.write('{"words": "x", "conversation": "one", "key')

    spool.forget("two")
    assert '"one"' in spool.file.read_text("utf-8")
    spool.forget("one")
    assert '"one"' not in spool.file.read_text("utf-8")


def test_the_file_goes_with_its_last_note(spool):
    for key in "abc":
        spool.keep(note(key, f"patient-{key}"))
    spool.forget("patient-a")

    spool.done("b")
    assert [each["key"] for each in spool.notes()] == ["c"]
    spool.done("a")
    spool.done("c")

    assert not spool.file.exists()


def test_a_file_that_cannot_be_changed_stops_the_deletion_without_its_words(spool):
    spool.file.mkdir(parents=True)
    with pytest.raises(RecordsError, match=r"cannot be changed \(IsADirectoryError\)"):
        spool.forget("patient-1")


def test_notes_that_are_added_during_a_deletion_are_not_lost(spool):
    spool.keep(note("first", "gone"))

    def add(name: str) -> None:
        for number in range(60):
            spool.keep(note(f"{name}-{number}", name))

    def remove() -> None:
        for _ in range(40):
            spool.forget("gone")
            spool.keep(note("more", "gone"))
        spool.forget("gone")

    works = [threading.Thread(target=add, args=(name,)) for name in ("x", "y")]
    works.append(threading.Thread(target=remove))
    for work in works:
        work.start()
    for work in works:
        work.join()

    kept = [each["key"] for each in spool.notes()]
    assert sorted(kept) == sorted(f"{name}-{n}" for name in "xy" for n in range(60))


KILLED = """
import sys
from pathlib import Path
from records.spool import Spool
spool = Spool(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    spool.keep({"key": "k", "conversation": "gone", "words": "x" * 5000})
    spool.forget("gone")
    spool.done("k")
"""


def test_a_process_that_is_killed_while_it_deletes_loses_no_note_of_others(spool):
    for number in range(50):
        spool.keep(note(f"k{number}", f"patient-{number}"))
    for pause in (0.003, 0.011, 0.017, 0.023):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, spool.file],
            env=with_samples(),
            stdout=subprocess.PIPE,
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(pause)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()

    others = [n["key"] for n in spool.notes() if n["conversation"] != "gone"]
    assert others == [f"k{number}" for number in range(50)]
    assert spool.forget("patient-7") == 1


def test_delete_my_data_empties_the_spool_too(database_url, spool):
    spool.keep(note("a"))
    spool.keep(note("b", "patient-2"))

    Privacy(database_url, spools=[spool]).forget("patient-1", actor="patient")

    text = spool.file.read_text("utf-8")
    assert "patient-1" not in text
    assert [json.loads(line) for line in text.splitlines()] == [
        {"forgotten": "a"},
        note("b", "patient-2"),
    ]


def test_nothing_is_deleted_if_the_spool_cannot_be(database_url, spool):
    spool.file.mkdir(parents=True)
    with pytest.raises(RecordsError, match="cannot be changed"):
        Privacy(database_url, spools=[spool]).forget("patient-1", actor="patient")
