"""Finds the wordings of the rules in a message, over words in dictionary form."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span

from addons.safety.memory import Memory
from addons.safety.rules import GAP

LONGEST_GAP = 4
MOST_KNOWN = 10_000
# How many words of a sentence are looked at together, and how many of them twice.
STRETCH = 90
OVERLAP = 30
SENTENCE_END = frozenset({".", "!", "?", ";", "\n"})

Spec = list[dict[str, Any]]
# A rule and the place of a match, in words from the start of a stretch.
Match = tuple[str, int, int]


class PatternIndex:
    """Patterns by their rarest words, so that few are tried on a message.

    A pattern is a row of words; `a/b` means either, `_` joins words, `...` stands for
    up to four words within a sentence. Words match in every form (leg, legs).
    """

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self._words: set[str] = set()
        # Whatever people type is looked up, so the memory of it is bounded.
        self.knows = lru_cache(maxsize=MOST_KNOWN)(self._knows)
        self._split: dict[str, list[tuple[str, str]]] = {}
        self._matchers: list[tuple[str, list[set[str]], Matcher]] = []
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._memory: Memory[list[Match]] = Memory()

    @property
    def vocabulary(self) -> frozenset[str]:
        """All words of all patterns, as they stand and in dictionary form."""
        return frozenset(self._words)

    def add(self, name: str, pattern: str) -> None:
        """Compiles one pattern of a rule."""
        slots = [self._slot(word) for word in pattern.split()]
        matcher = Matcher(self._nlp.vocab, validate=False)
        choices = itertools.product(*(specs for specs, _ in slots))
        matcher.add(name, [[*itertools.chain(*choice)] for choice in choices])
        needed = [words for _, words in slots if words]
        rarest = min(needed, key=self._commonness)
        for word in rarest:
            self._by_word[word].append(len(self._matchers))
        others = [words for words in needed if words is not rarest]
        self._matchers.append((name, others, matcher))

    def _commonness(self, words: set[str]) -> tuple[int, int]:
        return sum(self._nlp.vocab[word].is_stop for word in words), len(words)

    def find(self, doc: Doc) -> Iterator[tuple[str, Span]]:
        """Yields the rule and the place of each match, sentence by sentence."""
        seen: set[Match] = set()
        for start, end in _stretches(doc):
            stretch = doc[start:end]
            key = tuple((token.lower_, token.norm_) for token in stretch)
            for name, first, last in self._memory.recall(key, self._matches, stretch):
                place = (name, start + first, start + last)
                if place not in seen:
                    seen.add(place)
                    yield name, doc[place[1] : place[2]]

    def _matches(self, stretch: Span) -> list[Match]:
        words = {token.norm_ for token in stretch}
        tried = {i for word in words for i in self._by_word.get(word, ())}
        found: list[Match] = []
        for index in sorted(tried):
            name, needed, matcher = self._matchers[index]
            if all(not words.isdisjoint(slot) for slot in needed):
                found += [(name, first, last) for _, first, last in matcher(stretch)]
        return found

    def _knows(self, word: str) -> bool:
        """Says whether a word, in any form, stands in a pattern."""
        return all(
            token.is_stop or token.text in self._words or token.lemma_ in self._words
            for token in self._nlp(word)
        )

    def _slot(self, word: str) -> tuple[list[Spec], set[str]]:
        """Returns the ways to match one slot, and the words of which it needs one."""
        if word == GAP:
            filler = {"NORM": {"NOT_IN": sorted(SENTENCE_END)}, "OP": "?"}
            return [[filler] * LONGEST_GAP], set()
        single: set[str] = set()
        specs: list[Spec] = []
        firsts: set[str] = set()
        for option in word.split("/"):
            tokens = self._tokens(option)
            firsts.add(tokens[0][1])
            if len(tokens) == 1:
                single.add(tokens[0][1])
            else:  # joined words are meant as they stand: "i_took" is not "i take"
                specs.append([{"LOWER": lower} for lower, _ in tokens])
        if single:
            specs.append([{"NORM": {"IN": sorted(single)}}])
        return specs, firsts

    def _tokens(self, option: str) -> list[tuple[str, str]]:
        """Returns the words of an option as they stand and in dictionary form."""
        if option not in self._split:
            doc = read(self._nlp, option.replace("_", " "))
            self._split[option] = [(token.lower_, token.norm_) for token in doc]
            self._words |= {word for pair in self._split[option] for word in pair}
        return self._split[option]


def _stretches(doc: Doc) -> Iterator[tuple[int, int]]:
    """Yields each sentence; a very long one in parts that overlap.

    No pattern reaches over the end of a sentence, and none is longer than the overlap:
    so the work grows with the length of a text, and not with its square.
    """
    for sentence in doc.sents:
        start = sentence.start
        while sentence.end - start > STRETCH:
            yield start, start + STRETCH
            start += STRETCH - OVERLAP
        yield start, sentence.end


def read(nlp: Language, text: str) -> Doc:
    """Reads a folded text; the norm of each word is its dictionary form."""
    doc = nlp(text)
    for token in doc:
        token.norm_ = token.lemma_ or token.text
    return doc


def sentences(span: Span) -> set[int]:
    """Returns the sentences that a span touches, by the index of their first token."""
    return {span[0].sent.start, span[-1].sent.start}
