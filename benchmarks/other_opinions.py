"""What others would say of the same messages: a keyword list, stock negation tools."""

from collections.abc import Callable, Sequence

import spacy
from medspacy.context import ConText
from negspacy.negation import Negex  # noqa: F401 - adds the factory "negex"
from spacy.language import Language
from spacy.tokens import Doc, Span

from addons.safety.opinion import Thresholds
from addons.safety.red_flags import Found
from addons.safety.triage import highest
from benchmarks.safety_messages import Bench, Judged

LABEL = "FLAG"


def other_opinions(
    bench: Bench, judged: Sequence[Judged], thresholds: Thresholds
) -> dict[str, list[str]]:
    """Returns the level of each message by each way to judge."""
    negex, context = _negex(), _context()
    return {
        "keyword list": [_keywords(bench, j) for j in judged],
        "our rules, no context": [_of_spans(bench, j, None) for j in judged],
        "our rules, negspacy": [_of_spans(bench, j, negex) for j in judged],
        "our rules, stock ConText": [_of_spans(bench, j, context) for j in judged],
        "our rules, our context": [bench.triage(j, None).level for j in judged],
        "statistical layer alone": [
            j.scores.opinion(thresholds, bench.levels).level for j in judged
        ],
        "together": [bench.triage(j, thresholds).level for j in judged],
    }


def _keywords(bench: Bench, judged: Judged) -> str:
    text = judged.example.text.lower()
    return highest(
        phrase.level
        for phrase in bench.phrases
        if not phrase.is_trap and phrase.text.lower() in text
    )


Silenced = Callable[[str, int, int], bool]


def _of_spans(bench: Bench, judged: Judged, silenced: Silenced | None) -> str:
    text = judged.example.text

    def counts(found: Found) -> bool:
        return silenced is None or not silenced(text, found.start, found.end)

    return highest(f.level if counts(f) else "card" for f in judged.findings.flags)


def _span(nlp: Language, text: str, start: int, end: int) -> tuple[Doc, Span | None]:
    doc = nlp.make_doc(text)
    for name, part in nlp.pipeline:
        if name == "sentencizer":
            part(doc)
    return doc, doc.char_span(start, end, label=LABEL, alignment_mode="expand")


def _negex() -> Silenced:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    negex = nlp.add_pipe("negex")

    def silenced(text: str, start: int, end: int) -> bool:
        doc, span = _span(nlp, text, start, end)
        if span is None:
            return False
        doc.ents = [span]
        negex(doc)
        return bool(doc.ents[0]._.negex)

    return silenced


def _context() -> Silenced:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    context = ConText(nlp)

    def silenced(text: str, start: int, end: int) -> bool:
        doc, span = _span(nlp, text, start, end)
        if span is None:
            return False
        doc.ents = [span]
        context(doc)
        found = doc.ents[0]._
        return bool(
            found.is_negated
            or found.is_historical
            or found.is_hypothetical
            or found.is_family
        )

    return silenced
