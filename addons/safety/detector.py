"""Judges a message: what the rules find, and what the statistical layer makes of it."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from addons.safety.context import ContextReader, read_context
from addons.safety.opinion import (
    HIGHEST,
    Opinion,
    Scores,
    StatisticalLayer,
    Thresholds,
)
from addons.safety.phrases import Phrase, PhraseFinder, read_phrases
from addons.safety.read_rules import read_rules
from addons.safety.red_flags import Findings, Found, RedFlagRules
from addons.safety.rules import RuleBook
from addons.safety.spelling import RedFlagSpelling
from addons.safety.triage import Flag, Status, Triage, highest, rank
from addons.understanding.folding import Folded
from addons.understanding.text import load_spacy

SAFETY_FOLDER = Path("data/safety")
# Sentences with a sign that are read by themselves, so that time stays bounded.
MOST_SENTENCES = 4
# How a context is called in the output.
STATUSES: dict[str, Status] = {
    "negated": "negated",
    "hypothetical": "hypothetical",
    "fiction": "hypothetical",
    "past": "past",
    "resolved": "past",
    "other_person": "other_person",
    "uncertain": "uncertain",
}
# What a rule found and the statistical layer does not believe counts as denied.
MISUNDERSTOOD = "negated"
# Said as a joke, thoughts of suicide are asked about all the same.
NEVER_TAKEN_BACK = "crisis"
# Whose emergency message says nothing of the body.
WORDED_APART = ("crisis", "overdose")
# What it only doubts is asked about.
DOUBTFUL = "uncertain"


class RedFlagJudge:
    """Combines rules and statistical layer.

    A rule that fires decides, with two exceptions. The words around a sign silence it
    if they leave no doubt, or if the statistical layer finds the message quiet too.
    And the statistical layer takes back what a rule found if it is very sure, of the
    message and of the sentence by itself (docs/safety.md has the measurements). What
    no rule knows, the statistical layer raises alone. Without it the rules judge by
    themselves.
    """

    def __init__(
        self,
        book: RuleBook,
        rules: RedFlagRules,
        layer: StatisticalLayer | None = None,
        thresholds: Thresholds | None = None,
        phrases: Iterable[Phrase] = (),
    ) -> None:
        self.book = book
        self._rules = rules
        self._layer = layer
        self._thresholds = thresholds or Thresholds()
        self._by_id = {rule.id: rule for rule in book.rules}
        self._levels = {rule.id: rule.level for rule in book.rules}
        self._apart = {rule.id for rule in book.rules if rule.family in WORDED_APART}
        self._spelling = RedFlagSpelling(rules.vocabulary)
        self._phrases = PhraseFinder(phrases)

    @classmethod
    def from_folder(
        cls,
        folder: Path = SAFETY_FOLDER,
        layer: StatisticalLayer | None = None,
        thresholds: Thresholds | None = None,
    ) -> "RedFlagJudge":
        """Reads the rules and the words of context."""
        nlp = load_spacy()
        book = read_rules(folder / "red_flags")
        context = ContextReader(nlp, read_context(nlp, folder / "context.yml"))
        rules = RedFlagRules(book, nlp, context)
        return cls(book, rules, layer, thresholds, read_phrases(folder / "phrases.tsv"))

    def judge(self, text: str) -> Triage:
        """Returns the level, the flags and the signs of one message.

        A copy in which typing errors are corrected towards the words of the rules is
        judged too; the graver outcome counts.
        """
        triage = self._judge(text)
        corrected = self._spelling.correct(text)
        if corrected is None:
            return triage
        return _graver(
            triage, _in_original(self._judge(corrected.text), corrected, text)
        )

    def judge_by_rules(self, text: str) -> Triage:
        """Returns the outcome without the statistical layer."""
        return self.combine(text, self.findings(text), None)

    def _judge(self, text: str) -> Triage:
        findings = self.findings(text)
        if self._layer is None or not text.strip():
            return self.combine(text, findings, None)
        scores = self.scores(text, findings, self._layer)
        return self.combine(
            text, findings, scores.opinion(self._thresholds, self._levels, self._apart)
        )

    def scores(self, text: str, findings: Findings, layer: StatisticalLayer) -> Scores:
        """Returns the scores of a message, its sentences with a sign, and phrases."""
        found = [one for one in findings.flags if not one.context.sure]
        if not found:
            return layer.scores(text)
        found.sort(key=lambda one: -rank(one.level))
        places = list(dict.fromkeys(one.sentence for one in found))[:MOST_SENTENCES]
        sentences = [text[start:end] for start, end in places]
        scores = layer.scores(text, sentences, self._phrases.find(text))
        # Nothing stands around it that could change what a phrase by itself means.
        alone = self._phrases.is_one(text)
        return replace(scores, at_phrases=HIGHEST) if alone else scores

    def findings(self, text: str) -> Findings:
        """Returns what the rules find, before the statistical layer is asked."""
        return self._rules.find(text)

    def combine(self, text: str, findings: Findings, opinion: Opinion | None) -> Triage:
        """Returns what rules and statistical layer say together."""
        quiet = opinion is not None and opinion.quiet
        flags = [self._flag(found, text, opinion) for found in findings.flags]
        if opinion is not None:
            flags += self._of_opinion(opinion, flags, text)
        return Triage(
            highest(flag.level for flag in flags),
            tuple(flags),
            tuple(
                sign.name
                for sign in findings.signs
                if sign.context.taken(quiet=quiet) in ("", "uncertain")
            ),
            opinion is not None and opinion.about_other,
        )

    def _flag(self, found: Found, text: str, opinion: Opinion | None) -> Flag:
        rule = self._by_id[found.name]
        context = found.context.taken(quiet=opinion is not None and opinion.quiet)
        asks = rule.family == NEVER_TAKEN_BACK
        if opinion is not None and opinion.silent and not asks:
            context = context or MISUNDERSTOOD
        elif opinion is not None and opinion.doubtful:
            context = context or DOUBTFUL
        level = found.level
        if context == "uncertain":
            level = min(level, "check", key=rank)
        elif context == "resolved":
            level = rule.resolved
        elif context:
            level = "card"
        status: Status = STATUSES.get(context, "present")
        if level == "check":
            status = "uncertain"
        part = text[found.start : found.end]
        return Flag(
            rule.id, level, status, found.start, found.end, part, "rule", rule.family
        )

    def _of_opinion(self, opinion: Opinion, flags: list[Flag], text: str) -> list[Flag]:
        """Returns what the statistical layer raises above the rules."""
        level = opinion.level
        # A rule that was only doubted knows best what it is.
        doubted = [
            flag.id
            for flag in flags
            if flag.status == "uncertain" and self._levels[flag.id] == level
        ]
        rule = self._by_id.get(doubted[0] if doubted else opinion.flag)
        if rule is None or rank(level) <= rank(highest(f.level for f in flags)):
            return []
        status: Status = "uncertain" if level == "check" else "present"
        return [Flag(rule.id, level, status, 0, len(text), text, "model", rule.family)]


def _graver(triage: Triage, other: Triage) -> Triage:
    """Returns one outcome with what the other one raises beyond it."""
    known = {flag.id: rank(flag.level) for flag in triage.flags}
    more = [f for f in other.flags if rank(f.level) > known.get(f.id, 0)]
    kept = [f for f in triage.flags if f.id not in {one.id for one in more}]
    flags = (*kept, *more)
    return replace(
        triage,
        level=highest(flag.level for flag in flags),
        flags=flags,
        signs=tuple(dict.fromkeys([*triage.signs, *other.signs])),
        about_other=triage.about_other or other.about_other,
    )


def _in_original(triage: Triage, corrected: Folded, text: str) -> Triage:
    """Returns the outcome with the places of the message as it was typed."""
    flags = []
    for flag in triage.flags:
        start, end = corrected.original(flag.start, max(flag.end, flag.start + 1))
        flags.append(replace(flag, start=start, end=end, text=text[start:end]))
    return replace(triage, flags=tuple(flags))
