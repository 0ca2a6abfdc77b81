"""Measures how many of the phrases that patients type are read rightly."""

from datetime import datetime, timezone
from pathlib import Path

import pytest
import yaml

from actions.booking.days import read_preference
from actions.booking.opening import Opening
from documents.facts import Facts
from tests.actions.booking.notation import notation

FOLDER = Path(__file__).parent
PHRASES = yaml.safe_load((FOLDER / "phrases.yml").read_text("utf-8"))["phrases"]
NOW = datetime(2026, 3, 10, 7, 0, tzinfo=timezone.utc)
FLOOR = 0.98


@pytest.fixture(scope="module")
def readings() -> dict[str, str]:
    """Returns how each phrase is read."""
    clinic = FOLDER.parents[2] / "data/clinic/clinic.yml"
    opening = Opening.from_facts(Facts.from_file(clinic))
    return {text: notation(read_preference(text, opening, now=NOW)) for text in PHRASES}


def test_there_are_phrases_enough_to_measure():
    assert len(PHRASES) >= 400


def test_most_phrases_are_read_rightly(readings):
    wrong = {
        text: (expected, readings[text])
        for text, expected in PHRASES.items()
        if readings[text] != expected
    }

    assert 1 - len(wrong) / len(PHRASES) >= FLOOR, wrong


def test_no_phrase_that_is_no_day_is_read_as_one(readings):
    taken = {
        text: readings[text]
        for text, expected in PHRASES.items()
        if expected.startswith("no day") and not readings[text].startswith("no day")
    }

    assert taken == {}
