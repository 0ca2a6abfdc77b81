"""Finds red flags in a message by rules over lemmas, clause by clause."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span

from addons.understanding.errors import SafetyRuleError
from addons.understanding.text import load_spacy, tidy

Status = Literal[
    "present", "uncertain", "negated", "hypothetical", "past", "other_person"
]

RULES_FILE = Path("data/safety/red_flags.yml")
LEVELS = ("none", "card", "check", "soon", "urgent", "emergency")
RAISING = frozenset({"present", "uncertain"})
KEYS = frozenset(
    {"id", "level", "condition", "family", "patterns", "unless", "source", "reviewer"}
)
LONGEST_GAP = 4
GAP = "..."
# What cancels a rule, where it stands in the same clause before the words it is about.
DENIALS = frozenset(
    {"no", "not", "never", "without", "n't", "nt", "deny", "nor", "neither"}
)
CLAUSE_END = frozenset(
    {"but", "except", "although", "though", "however", "only", "now"}
)
SENTENCE_END = frozenset({".", "!", "?", ";", "\n"})
DENIAL_REACH = 5


@dataclass(frozen=True)
class Rule:
    """One red flag of the specification and the wordings that raise it."""

    id: str
    level: str
    condition: str
    family: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...]
    source: str
    reviewer: str


@dataclass(frozen=True)
class Flag:
    """A red flag found in one message, with its place in the original text."""

    id: str
    level: str
    status: Status
    start: int
    end: int
    text: str
    via: Literal["rule", "model"]
    family: str


@dataclass(frozen=True)
class Triage:
    """What one message says about danger, judged by itself."""

    level: str
    flags: tuple[Flag, ...]

    @property
    def raised(self) -> tuple[Flag, ...]:
        """The flags that count, the gravest first."""
        found = [flag for flag in self.flags if flag.status in RAISING]
        return tuple(sorted(found, key=lambda flag: -LEVELS.index(flag.level)))


class RedFlagRules:
    """Matches all rules against a message.

    A pattern is a row of words; `a/b` means either, `_` joins words, `...` stands for
    up to four words. Words match in every form (leg, legs). A rule is silent if one of
    its `unless` patterns matches too.
    """

    def __init__(self, rules: Sequence[Rule], nlp: Language | None = None) -> None:
        self._nlp = nlp or load_spacy()
        self._rules = {rule.id: rule for rule in rules}
        self._raise = self._matcher((rule.id, rule.patterns) for rule in rules)
        self._quiet = self._matcher((rule.id, rule.unless) for rule in rules)

    def judge(self, text: str) -> Triage:
        """Returns the level and the flags of one message."""
        doc = self._read(text)
        quiet = {self._nlp.vocab.strings[key] for key, _, _ in self._quiet(doc)}
        longest: dict[str, tuple[int, int]] = {}
        for key, start, end in self._raise(doc):
            name = self._nlp.vocab.strings[key]
            known = longest.get(name, (0, 0))
            if name not in quiet and end - start > known[1] - known[0]:
                longest[name] = (start, end)
        flags = tuple(
            self._flag(self._rules[name], doc[start:end], text)
            for name, (start, end) in longest.items()
        )
        return Triage(_level(flags), flags)

    def _flag(self, rule: Rule, span: Span, text: str) -> Flag:
        start, end = span.start_char, span.end_char
        status: Status = "negated" if _denied(span) else "present"
        return Flag(
            id=rule.id,
            level=rule.level,
            status=status,
            start=start,
            end=end,
            text=text[start:end],
            via="rule",
            family=rule.family,
        )

    def _read(self, text: str) -> Doc:
        """Reads a text without changing its length, so that places stay true."""
        folded = tidy(text)
        return self._nlp(folded if len(folded) == len(text) else text)

    def _matcher(self, rows: Iterable[tuple[str, tuple[str, ...]]]) -> Matcher:
        matcher = Matcher(self._nlp.vocab)
        for name, patterns in rows:
            compiled = [c for pattern in patterns for c in self._compile(pattern)]
            if compiled:
                matcher.add(name, compiled)
        return matcher

    def _compile(self, pattern: str) -> list[list[dict[str, Any]]]:
        """Returns the spaCy patterns of one row of words."""
        slots = [self._slot(word) for word in pattern.split()]
        return [
            [token for part in choice for token in part]
            for choice in itertools.product(*slots)
        ]

    def _slot(self, word: str) -> list[list[dict[str, Any]]]:
        if word == GAP:
            filler = {"LOWER": {"NOT_IN": sorted(SENTENCE_END)}, "OP": "?"}
            return [[filler] * LONGEST_GAP]
        single: set[str] = set()
        longer: list[list[dict[str, Any]]] = []
        for option in word.split("/"):
            tokens = self._nlp(option.replace("_", " "))
            if len(tokens) == 1:
                single |= {tokens[0].lower_, tokens[0].lemma_.lower()}
            else:
                longer.append([{"LOWER": token.lower_} for token in tokens])
        found = longer
        if single:
            words = sorted(single)
            found = [[{"LOWER": {"IN": words}}], [{"LEMMA": {"IN": words}}], *longer]
        return found


def _denied(span: Span) -> bool:
    """Says whether a denial stands shortly before the span in the same clause."""
    for token in reversed(span.doc[max(0, span.start - DENIAL_REACH) : span.start]):
        if token.lower_ in CLAUSE_END or token.text in SENTENCE_END:
            return False
        if token.lower_ in DENIALS:
            return True
    return False


def _level(flags: Sequence[Flag]) -> str:
    if not flags:
        return "none"
    levels = [flag.level if flag.status in RAISING else "card" for flag in flags]
    return max(levels, key=LEVELS.index)


def read_rules(file: Path = RULES_FILE) -> list[Rule]:
    """Reads the rules.

    Raises:
        SafetyRuleError: the file is missing or breaks the format, with file and line.
    """
    try:
        tree = YAML(typ="rt").load(file)
    except OSError as error:
        raise SafetyRuleError(
            f"{file}: cannot be read ({error.strerror}). The assistant must not start "
            "without its safety rules; put the file back."
        ) from error
    except YAMLError as error:
        raise SafetyRuleError(
            f"{file}: not valid YAML: {' '.join(str(error).split())}. Correct it."
        ) from error
    entries = (tree or {}).get("red_flags") or []
    if not entries:
        raise SafetyRuleError(f"{file}: holds no rules under `red_flags:`.")
    rules = [_rule(entry, f"{file}:{entry.lc.line + 1}") for entry in entries]
    for earlier, later in itertools.combinations(range(len(rules)), 2):
        if rules[earlier].id == rules[later].id:
            raise SafetyRuleError(
                f"{file}:{entries[later].lc.line + 1}: id '{rules[later].id}' is used "
                f"twice, first at line {entries[earlier].lc.line + 1}. Rename one."
            )
    return rules


def _rule(entry: Any, where: str) -> Rule:
    unknown = sorted(set(entry) - KEYS)
    if unknown:
        raise SafetyRuleError(
            f"{where}: unknown key '{unknown[0]}'. Known: {', '.join(sorted(KEYS))}."
        )
    missing = sorted(KEYS - {"unless", "reviewer", "family"} - set(entry))
    if missing:
        raise SafetyRuleError(f"{where}: '{missing[0]}' is missing. Add it.")
    if entry["level"] not in LEVELS:
        raise SafetyRuleError(
            f"{where}: level '{entry['level']}' is unknown. Use one of "
            f"{', '.join(LEVELS)}."
        )
    patterns = [str(p) for p in entry["patterns"] or []]
    unless = [str(p) for p in entry.get("unless") or []]
    for pattern in [*patterns, *unless]:
        if not re.search(r"\w", pattern) or GAP in {*pattern.split()[:1]}:
            raise SafetyRuleError(
                f"{where}: pattern '{pattern}' must begin with a word. Correct it."
            )
    if not patterns:
        raise SafetyRuleError(f"{where}: has no patterns. Add at least one.")
    return Rule(
        id=str(entry["id"]),
        level=str(entry["level"]),
        condition=str(entry["condition"]),
        family=str(entry.get("family") or "general"),
        patterns=tuple(patterns),
        unless=tuple(unless),
        source=str(entry["source"]),
        reviewer=str(entry.get("reviewer") or ""),
    )
