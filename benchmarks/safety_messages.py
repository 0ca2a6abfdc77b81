"""Judged messages: what rules and statistical layer say of each example."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from addons.safety.detector import RedFlagJudge
from addons.safety.learning.messages import Example, read_messages
from addons.safety.opinion import Scores, StatisticalLayer, Thresholds
from addons.safety.phrases import read_phrases
from addons.safety.red_flags import Findings
from addons.safety.triage import Triage

TUNING = "data/safety/messages/tune-*.tsv"
HELD_OUT = "tests/safety/messages/held-*.tsv"


@dataclass(frozen=True)
class Judged:
    """An example with what both layers found in it."""

    example: Example
    findings: Findings
    scores: Scores


class Bench:
    """Runs both layers once, so that thresholds can be tried quickly."""

    def __init__(self) -> None:
        self._layer = StatisticalLayer()
        self._judge = RedFlagJudge.from_folder(layer=self._layer)
        self.phrases = read_phrases()
        self.levels = {rule.id: rule.level for rule in self._judge.book.rules}

    def judged(self, examples: Iterable[Example]) -> list[Judged]:
        """Runs both layers over some examples."""
        found = [(e, self._judge.findings(e.text)) for e in examples]
        return [
            Judged(e, f, self._judge.scores(e.text, f, self._layer)) for e, f in found
        ]

    def detector(self, thresholds: Thresholds) -> RedFlagJudge:
        """Returns the whole detector."""
        return RedFlagJudge.from_folder(layer=self._layer, thresholds=thresholds)

    def triage(self, judged: Judged, thresholds: Thresholds | None) -> Triage:
        """Returns the outcome; by rules alone if there are no thresholds."""
        opinion = judged.scores.opinion(thresholds, self.levels) if thresholds else None
        return self._judge.combine(judged.example.text, judged.findings, opinion)


def read_passes(pattern: str) -> list[Example]:
    """Returns the examples of the passes that fit a pattern."""
    return read_messages(Path().glob(pattern))


def share(hits: Sequence[bool]) -> float:
    """Returns the share of hits, 0 if there is nothing to hit."""
    return sum(hits) / len(hits) if hits else 0.0
