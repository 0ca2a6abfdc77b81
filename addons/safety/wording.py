"""Brings a message into the form in which the statistical layer reads it."""

import re

from addons.understanding.text import tidy

SPACES = re.compile(r"\s+")
# A window of the network: longer messages are read piece by piece.
WINDOW_WORDS = 70
STEP_WORDS = 50


def normalise(text: str) -> str:
    """Returns small letters without apostrophes, emoji and surplus spaces.

    "Can't", "can’t" and "cant" must mean the same.
    """
    return SPACES.sub(" ", tidy(text).lower().replace("'", "")).strip()


def windows(text: str) -> list[str]:
    """Returns a normalised text as it is, or in pieces that overlap if it is long."""
    words = text.split(" ")
    if len(words) <= WINDOW_WORDS:
        return [text]
    starts = range(0, len(words) - WINDOW_WORDS + STEP_WORDS, STEP_WORDS)
    return [" ".join(words[start : start + WINDOW_WORDS]) for start in starts]
