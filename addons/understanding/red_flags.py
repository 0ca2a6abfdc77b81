"""Finds red flags in a message by rules over lemmas, clause by clause."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span, Token

from addons.understanding.folding import Folded, fold, respell
from addons.understanding.red_flag_rules import GAP, Rule
from addons.understanding.text import load_spacy
from addons.understanding.triage import Flag, Triage, level_of

LONGEST_GAP = 4
SENTENCE_END = frozenset({".", "!", "?", ";", "\n"})
# What denies a sign that follows: "no numbness", "I do not have any numbness".
DENIALS = frozenset(
    {"no", "not", "n't", "nt", "never", "without", "deny", "denies", "nor", "neither"}
)
# "No fever, chest pain or numbness" denies all three; without such a word a comma
# ends the denial.
LIST_ENDS = frozenset({"or", "nor"})
# Only these words may stand between a denial and the sign: "no idea why my groin is
# numb" denies nothing, and a sign that is wrongly taken for denied can cost a life.
LIGHT_WORDS = frozenset(
    """
    a an the any my his her their your our more other such real kind sort have has had
    having get gets got getting feel feels feeling felt experience experienced
    experiencing notice noticed lost lose losing loss been is are there 've suffer
    suffering all
    """.split()  # noqa: SIM905
)
CONNECTORS = frozenset({",", "or", "nor", "in", "of", "with", "from"})
# Another sign may stand between too, if a connector follows it: "no fever or numbness".
SIGNS = frozenset(
    """
    problem problems trouble issue issues sign signs symptom symptoms numb numbness
    tingling tingle pins needles weakness weak pain pains painful fever chills bleeding
    swelling bladder bowel bowels leg legs chest back groin saddle arm face incontinence
    """.split()  # noqa: SIM905
)
# "I can't sleep, my groin is numb": a lost ability denies nothing that follows.
ABILITIES = frozenset({"ca", "can", "could", "wo", "will", "would"})
# "never had chest pain like this": it is there now.
NEVER_BEFORE = frozenset({"like", "before", "until"})
DENIAL_REACH = 8
AFTER_REACH = 3

Spec = list[dict[str, Any]]


class RedFlagRules:
    """Matches all rules against a message.

    A pattern is a row of words; `a/b` means either, `_` joins words, `...` stands for
    up to four words within a sentence. Words match in every form (leg, legs). Where an
    `unless` pattern matches, its rule is silent in that sentence.
    """

    def __init__(self, rules: Sequence[Rule], nlp: Language | None = None) -> None:
        self._nlp = nlp or load_spacy()
        self._rules = {rule.id: rule for rule in rules}
        self._raising = _PatternIndex(self._nlp)
        self._silencing = _PatternIndex(self._nlp)
        for rule in rules:
            for pattern in rule.patterns:
                self._raising.add(rule.id, pattern)
            for pattern in rule.unless:
                self._silencing.add(rule.id, pattern)

    def judge(self, text: str) -> Triage:
        """Returns the level and the flags of one message."""
        triage = self._judge(text, fold(text))
        if "\n" in text.strip():  # a line may end inside a sentence
            triage = _joined(triage, self._judge(text, fold(text, line_end=" ")))
        return triage

    def _judge(self, text: str, folded: Folded) -> Triage:
        folded = respell(folded, self._raising.knows)
        doc = _read(self._nlp, folded.text)
        silent = {
            (name, sentence)
            for name, span in self._silencing.find(doc)
            for sentence in _sentences(span)
        }
        best: dict[str, tuple[bool, int, Span]] = {}
        for name, span in self._raising.find(doc):
            if any((name, sentence) in silent for sentence in _sentences(span)):
                continue
            rank = (not _denied(span), len(span), span)
            if name not in best or rank[:2] > best[name][:2]:
                best[name] = rank
        flags = tuple(
            _flag(self._rules[name], span, text, folded, present)
            for name, (present, _, span) in best.items()
        )
        return Triage(level_of(flags), flags)


class _PatternIndex:
    """Patterns by the words they begin with, so that few are tried on a message."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self._words: set[str] = set()
        self._known: dict[str, bool] = {}
        self._split: dict[str, list[tuple[str, str]]] = {}
        self._matchers: list[tuple[str, list[set[str]], Matcher]] = []
        self._by_first_word: dict[str, list[int]] = defaultdict(list)

    def add(self, name: str, pattern: str) -> None:
        """Compiles one pattern of a rule."""
        slots = [self._slot(word) for word in pattern.split()]
        matcher = Matcher(self._nlp.vocab, validate=False)
        choices = itertools.product(*(specs for specs, _ in slots))
        matcher.add(name, [[*itertools.chain(*choice)] for choice in choices])
        needed = [words for _, words in slots if words]
        for word in needed[0]:
            self._by_first_word[word].append(len(self._matchers))
        self._matchers.append((name, needed[1:], matcher))

    def find(self, doc: Doc) -> Iterator[tuple[str, Span]]:
        """Yields the rule and the place of each match."""
        words = {token.norm_ for token in doc}
        tried = {i for word in words for i in self._by_first_word.get(word, ())}
        for index in sorted(tried):
            name, needed, matcher = self._matchers[index]
            if all(not words.isdisjoint(slot) for slot in needed):
                for _, start, end in matcher(doc):
                    yield name, doc[start:end]

    def knows(self, word: str) -> bool:
        """Says whether a word, in any form, stands in a pattern."""
        if word not in self._known:
            tokens = self._nlp(word)
            self._known[word] = all(
                token.is_stop
                or token.text in self._words
                or token.lemma_ in self._words
                for token in tokens
            )
        return self._known[word]

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
            doc = _read(self._nlp, option.replace("_", " "))
            self._split[option] = [(token.lower_, token.norm_) for token in doc]
            self._words |= {word for pair in self._split[option] for word in pair}
        return self._split[option]


