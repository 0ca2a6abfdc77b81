"""Corrects typing errors towards the words that the clinic and its patients use."""

from collections.abc import Iterable, Iterator
from importlib.resources import files

from symspellpy import SymSpell, Verbosity

SHORTEST = 4
LARGEST_DISTANCE = 2
COMMON_WORDS = 30_000
# Above nearly every common word: "spasn" is "spasm" here and not "spain".
DOMAIN_COUNT = 1_000_000_000
ENGLISH = "frequency_dictionary_en_82_765.txt"


class SpellingCorrector:
    """Replaces unknown words by the nearest common or clinical word.

    A word that stands in the large dictionary, or in the clinic's own texts, is left
    alone. Correction uses symmetric deletion (Garbe 2012, SymSpell).
    """

    def __init__(self, domain_words: Iterable[str]) -> None:
        self._known: set[str] = set()
        self._speller = SymSpell(LARGEST_DISTANCE, prefix_length=7)
        for rank, (word, count) in enumerate(english_words()):
            self._known.add(word)
            if rank < COMMON_WORDS and len(word) >= SHORTEST:
                self._speller.create_dictionary_entry(word, count)
        for word in domain_words:
            self._known.add(word)
            if len(word) >= SHORTEST:
                self._speller.create_dictionary_entry(word, DOMAIN_COUNT)

    def correct(self, word: str) -> str:
        """Returns the word itself, or the word that was most likely meant."""
        if len(word) < SHORTEST or word in self._known:
            return word
        distance = 1 if len(word) < 6 else LARGEST_DISTANCE
        found = self._speller.lookup(word, Verbosity.TOP, distance)
        return found[0].term if found else word


def english_words() -> Iterator[tuple[str, int]]:
    """Yields the words of SymSpell's English list, the most common first."""
    text = (files("symspellpy") / ENGLISH).read_text("utf-8-sig")
    for line in text.splitlines():
        word, count = line.split()
        yield word, int(count)
