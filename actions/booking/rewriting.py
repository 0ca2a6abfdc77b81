"""Rewrites texts step by step; where a step has several meanings, so has the text."""

import re
from collections.abc import Callable, Iterable

MOST = 6

Change = Callable[[re.Match[str]], str | Iterable[str] | None]
Rule = tuple[re.Pattern[str], Change]


def rewrite(texts: Iterable[str], rules: Iterable[Rule]) -> tuple[str, ...]:
    """Applies rules one after the other to every text.

    A change returns the new piece, several if it may mean several things, or None to
    leave the piece as it is.
    """
    results = tuple(texts)
    for pattern, change in rules:
        found = (new for text in results for new in _rewritten(text, pattern, change))
        results = tuple(dict.fromkeys(found))[:MOST]
    return results


def _rewritten(text: str, pattern: re.Pattern[str], change: Change) -> list[str]:
    variants = [""]
    end = 0
    for match in pattern.finditer(text):
        pieces = change(match)
        if pieces is None:
            continue
        options = (pieces,) if isinstance(pieces, str) else tuple(pieces)
        lead = text[end : match.start()]
        variants = [seen + lead + piece for seen in variants for piece in options]
        variants = variants[:MOST]
        end = match.end()
    return [variant + text[end:] for variant in variants]
