"""Corrects typing errors towards the words of the rules, never away from them."""

import re
from collections.abc import Container, Iterable

from symspellpy import SymSpell, Verbosity

from addons.understanding.folding import Folded, with_words
from addons.understanding.spelling import english_words

WORD = re.compile(r"[A-Za-z]{3,}")
DOUBLED = re.compile(r"([a-z])\1")
# Shorter words are too like each other for two slips.
LONG_WORD = 8
SHORTEST = 4
# Without their apostrophe these are no errors to correct: they deny.
CONTRACTED = frozenset(
    word.replace("'", "")
    for word in [
        "don't",
        "can't",
        "won't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "didn't",
        "doesn't",
        "hasn't",
        "haven't",
        "hadn't",
        "couldn't",
        "shouldn't",
        "wouldn't",
        "mustn't",
        "needn't",
        "ain't",
    ]
)


class RedFlagSpelling:
    """Replaces words that are no English words by the nearest word of a rule."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        english = {word for word, _ in english_words()}
        words = {word for word in vocabulary if WORD.fullmatch(word)}
        self._words = words
        self._known = words | english
        self._speller = SymSpell(2, prefix_length=7)
        # The rules hold misspelt words too, and a word of English is meant rather. In
        # order, so that a tie between two is decided the same way every time.
        for word in sorted(word for word in words if len(word) >= SHORTEST):
            self._speller.create_dictionary_entry(word, 2 if word in english else 1)

    def correct(self, text: str) -> Folded | None:
        """Returns the text with corrected words, or None if there is none."""
        typed = Folded(text, tuple(range(len(text))))
        corrected = with_words(typed, WORD, self._corrected)
        return None if corrected.text == text else corrected

    def _corrected(self, typed: str) -> str:
        """Returns the word that was meant, or the word as it was typed."""
        word = typed.lower()
        if word in self._known or word in CONTRACTED:
            return typed
        places = [match.start() for match in DOUBLED.finditer(word)]
        singles = [word[:place] + word[place + 1 :] for place in places]
        return (
            _first_in(self._words, singles)
            or self._nearest(word, 1)
            or _first_in(self._known, singles)
            or (self._nearest(word, 2) if len(word) >= LONG_WORD else "")
            or typed
        )

    def _nearest(self, word: str, distance: int) -> str:
        if len(word) < SHORTEST:
            return ""
        found = self._speller.lookup(word, Verbosity.TOP, distance)
        return str(found[0].term) if found else ""


def _first_in(known: Container[str], words: Iterable[str]) -> str:
    return next((word for word in words if word in known), "")
