"""Reads a message with spaCy: tokens, lemmas, sentences, and plain spelling."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import spacy
from ruamel.yaml import YAML
from spacy.language import Language
from spacy.tokens import Doc

from addons.understanding.spelling import SpellingCorrector

CHAT_SPELLING_FILE = Path("data/language/chat_spelling.yml")
QUOTES = str.maketrans({"‘": "'", "’": "'", "`": "'", "´": "'", "“": '"', "”": '"'})
# spaCy's tokenizer needs seconds for thousands of symbols in a row.
SYMBOLS_IN_A_ROW = re.compile(r"[^\w\s]{20,}")
STRETCHED = re.compile(r"([a-z])\1{2,}", re.IGNORECASE)
WORD = re.compile(r"[\w'/]+")
SYMBOLS = frozenset({"So", "Sk", "Cf", "Co", "Cn", "Cc", "Me"})
SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Token:
    """A word of the original message, with its place and its dictionary form."""

    text: str
    start: int
    end: int
    lemma: str


@dataclass(frozen=True)
class ReadText:
    """A message as the rest of the pipeline sees it."""

    original: str
    tokens: tuple[Token, ...]
    sentences: tuple[str, ...]

    @property
    def plain(self) -> str:
        """The whole message in plain spelling."""
        return " ".join(self.sentences)

    @property
    def readable(self) -> bool:
        """Says whether the message holds a letter or a digit, in any script."""
        return any(character.isalnum() for character in self.plain)


@lru_cache(maxsize=1)
def load_spacy() -> Language:
    """Returns a blank English pipeline with sentences and looked-up lemmas.

    spaCy's trained pipelines are not needed: the tokenizer, the sentence rules and
    the lemma tables of `spacy-lookups-data` do not learn.
    """
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": [".", "!", "?", "…", "\n"]})
    nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    nlp.initialize()
    return nlp


class TextReader:
    """Turns what a person typed into tokens and sentences in plain spelling."""

    def __init__(
        self,
        nlp: Language,
        chat_spelling: dict[str, str],
        corrector: SpellingCorrector | None = None,
    ) -> None:
        self._nlp = nlp
        self._chat_spelling = chat_spelling
        self._corrector = corrector

    def read(self, text: str) -> ReadText:
        """Reads one message."""
        tokens = tuple(
            Token(
                text[t.idx : t.idx + len(t.text)],
                t.idx,
                t.idx + len(t.text),
                t.lemma_ or t.text,
            )
            for t in self._nlp(fold(text))
            if not t.is_space
        )
        plain = WORD.sub(self._plain_word, tidy(text))
        sentences = (SPACES.sub(" ", s.text).strip() for s in self._nlp(plain).sents)
        return ReadText(text, tokens, tuple(filter(None, sentences)))

    def _plain_word(self, match: re.Match[str]) -> str:
        word = match.group()
        lower = word.lower()
        if lower in self._chat_spelling:
            return self._chat_spelling[lower]
        if self._corrector and lower.isalpha():
            return self._corrector.correct(lower)
        return word

    def lemmas(self, text: str) -> list[str]:
        """Returns the content words of a text in dictionary form, for search."""
        doc: Doc = self._nlp(tidy(text).lower())
        return [
            token.lemma_ or token.text
            for token in doc
            if token.is_alpha and not token.is_stop
        ]


def clean(text: str) -> str:
    """Replaces halves of characters and long rows of symbols by spaces, in place."""
    whole = "".join(" " if "\ud800" <= c <= "\udfff" else c for c in text)
    return SYMBOLS_IN_A_ROW.sub(lambda row: " " * len(row.group()), whole)


def fold(text: str) -> str:
    """Unifies quotes, widths and case and drops symbols; keeps every place as it is."""
    return "".join(map(_fold_character, clean(text).translate(QUOTES)))


def _fold_character(character: str) -> str:
    if character == "…":
        return "."
    if _is_symbol(character):
        return " "
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def tidy(text: str) -> str:
    """Unifies quotes and widths, shortens stretched letters, drops symbols."""
    text = clean(text).translate(QUOTES).replace("…", ". ")
    text = STRETCHED.sub(r"\1\1", unicodedata.normalize("NFKC", text))
    return "".join(" " if _is_symbol(character) else character for character in text)


def _is_symbol(character: str) -> bool:
    return unicodedata.category(character) in SYMBOLS and character != "\n"


def read_chat_spelling(file: Path = CHAT_SPELLING_FILE) -> dict[str, str]:
    """Reads the list of texting forms."""
    forms: dict[Any, Any] = YAML(typ="safe").load(file)["chat_spelling"]
    return {str(form).lower(): str(meaning) for form, meaning in forms.items()}
