"""The pipeline's plain parts, trained on data/ without Rasa, for experiments."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from addons.understanding.encoder import Encoded, SentenceEncoder
from addons.understanding.spelling import SpellingCorrector
from addons.understanding.text import TextReader, load_spacy, read_chat_spelling

FEWEST_USES = 3
NOT_LEARNED = "red_flag"
DATA = Path("data")


def read_examples() -> tuple[list[str], list[str]]:
    """Returns all training messages and their intents."""
    texts: list[str] = []
    intents: list[str] = []
    for file in sorted([*DATA.glob("clinic/faq/*.yml"), *DATA.glob("nlu/*.yml")]):
        for entry in YAML(typ="safe").load(file)["nlu"]:
            if entry["intent"] == NOT_LEARNED:
                continue
            lines = entry["examples"].splitlines()
            found = [line[2:] for line in lines if line.startswith("- ")]
            texts += found
            intents += [entry["intent"]] * len(found)
    return texts, intents


def reader_for(texts: Iterable[str]) -> TextReader:
    """Returns a reader that leaves the words of the examples alone."""
    uses = Counter(word for text in texts for word in set(text.lower().split()))
    words = {word for word, count in uses.items() if count >= FEWEST_USES}
    corrector = SpellingCorrector(word for word in words if word.isalpha())
    return TextReader(load_spacy(), read_chat_spelling(), corrector)


class CachedEncoder:
    """Encodes each text once, however often it is asked."""

    def __init__(self) -> None:
        self.encode = lru_cache(maxsize=None)(SentenceEncoder().encode)

    def encode_all(self, texts: Iterable[str]) -> list[Encoded]:
        """Returns the vectors of many texts."""
        return [self.encode(text) for text in texts]
