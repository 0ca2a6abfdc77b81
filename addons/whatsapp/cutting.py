"""Cuts a text into messages, at paragraphs or sentences where that is possible."""

import re

# From the best place to cut to the worst.
PLACES = (re.compile(r"\n\s*\n"), re.compile(r"(?<=[.!?:])\s+"), re.compile(r"\s+"))
JOINERS = ("\u200d", "\ufe0f")


def size(text: str) -> int:
    """Returns the length as phones count it: some emoji count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, longest: int) -> list[str]:
    """Returns the text in pieces of at most so many characters; no word is lost."""
    pieces, rest = [], text.strip()
    while size(rest) > longest:
        head = _head(rest, longest)
        pieces.append(head.rstrip())
        rest = rest[len(head) :].strip()
    return [*pieces, rest] if rest else pieces


def shortened(text: str, longest: int) -> str:
    """Returns a title that fits, cut at a word and with dots if it was too long."""
    if size(text) <= longest:
        return text
    # One more than the dots leave room for: a space at the end goes.
    head = _head(text, longest).rstrip(" ,;:-(")
    if size(head) == longest:
        head = _head(text, longest - 1).rstrip(" ,;:-(")
    return f"{head}…"


def _head(text: str, longest: int) -> str:
    """Returns the longest beginning that fits and ends at a good place."""
    room = text[:longest]
    while size(room) > longest:
        room = room[:-1]
    for place in PLACES:
        ends = [match.end() for match in place.finditer(text, 0, len(room) + 1)]
        ends = [end for end in ends if end <= len(room)]
        # A cut after a few words would make many small messages.
        if ends and (ends[-1] > len(room) // 2 or place is PLACES[-1]):
            return text[: ends[-1]]
    while len(room) > 1 and text[len(room) : len(room) + 1] in JOINERS:
        room = room[:-1]
    return room
