"""Puts the answers of a booking into words, to read them back."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from actions.booking.errors import PhrasesError
from actions.booking.preference import Option, Wish
from actions.booking.read_back import PHRASES_FILE as DAYS_FILE
from actions.booking.read_back import DayPhrases

PHRASES_FILE = Path("data/language/booking_phrases.yml")
TABLES = {
    "part_buttons": ("morning", "afternoon", "evening", "any"),
    "who": ("self", "child", "other"),
    "visit": ("first", "follow_up", "home", "online"),
}
TEXTS = ("not_said", "note", "skip")


class Phrases:
    """The words of `booking_phrases.yml` and `day_phrases.yml`."""

    def __init__(self, words: Mapping[str, Any], days: DayPhrases) -> None:
        self._words = words
        self._days = days

    @classmethod
    def from_files(
        cls, file: Path = PHRASES_FILE, days_file: Path = DAYS_FILE
    ) -> "Phrases":
        """Reads the phrases.

        Raises:
            PhrasesError: a file is missing, is not YAML, or lacks a phrase.
        """
        try:
            tree = YAML(typ="safe").load(file)
        except (OSError, YAMLError) as error:
            raise PhrasesError(
                f"{file}: cannot be read ({type(error).__name__}). Put it back or "
                "correct it: bookings are read back with its words."
            ) from error
        found = tree.get("booking_phrases") if isinstance(tree, Mapping) else None
        words = found if isinstance(found, Mapping) else {}
        missing = _missing(words)
        if missing:
            raise PhrasesError(f"{file}: '{missing}' is missing. Add it.")
        return cls(words, DayPhrases.from_file(days_file))

    def word(self, table: str, key: str) -> str:
        """Returns a word of a table, the one for "not said" if there is none."""
        return str(self._words[table].get(key) or self._words["not_said"])

    def text(self, key: str) -> str:
        """Returns a phrase: `not_said`, `note` or `skip`."""
        return str(self._words[key])

    def day(self, day: date, today: date) -> str:
        """Returns a day such as "Tuesday 1 December"."""
        return self.option(Option(day), today)

    def option(self, option: Option, today: date) -> str:
        """Returns the title of a button for a day."""
        return self._days.label(option, today=today)

    def wish(self, wish: Wish, today: date) -> str:
        """Returns all that a patient would take."""
        return self._days.read_back(wish, today=today)


def _missing(words: Mapping[str, Any]) -> str:
    """Returns the first phrase that is missing."""
    for table, keys in TABLES.items():
        rows = words.get(table)
        for key in keys:
            if not isinstance(rows, Mapping) or not rows.get(key):
                return f"{table}.{key}"
    return next((key for key in TEXTS if not words.get(key)), "")
