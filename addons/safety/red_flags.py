"""Finds red flags in a message by rules over lemmas, clause by clause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Span

from addons.safety.combinations import met
from addons.safety.context import Context, ContextReader
from addons.safety.patterns import PatternIndex, read, sentences
from addons.safety.rules import Rule, RuleBook
from addons.safety.triage import rank
from addons.understanding.folding import Folded, fold, respell

# A flag or sign that stands in more places than this is judged by the first of them.
MOST_PLACES = 4


@dataclass(frozen=True)
class Found:
    """A flag or a sign that the rules found, and what stands around it."""

    name: str
    level: str
    context: Context
    start: int
    end: int
    sentence: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Findings:
    """All flags and signs that the rules found in one message, one of each name."""

    flags: tuple[Found, ...]
    signs: tuple[Found, ...]


class RedFlagRules:
    """Matches all rules against a message.

    Where an `unless` pattern matches, its rule is silent in that sentence.
    """

    def __init__(self, book: RuleBook, nlp: Language, context: ContextReader) -> None:
        self._nlp = nlp
        self._context = context
        self._levels = {rule.id: rule.level for rule in book.rules}
        self._rules = book.rules
        self._lasting = {s.name for s in book.signs if s.history} | {
            rule.id for rule in book.rules if rule.history
        }
        self._raising = PatternIndex(nlp)
        self._doubtful = PatternIndex(nlp)
        self._silencing = PatternIndex(nlp)
        for name, patterns, unless in _wordings(book):
            _add_all(self._raising, name, patterns)
            _add_all(self._silencing, name, unless)
        for rule in book.rules:
            _add_all(self._doubtful, rule.id, rule.doubtful)

    @property
    def vocabulary(self) -> frozenset[str]:
        """All words that may raise a flag."""
        return self._raising.vocabulary | self._doubtful.vocabulary

    def find(self, text: str) -> Findings:
        """Returns what the rules find in one message, whatever its context."""
        found = self._find(text, fold(text))
        if "\n" in text.strip():  # a line may end inside a sentence
            other = self._find(text, fold(text, line_end=" "))
            found = {**other, **found}
        combined = [*found.values(), *_combined(self._rules, found)]
        flags: dict[str, Found] = {}
        for one in combined:
            if one.name in self._levels:
                known = flags.get(one.name)
                if known is None or _weight(one) > _weight(known):
                    flags[one.name] = one
        signs = tuple(one for one in found.values() if one.name not in self._levels)
        return Findings(tuple(flags.values()), signs)

    def _find(self, text: str, folded: Folded) -> dict[str, Found]:
        folded = respell(folded, self._raising.knows)
        doc = read(self._nlp, folded.text)
        silent = {
            (name, sentence)
            for name, span in self._silencing.find(doc)
            for sentence in sentences(span)
        }
        places: dict[tuple[str, bool], list[Span]] = {}
        for doubtful, index in ((False, self._raising), (True, self._doubtful)):
            for name, span in index.find(doc):
                if not any((name, sentence) in silent for sentence in sentences(span)):
                    places.setdefault((name, doubtful), []).append(span)
        chosen = [
            (name, doubtful, span)
            for (name, doubtful), spans in places.items()
            for span in sorted(spans, key=len, reverse=True)[:MOST_PLACES]
        ]
        contexts = self._context.read_all([span for _, _, span in chosen])
        found: dict[str, Found] = {}
        for (name, doubtful, span), context in zip(chosen, contexts, strict=True):
            level = "check" if doubtful else self._levels.get(name, "none")
            one = self._found(name, level, span, context, text, folded)
            if name not in found or _weight(one) > _weight(found[name]):
                found[name] = one
        return found

    def _found(
        self,
        name: str,
        level: str,
        span: Span,
        context: Context,
        text: str,
        folded: Folded,
    ) -> Found:
        if name in self._lasting:
            context = _history_counts(context)
        first, last = span[0].sent, span[-1].sent
        sentence = folded.original(first.start_char, last.end_char)
        place = _place(span, text, folded)
        return Found(name, level, context, *place, sentence)


def _wordings(book: RuleBook) -> Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    for rule in book.rules:
        yield rule.id, rule.patterns, rule.unless
    for sign in book.signs:
        yield sign.name, sign.patterns, sign.unless


def _add_all(index: PatternIndex, name: str, patterns: Iterable[str]) -> None:
    for pattern in patterns:
        index.add(name, pattern)


def _combined(rules: Iterable[Rule], found: Mapping[str, Found]) -> list[Found]:
    """Returns the flags that come from signs and flags found together."""
    plain = {name for name, one in found.items() if not one.context.sure}
    added = []
    for flag, level, names in met(rules, plain):
        parts = [found[name] for name in names]
        likely = next((p.context.likely for p in parts if p.context.likely), "")
        anchor = parts[0]
        added.append(
            replace(anchor, name=flag, level=level, context=Context("", likely))
        )
    return added


def _weight(found: Found) -> tuple[bool, bool, int]:
    return (not found.context.sure, not found.context.likely, rank(found.level))


def _history_counts(context: Context) -> Context:
    gone = ("past", "resolved")
    return Context(
        "" if context.sure in gone else context.sure,
        "" if context.likely in gone else context.likely,
    )


def _place(span: Span, text: str, folded: Folded) -> tuple[int, int]:
    start, end = folded.original(span.start_char, span.end_char)
    # A pattern may begin inside a word: "n't feel" of "can't feel".
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    return start, end
