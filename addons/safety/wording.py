"""Brings a message into the form in which the statistical layer reads it."""

import re
import unicodedata

from addons.understanding.folding import INVISIBLE
from addons.understanding.text import QUOTES, tidy

SPACES = re.compile(r"\s+")
APOSTROPHES = re.compile("['\u02bc]")
# A window of the network: longer messages are read piece by piece.
WINDOW_WORDS = 70
STEP_WORDS = 60


def normalise(text: str) -> str:
    """Returns small letters without apostrophes, emoji and surplus spaces.

    "Can't" must mean the same with each kind of apostrophe, and without one.
    """
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.translate(QUOTES))
        if unicodedata.category(character) not in INVISIBLE
    )
    return SPACES.sub(" ", APOSTROPHES.sub("", tidy(plain).lower())).strip()


def windows(text: str) -> list[str]:
    """Returns a normalised text as it is, or in pieces that overlap if it is long."""
    words = text.split(" ")
    if len(words) <= WINDOW_WORDS:
        return [text]
    starts = range(0, len(words) - WINDOW_WORDS + STEP_WORDS, STEP_WORDS)
    return [" ".join(words[start : start + WINDOW_WORDS]) for start in starts]
