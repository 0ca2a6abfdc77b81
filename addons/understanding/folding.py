"""Brings a message into one plain form and remembers where each character stood."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from addons.understanding.text import QUOTES, SYMBOLS, clean

# Marks on other characters and invisible ones: they leave nothing behind.
INVISIBLE = frozenset({"Mn", "Me", "Cf"})
PUNCTUATION = frozenset(".!?,;:/()")
WORD = re.compile(r"[a-z']+")
DOUBLED = re.compile(r"([a-z])\1+")
STRETCHED = re.compile(r"([a-z])\1{2,}")


@dataclass(frozen=True)
class Folded:
    """A message in lower case and single spaces, with its places in the original."""

    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Returns the place in the original message of a stretch of `text`."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str, *, line_end: str = ".") -> Folded:
    """Unifies case, quotes, widths and spaces; drops symbols and invisible marks.

    Args:
        text: a message as it was typed.
        line_end: what a line break counts as.
    """
    characters: list[str] = []
    places: list[int] = []

    def add(character: str, place: int) -> None:
        if character == " " and (not characters or characters[-1] == " "):
            return
        characters.append(character)
        places.append(place)

    whole = clean(text).translate(QUOTES)
    for place, character in enumerate(whole):
        kind = unicodedata.category(character)
        if kind in INVISIBLE:
            continue
        if character == "\n":
            add(" ", place)
            add(line_end, place)
            add(" ", place)
        elif character.isspace() or kind in SYMBOLS:
            add(" ", place)
        elif character in PUNCTUATION:
            add(character, place)
            if whole[place + 1 : place + 2].isalpha():
                add(" ", place)
        else:
            plain = unicodedata.normalize("NFKD", character).lower()
            for part in plain:
                if unicodedata.category(part) not in INVISIBLE:
                    add("." if part == "…" else part, place)
    return Folded("".join(characters), tuple(places))


def respell(folded: Folded, is_known: Callable[[str], bool]) -> Folded:
    """Takes surplus letters from words ("nuumb", "caaan't") that are then known."""
    return with_words(folded, WORD, lambda word: _shortest_known(word, is_known))


def with_words(
    folded: Folded, pattern: re.Pattern[str], change: Callable[[str], str]
) -> Folded:
    """Changes the words that a pattern finds and keeps where they stood."""
    pieces: list[str] = []
    places: list[int] = []
    end = 0
    for match in pattern.finditer(folded.text):
        word = change(match.group())
        if word == match.group():
            continue
        pieces += [folded.text[end : match.start()], word]
        places += folded.places[end : match.start()]
        first, last = match.start(), match.end() - 1
        places += [folded.places[min(first + i, last)] for i in range(len(word) - 1)]
        places.append(folded.places[last])
        end = match.end()
    text = "".join(pieces) + folded.text[end:]
    return Folded(text, (*places, *folded.places[end:]))


def _shortest_known(word: str, is_known: Callable[[str], bool]) -> str:
    if not DOUBLED.search(word) or is_known(word):
        return word
    for spelled in (
        STRETCHED.sub(r"\1\1", word),
        STRETCHED.sub(r"\1", word),
        DOUBLED.sub(r"\1", word),
    ):
        if is_known(spelled):
            return spelled
    return word
