"""Decides what each question of a message gets: an answer, a choice, or a refusal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from addons.understanding.encoder import Encoded
from addons.understanding.questions import Segment, split_questions
from addons.understanding.search import Passage
from addons.understanding.text import ReadText
from addons.understanding.topic_model import TopicScores

Outcome = Literal["answer", "choose", "search", "unknown", "intent"]

TOPIC_PREFIX = "faq/"
OUT_OF_SCOPE = ("out_of_scope_near", "out_of_scope_far")
SOCIAL = frozenset({"greet", "thank", "goodbye", "affirm", "deny", "tell_more"})
REQUESTS = frozenset({"book_appointment", "ask_for_human"})
MOST_OPTIONS = 3
MOST_QUESTIONS = 3
STORY_WORDS = 45


@dataclass(frozen=True)
class Thresholds:
    """Chosen by `make thresholds` on questions kept apart from the examples."""

    answer: float = 0.5
    answer_beside_others: float = 0.4
    answer_in_story: float = 0.8
    settled: float = 0.95
    whole_beside_question: float = 0.75
    whole_in_story: float = 0.5
    option: float = 0.1
    refuse: float = 0.4
    passage: float = 0.6


@dataclass(frozen=True)
class Question:
    """One question of the message and what is to be done with it."""

    text: str
    outcome: Outcome
    scores: tuple[tuple[str, float], ...]
    options: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What the whole message asks for: questions, or one intent."""

    intent: str
    confidence: float
    questions: tuple[Question, ...] = field(default=())


class Planner:
    """Reads a message segment by segment and decides about each question."""

    def __init__(
        self,
        encode: Callable[[str], Encoded],
        score: Callable[[str, Encoded], TopicScores],
        search: Callable[[str, Encoded], list[Passage]],
        thresholds: Thresholds,
    ) -> None:
        self._encode = encode
        self._score = score
        self._search = search
        self._thresholds = thresholds

    def plan(self, reading: ReadText, encoded: Encoded | None = None) -> Plan:
        """Returns the plan for one readable message.

        Args:
            reading: the message in plain spelling.
            encoded: its vectors, if they are known already.
        """
        encoded = encoded or self._encode(reading.plain)
        whole = _Scored(reading.plain, encoded, self._score(reading.plain, encoded))
        segments = split_questions(reading.sentences)
        if len(segments) <= 1:
            return self._single(whole)
        if any(segment.asks for segment in segments):
            # What only tells the story is read with the whole message.
            segments = [s for s in segments if s.asks or s.parallel]
        scored = [self._scored_segment(segment) for segment in segments]
        content = [s for s in scored if s.scores.ranking[0][0] not in SOCIAL]
        is_story = len(reading.plain.split()) > STORY_WORDS
        limits = self._thresholds
        needed = limits.answer_in_story if is_story else limits.answer_beside_others
        weight = limits.whole_in_story if is_story else limits.whole_beside_question
        asking = self._asking(content)
        if len(asking) > 1:
            return self._several(asking, whole, needed)
        if len(asking) == 1:
            blended = _blend(whole.scores, asking[0].scores, weight)
            whole = _Scored(asking[0].text, asking[0].encoded, blended)
        elif len(content) == 1 and len(content) < len(scored):
            whole = content[0]
        return self._single(whole)

    def _single(self, scored: "_Scored") -> Plan:
        label, chance = scored.scores.ranking[0]
        is_topic = label.startswith(TOPIC_PREFIX)
        if not is_topic and label not in OUT_OF_SCOPE and chance >= 0.5:
            return Plan(label, chance)
        question = self._decide(scored, self._thresholds.answer)
        if question.outcome == "intent":
            return Plan(question.options[0], chance)
        if question.outcome == "unknown" and label in OUT_OF_SCOPE:
            return Plan(label, chance, (question,))
        return Plan("faq", chance, (question,))

    def _several(
        self, asking: list["_Scored"], whole: "_Scored", needed: float
    ) -> Plan:
        questions: list[Question] = []
        seen: set[tuple[str, ...]] = set()
        # A message that is surely about one thing, or about nothing here, hides a
        # further question only if that one is surer too.
        settled = whole.scores.ranking[0][1] >= self._thresholds.settled
        if settled or _outside(whole.scores) > self._thresholds.refuse:
            needed = max(needed, self._thresholds.answer_in_story)
        for scored in asking:
            question = self._decide(scored, needed)
            answered = question.outcome in {"answer", "intent"}
            if answered and question.options not in seen:
                seen.add(question.options)
                questions.append(question)
        if not questions:
            return self._single(whole)
        if len(questions) == 1:
            (found,) = [s for s in asking if s.text == questions[0].text][:1]
            blended = _blend(whole.scores, found.scores, 0.5)
            return self._single(_Scored(found.text, found.encoded, blended))
        confidence = questions[0].scores[0][1]
        return Plan("faq", confidence, tuple(questions[:MOST_QUESTIONS]))

    def _decide(self, scored: "_Scored", needed: float) -> Question:
        limits = self._thresholds
        ranking = scored.scores.ranking
        best, chance = ranking[0]
        top = ranking[:MOST_OPTIONS]
        if best in REQUESTS and chance >= needed:
            return Question(scored.text, "intent", top, (best,))
        if best.startswith(TOPIC_PREFIX) and chance >= needed:
            return Question(scored.text, "answer", top, (best,))
        if _outside(scored.scores) >= limits.refuse:
            return Question(scored.text, "unknown", top)
        options = tuple(
            label
            for label, likely in top
            if label.startswith(TOPIC_PREFIX) and likely >= limits.option
        )
        passages = tuple(
            p
            for p in self._search(scored.text, scored.encoded)
            if p.score >= limits.passage
        )
        if options:
            return Question(scored.text, "choose", top, options, passages)
        if passages:
            return Question(scored.text, "search", top, (), passages)
        return Question(scored.text, "unknown", top)

    def _asking(self, content: list["_Scored"]) -> list["_Scored"]:
        """Keeps the segments that ask, and sure ones joined to them by "and"."""
        if not any(s.segment.asks for s in content if s.segment):
            return []
        sure = self._thresholds.answer_in_story
        return [
            s
            for s in content
            if s.segment
            and (
                s.segment.asks
                or (s.segment.parallel and s.scores.ranking[0][1] >= sure)
            )
        ]

    def _scored_segment(self, segment: Segment) -> "_Scored":
        encoded = self._encode(segment.text)
        scores = self._score(segment.text, encoded)
        return _Scored(segment.text, encoded, scores, segment)


@dataclass(frozen=True)
class _Scored:
    text: str
    encoded: Encoded
    scores: TopicScores
    segment: Segment | None = None


def _outside(scores: TopicScores) -> float:
    """Returns how likely it is that no topic answers."""
    return sum(scores.of(label) for label in OUT_OF_SCOPE)


def _blend(whole: TopicScores, part: TopicScores, weight: float) -> TopicScores:
    """Returns the weighted geometric mean of two distributions, normalised."""
    first: Mapping[str, float] = dict(whole.ranking)
    product = {
        label: first[label] ** weight * p ** (1 - weight) for label, p in part.ranking
    }
    total = sum(product.values())
    shares = ((label, value / total) for label, value in product.items())
    ranking = sorted(shares, key=lambda pair: -pair[1])
    return TopicScores(tuple(ranking), max(whole.likeness, part.likeness))
