"""Leaves out the parts of an answer that are about something else than a day."""

import re
from dataclasses import dataclass

STOP = "stop"
QUESTION = "question"
EMPTY = "empty"
OTHER = "other"

BORDER = re.compile(
    r"[.;!?\n]+(?=\s|$)|,(?=\s|$)| (?=(?:so|because|and so|omdat) )"
    r"| (?=(?:can|could|may) (?:i|we|you|u) )| (?=i (?:would|need|want|prefer) )"
    r"| (?=but (?:i|my|it|we|can|could) )"
)
DAY = re.compile(
    r"\b(?:\w+day|mon|tues|wed|thurs?|fri|sat|sun|[a-z]+days|tomorrow|weeks?|months?"
    r"|weekends?|asap|tonight|\d{1,2}(?:st|nd|rd|th)|\d{1,2}[/.-]\d{1,2}|any(?:time)?"
    r"|whenever|mornings?|afternoons?|evenings?|midday)\b"
)
REQUEST = re.compile(
    r"\b(?:please|can i|could i|may i|i would|i want|i need|i prefer|come|book|see me"
    r"|appointment|slot|asap)\b"
)
SYMPTOM = re.compile(
    r"\b(?:pain\w*|hurt\w*|sore\w*|ache\w*|aching|numb\w*|spasm\w*|stiff\w*|swell\w*"
    r"|swollen|fever|injur\w+|fell|fallen|worse|started|began|since|happened|killing"
    r"|tingl\w+|dizzy|cramp\w*|locked|pulled|sprain\w*|bleed\w*|blood|seer|pyn|eina"
    r"|buhlungu|symptoms?)\b"
)
PAST = re.compile(r"\b(?:was|were)\b(?! (?:hoping|thinking|wondering|looking))")
ASKS = re.compile(
    r"^(?:when|what|which|how) "
    r"|^(?:can|could|do|does|is|are|will|would|should|must|may) "
    r"(?:i|you|u|we|it|the|there|my)\b"
)
TASK = re.compile(
    r"\b(?:i|we|ek) (?:only )?(?:work|werk|fetch|study|teach|collect|pick|drop|travel"
    r"|fly|start|finish|knock)\b"
)
QUESTIONS = re.compile(
    r"\bhow (?:much|long|many|far|do|does|is|are|old)\b|\b(?:where|who|why)\b"
    r"|\bwhat (?!do you have on)(?:time|is|are|does|do|days?|hours)\b"
    r"|\bwhen (?:do|are|is|does) (?:you|u|the)\b|\bhoeveel\b|\bis julle oop\b"
    r"|\b(?:are|is|do|does) (?:you|u|the clinic|it) (?:open|close|closed|take|accept"
    r"|work|treat|see|do|still)\b"
)
STOPS = re.compile(
    r"^(?:(?:no|nee|actually|sorry|oh|ok|okay|ag|please|i|just)\b[ ,]*)*"
    r"(?:never ?mind|nvm|forget (?:it|about|this|that)|stop|cancel|quit|exit|abort"
    r"|leave it|(?:have )?changed my mind|do not want|don'?t want|no longer"
    r"|not any ?more|los (?:dit|maar)|toemaar|nee dankie|no,? (?:thanks?|thank you)"
    r"|thanks? but no|hou op)\b"
)


@dataclass(frozen=True)
class Heard:
    """What is left of an answer, and what the rest was about.

    Attributes:
        text: the clauses that may name a day.
        kind: what the answer is if they name none.
        left_out: whether clauses were left out.
    """

    text: str
    kind: str
    left_out: bool = False


def relevant(text: str) -> Heard:
    """Splits an answer into clauses and keeps those that may name a day."""
    if not re.search(r"\w", text):
        return Heard("", EMPTY)
    clauses = [clause.strip() for clause in BORDER.split(text) if clause.strip()]
    kinds = [_kind(clause) for clause in clauses]
    kept = [clause for clause, kind in zip(clauses, kinds, strict=True) if not kind]
    seen = [kind for kind in (STOP, QUESTION, OTHER) if kind in kinds]
    if not seen and (text.rstrip().endswith("?") or ASKS.search(text)):
        seen = [QUESTION]
    return Heard(" , ".join(kept), seen[0] if seen else OTHER, len(kept) < len(kinds))


def _kind(clause: str) -> str:
    """Returns what a clause is about, empty if it may name a day."""
    if QUESTIONS.search(clause):
        return QUESTION
    if SYMPTOM.search(clause):
        return "" if REQUEST.search(clause) and DAY.search(clause) else OTHER
    if STOPS.search(clause):
        return "" if DAY.search(clause) else STOP
    return OTHER if TASK.search(clause) or PAST.search(clause) else ""
