"""Notes that wait in a file for the database; several processes may use it."""

import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from records.errors import RecordsError

logger = logging.getLogger(__name__)

SPOOL_FILE = Path("var/escalations.jsonl")
QUESTIONS_FILE = Path("var/questions.jsonl")
# What stands in place of a note that must not be written any more: its key only.
FORGOTTEN = "forgotten"


class Spool:
    """One note a line, each with its `key`.

    The file is locked for moments only, as the reply to a patient may wait for it.

    Args:
        file: where the notes are; it need not exist.
    """

    def __init__(self, file: Path = SPOOL_FILE) -> None:
        self.file = file

    def notes(self) -> list[dict[str, Any]]:
        """Returns what waits; a torn line is skipped."""
        try:
            lines = self._lines()
        except (OSError, UnicodeDecodeError) as error:
            logger.error("%s cannot be read (%s).", self.file, type(error).__name__)
            return []
        found = [_read(line) for line in lines]
        if None in found:
            logger.error("%s: a line cannot be read; it is skipped.", self.file)
        return [note for note in found if note and FORGOTTEN not in note]

    def keep(self, note: dict[str, Any]) -> None:
        """Adds a note; if that is not possible, it is only logged."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self._locked(), self.file.open("a", encoding="utf-8") as file:
                # A line before it: the last one may have been torn.
                file.write("\n" + json.dumps(note) + "\n")
        except OSError as error:
            logger.error("%s cannot be written: %s.", self.file, error.strerror)

    def is_forgotten(self, key: str) -> bool:
        """Says whether a note was taken out by a deletion; in doubt it was not."""
        try:
            return _mark(key) in self._lines()
        except (OSError, UnicodeDecodeError):
            return False

    def done(self, key: str) -> None:
        """Removes a note that is written or forgotten, and the file after the last.

        A mark of one that is forgotten stays until its own turn: without it, who has
        read the note before would write it.
        """
        try:
            with self._locked():
                self._change(lambda note, line: None if _names(note, key) else line)
                if not any(map(_read, self._lines())):
                    self.file.unlink(missing_ok=True)
        except (OSError, UnicodeDecodeError) as error:
            logger.error("%s cannot be emptied: %s.", self.file, error)

    def forget(self, conversation: str) -> int:
        """Removes the notes of a conversation and leaves all others; returns how many.

        Who has read one of them before asks `is_forgotten`, and does not write it.

        Raises:
            RecordsError: the file is there and cannot be changed.
        """

        def change(note: dict[str, Any] | None, line: str) -> str | None:
            if note is None:  # a torn line
                return None if json.dumps(conversation) in line else line
            mine = note.get("conversation") == conversation
            return _mark(str(note.get("key"))) if mine else line

        if not self.file.exists():
            return 0
        try:
            with self._locked():
                return self._change(change)
        except (OSError, UnicodeDecodeError) as error:
            raise RecordsError(
                f"{self.file} cannot be changed ({type(error).__name__}), so it may "
                "still hold what was to be forgotten. Correct its rights; then repeat."
            ) from None

    def _lines(self) -> list[str]:
        try:
            text = self.file.read_text("utf-8")
        except FileNotFoundError:
            return []
        return [line for line in text.split("\n") if line]

    def _change(
        self, change: Callable[[dict[str, Any] | None, str], str | None]
    ) -> int:
        """Replaces or drops lines at once or not at all; returns how many."""
        old = self._lines()
        changed = [change(_read(line), line) for line in old]
        number = sum(
            before != after for before, after in zip(old, changed, strict=True)
        )
        if number:
            new = self.file.with_suffix(".new")
            with new.open("w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in changed if line is not None)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.file)
        return number

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # A file of its own, as the other one is replaced.
        with self.file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _mark(key: str) -> str:
    return json.dumps({FORGOTTEN: key})


def _read(line: str) -> dict[str, Any] | None:
    try:
        note = json.loads(line)
    except json.JSONDecodeError:
        return None
    return note if isinstance(note, dict) else None


def _names(note: dict[str, Any] | None, key: str) -> bool:
    return note is not None and key in (note.get("key", ""), note.get(FORGOTTEN))