def _joined(triage: Triage, other: Triage) -> Triage:
    """Adds what is raised in another reading of the same message."""
    known = {flag.id for flag in triage.raised}
    added = tuple(flag for flag in other.raised if flag.id not in known)
    flags = (*triage.flags, *added)
    return Triage(level_of(flags), flags)


def _read(nlp: Language, text: str) -> Doc:
    """Reads a folded text; the norm of each word is its dictionary form."""
    doc = nlp(text)
    for token in doc:
        token.norm_ = token.lemma_ or token.text
    return doc


def _sentences(span: Span) -> set[int]:
    """Returns the sentences that a span touches, by the index of their first token."""
    return {span[0].sent.start, span[-1].sent.start}


def _denied(span: Span) -> bool:
    """Says whether a denial stands before the span, with little in between."""
    past_comma = False
    for token in reversed(span.doc[max(0, span.start - DENIAL_REACH) : span.start]):
        word = token.lower_
        if word in DENIALS:
            bare = (
                token.nbor(1).text == ","
            )  # "no, I have chest pain" answers a question
            if bare or _of_ability(token) or _never_before(word, span):
                return False
            return not past_comma or _is_list(token)
        if word in SIGNS:
            if token.nbor(1).lower_ not in CONNECTORS:
                return False
        elif word not in LIGHT_WORDS | CONNECTORS:
            return False
        past_comma = past_comma or word == ","
    return False


def _is_list(denial: Token) -> bool:
    rest = denial.doc[denial.i : denial.sent.end]
    return any(token.lower_ in LIST_ENDS for token in rest)


def _never_before(word: str, span: Span) -> bool:
    after = span.doc[span.end : span.end + AFTER_REACH]
    return word == "never" and any(token.lower_ in NEVER_BEFORE for token in after)


def _of_ability(token: Token) -> bool:
    return token.i > 0 and token.nbor(-1).lower_ in ABILITIES


def _flag(rule: Rule, span: Span, text: str, folded: Folded, present: bool) -> Flag:
    start, end = folded.original(span.start_char, span.end_char)
    # A pattern may begin inside a word: "n't feel" of "can't feel".
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    return Flag(
        id=rule.id,
        level=rule.level,
        status="present" if present else "negated",
        start=start,
        end=end,
        text=text[start:end],
        via="rule",
        family=rule.family,
    )
