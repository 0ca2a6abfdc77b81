"""Finds the questions in a message, in order."""

import re
from dataclasses import dataclass

WH = r"how|what|where|when|why|which|who"
AUXILIARY = r"can|could|do|does|did|is|are|am|will|would|should|must|may|shall"
SUBJECT = (
    r"i|you|we|they|he|she|it|my|your|his|her|our|their|the|a|an|this|that|these|there"
    r"|one|people|someone|somebody|any|anyone"
)
OPENING = rf"(?:(?:{WH})\b|(?:{AUXILIARY})\s+(?:{SUBJECT})\b)"
LEAD = r"(?:(?:and|so|but|or|also|then|ok|okay|please|hi|hello|hey|now|oh)[\s,]+)*"
# "and can I", "also where", ", do you": a joint between two questions.
JOINT = re.compile(
    rf"(?:(?:,\s*|\s+)(?:and\s+also|and\s+then|oh\s+and|btw|and|also|plus|but|or)\s+"
    rf"|\s*[,;]\s*)(?={OPENING})",
    re.IGNORECASE,
)
# Two questions run together: "... it take how much does it cost".
RUN_ON = re.compile(
    r"\s+(?=(?:how\s+(?:long|much|many|often|do|does|is|are|can)"
    r"|where\s+(?:is|are|do|can)|when\s+(?:is|are|do|can|will)"
    r"|(?:can|should|must|may|do|could|will)\s+(?:i|you)|what\s+(?:is|are|do|time))\b)",
    re.IGNORECASE,
)
ASKS = re.compile(rf"(?:^{LEAD}|,\s*{LEAD}){OPENING}", re.IGNORECASE)
# Questions in other clothes: "tell me", "I was wondering", "yes or no".
ASKS_INDIRECTLY = re.compile(
    r"\b(?:tell\s+me|let\s+me\s+know|(?:like|want|need)\s+to\s+know|wondering|explain"
    r"|advise|or\s+not|or\s+what|please\s+(?:give|send|take|move|cancel|shift|say))\b",
    re.IGNORECASE,
)
MOST_SEGMENTS = 12
FEWEST_WORDS = 3
LONGEST_PARALLEL = 14


@dataclass(frozen=True)
class Segment:
    """A stretch of a message; `parallel` if it is joined to a question by "and"."""

    text: str
    asks: bool
    parallel: bool = False


def split_questions(sentences: tuple[str, ...]) -> list[Segment]:
    """Splits sentences into segments that each ask or say one thing.

    Only the first and the last few segments of a very long message are kept: the
    question stands at one of the ends.
    """
    segments: list[Segment] = []
    for sentence in sentences:
        pieces = [part for joint in JOINT.split(sentence) for part in _run_on(joint)]
        pieces = [piece.strip(" ,;-") for piece in pieces]
        pieces = [p for p in pieces if any(c.isalnum() for c in p)]
        joined = len(pieces) > 1
        segments += [
            Segment(p, asks(p), joined and len(p.split()) <= LONGEST_PARALLEL)
            for p in pieces
        ]
    if len(segments) > MOST_SEGMENTS:
        half = MOST_SEGMENTS // 2
        segments = segments[:half] + segments[-half:]
    return segments


def asks(text: str) -> bool:
    """Says whether a text has the form of a question."""
    return (
        text.rstrip().endswith("?")
        or bool(ASKS.search(text))
        or bool(ASKS_INDIRECTLY.search(text))
    )


# "how many times" still waits for its verb, so "must I come" belongs to it.
WAITING = re.compile(
    rf"\b(?:{WH})\b(?!.*\b(?:{AUXILIARY}|was|were|has|have|had|take|takes|cost|costs)\b)",
    re.IGNORECASE,
)


def _run_on(piece: str) -> list[str]:
    """Splits before an opener, if what stands before it is a sentence by itself."""
    parts = RUN_ON.split(piece)
    joined = [parts[0]]
    for part in parts[1:]:
        before = joined[-1]
        if len(before.split()) > FEWEST_WORDS and not WAITING.search(before):
            joined.append(part)
        else:
            joined[-1] += f" {part}"
    return joined
