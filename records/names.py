"""Folds names into words, so that "jose" finds José."""

import unicodedata

MOST_WORDS = 12
LONGEST_WORD = 80


def words_of(text: str) -> tuple[str, ...]:
    """Returns the words of a name or of a search, each once, without accents."""
    apart = unicodedata.normalize("NFKD", text.replace("\0", "")).casefold()
    plain = "".join(
        sign if sign.isalnum() else " "
        for sign in apart
        if unicodedata.category(sign)[0] != "M"
    )
    words = (word[:LONGEST_WORD] for word in plain.split())
    return tuple(dict.fromkeys(words))[:MOST_WORDS]
