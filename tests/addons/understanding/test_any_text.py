"""Whatever a patient sends: nothing raises, and places lie inside the text."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addons.safety.triage import LEVELS
from addons.understanding.commands import read_button, read_choice
from addons.understanding.planner import MOST_QUESTIONS, Planner, Thresholds
from addons.understanding.questions import MOST_SEGMENTS, split_questions
from addons.understanding.search import Passage
from addons.understanding.text import ReadText, clean, fold
from addons.understanding.topic_model import TopicScores
from tests.addons.helpers import NOWHERE, judge_of, reader, rule

RULES = judge_of(
    rule("can't/cannot ... feel ... leg/arm", id="FEEL", level="urgent"),
    rule("chest ... pain/tight", id="CHEST", unless=["chest of drawers"]),
    rule("numb", id="NUMB", level="soon"),
)
WORDS = st.sampled_from(
    ["can’t", "CAN'T", "feel", "my", "leg", "Legs", "chest", "pain", "no", "but", "…",
     "numb", "how", "much", "and", "can", "i", "?", ".", "\n", "😀", "½", "İ", "ß", "ﬁ",
     "e\u0301", "\u202e", "\x00", "//", "button:x"]
)  # fmt: skip
MESSAGES = st.text(max_size=200) | st.lists(WORDS, max_size=40).map(" ".join)
LABELS = ("faq/cost", "faq/hours", "greet", "book_appointment", "out_of_scope_far")
# Loading spaCy falls into the first example.
unhurried = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow]
)


@unhurried
@given(MESSAGES)
def test_judging_gives_a_known_level_and_places_inside_the_text(text):
    triage = RULES.judge(text)

    assert triage.level in LEVELS
    assert (triage.level == "none") == (triage.flags == ())
    for flag in triage.flags:
        assert 0 <= flag.start < flag.end <= len(text)
        assert flag.text == text[flag.start : flag.end]


@unhurried
@given(MESSAGES)
def test_reading_gives_places_inside_the_text_and_no_empty_sentence(text):
    reading = reader().read(text)

    assert reading.original == text
    assert all(text[t.start : t.end] == t.text for t in reading.tokens)
    assert all(sentence.strip() for sentence in reading.sentences)
    assert reader().lemmas(text) == [lemma for lemma in reader().lemmas(text) if lemma]


@unhurried
@given(MESSAGES)
def test_cleaning_and_folding_keep_every_place(text):
    assert len(clean(text)) == len(text)
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@unhurried
@given(MESSAGES)
def test_splitting_keeps_no_empty_segment(text):
    segments = split_questions(reader().read(text).sentences)

    assert len(segments) <= MOST_SEGMENTS
    assert all(any(c.isalnum() for c in segment.text) for segment in segments)


@unhurried
@given(MESSAGES)
def test_commands_are_read_from_any_text(text):
    for command in (read_button(text), read_choice(text)):
        assert command is None or command.name


chances = st.lists(st.floats(0.001, 1.0), min_size=len(LABELS), max_size=len(LABELS))


@unhurried
@given(MESSAGES, st.lists(chances, min_size=1, max_size=14), st.floats(0.0, 1.0))
def test_every_message_gets_a_plan_whatever_the_scores(text, rows, found):
    turns = iter(range(1_000))

    def score(part, encoded):
        row = rows[next(turns) % len(rows)]
        shares = ((label, x / sum(row)) for label, x in zip(LABELS, row, strict=True))
        return TopicScores(tuple(sorted(shares, key=lambda pair: -pair[1])), 1.0)

    def search(part, encoded):
        return [Passage("clinic#fees", found)]

    reading: ReadText = reader().read(text)
    planner = Planner(lambda part: NOWHERE, score, search, Thresholds())

    plan = planner.plan(reading)

    assert plan.intent in {*LABELS, "faq"}
    assert 0 <= plan.confidence <= 1.0001
    assert len(plan.questions) <= MOST_QUESTIONS
    assert bool(plan.questions) == (plan.intent in {"faq", "out_of_scope_far"})
