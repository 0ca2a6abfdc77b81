import sys

import pytest

from addons.understanding.planner import (
    STORY_WORDS,
    Plan,
    Planner,
    Question,
    Thresholds,
)
from addons.understanding.search import Passage
from addons.understanding.text import ReadText
from addons.understanding.topic_model import TopicScores
from tests.addons.helpers import NOWHERE, scores

COST, HOURS = "how much is it", "when are you open"
BOOK, HELLO = "can i book a visit", "hello"
VAGUE, LOST, ODD = "is it about money", "does a yak sing", "which thing is that"
STORY = "i fell off my bike last week and landed on my back in the wet road"

# What the topic model says about each text; other labels get little.
SAYS = {
    COST: scores(faq__cost=0.9, faq__hours=0.05, greet=0.05),
    HOURS: scores(faq__hours=0.8, faq__cost=0.1, greet=0.1),
    "what does it cost": scores(faq__cost=0.75, faq__hours=0.15, greet=0.1),
    BOOK: scores(book_appointment=0.9, faq__cost=0.1),
    HELLO: scores(greet=0.95, faq__cost=0.05),
    "thanks": scores(thank=0.9, greet=0.1),
    VAGUE: scores(faq__cost=0.45, faq__hours=0.35, greet=0.15, faq__place=0.05),
    LOST: scores(out_of_scope_far=0.8, faq__cost=0.2),
    ODD: scores(book_appointment=0.3, faq__cost=0.09, faq__hours=0.08),
    STORY: scores(faq__cost=0.3, faq__hours=0.3, greet=0.2, book_appointment=0.2),
}
LABELS = ("faq/cost", "faq/hours", "faq/place", "greet", "thank", "book_appointment",
          "out_of_scope_far")  # fmt: skip
PASSAGES = [Passage("clinic#fees", 0.7), Passage("clinic#heat", 0.2)]


def score(text: str, _) -> TopicScores:
    """As above; a whole message gets the mean of what is said about its parts."""
    parts = [dict(SAYS[part].ranking) for part in SAYS if part in text]
    ranking = {
        label: sum(part.get(label, 0.02) for part in parts) / max(1, len(parts))
        for label in LABELS
    }
    return TopicScores(tuple(sorted(ranking.items(), key=lambda pair: -pair[1])), 1.0)


LIMITS = {
    "answer": 0.5,
    "answer_beside_others": 0.7,
    "answer_in_story": 0.8,
    "whole_beside_question": 0.5,
    "whole_in_story": 0.5,
    "option": 0.1,
    "refuse": 0.5,
    "passage": 0.6,
}


def plan(*sentences: str, passages: tuple = (), **limits: float) -> Plan:
    planner = Planner(
        lambda text: NOWHERE,
        score,
        lambda text, encoded: list(passages),
        Thresholds(**{**LIMITS, **limits}),
    )
    return planner.plan(ReadText(" ".join(sentences), (), sentences))


def outcomes(planned: Plan) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(q.text, q.outcome, q.options) for q in planned.questions]


def test_a_sure_topic_is_answered():
    assert plan(COST) == Plan(
        "faq",
        0.9,
        (
            Question(
                COST,
                "answer",
                (("faq/cost", 0.9), ("faq/hours", 0.05), ("greet", 0.05)),
                ("faq/cost",),
            ),
        ),
    )


def test_an_unsure_topic_offers_the_likely_ones_to_choose_from():
    planned = plan(VAGUE)
    assert planned.intent == "faq"
    assert outcomes(planned) == [(VAGUE, "choose", ("faq/cost", "faq/hours"))]


def test_a_question_without_a_likely_topic_is_answered_by_a_passage_found():
    planned = plan(ODD, passages=tuple(PASSAGES))

    assert planned.intent == "faq"
    assert outcomes(planned) == [(ODD, "search", ())]
    assert planned.questions[0].passages == (PASSAGES[0],)


def test_a_question_without_topic_and_passage_is_unknown():
    assert outcomes(plan(ODD)) == [(ODD, "unknown", ())]


def test_a_question_out_of_scope_is_refused_in_spite_of_passages():
    planned = plan(LOST, passages=tuple(PASSAGES))
    assert planned.intent == "out_of_scope_far"
    assert outcomes(planned) == [(LOST, "unknown", ())]


@pytest.mark.parametrize(
    ("text", "intent"), [(HELLO, "greet"), (BOOK, "book_appointment")]
)
def test_an_intent_has_no_questions(text, intent):
    planned = plan(text)
    assert (planned.intent, planned.questions) == (intent, ())


@pytest.mark.parametrize(
    ("needed", "outcome"), [(0.95, "choose"), (0.9, "answer"), (0.5, "answer")]
)
def test_a_topic_is_answered_from_the_threshold_on(needed, outcome):
    (question,) = plan(COST, answer=needed).questions
    assert question.outcome == outcome


@pytest.mark.parametrize(
    ("sentences", "topics"),
    [
        ((f"{COST}?", f"{HOURS}?"), ["faq/cost", "faq/hours"]),
        ((f"{HOURS}?", f"{COST}?"), ["faq/hours", "faq/cost"]),
        ((f"{COST} and {HOURS}",), ["faq/cost", "faq/hours"]),
        ((f"{HOURS}, also {COST}",), ["faq/hours", "faq/cost"]),
    ],
)
def test_several_questions_are_answered_in_their_order(sentences, topics):
    planned = plan(*sentences)

    assert planned.intent == "faq"
    assert [q.options for q in planned.questions] == [(topic,) for topic in topics]
    assert {q.outcome for q in planned.questions} == {"answer"}


def test_the_same_question_asked_twice_is_answered_once():
    planned = plan(f"{COST}?", f"{HOURS}?", "what does it cost?")
    assert [q.options for q in planned.questions] == [("faq/cost",), ("faq/hours",)]


@pytest.mark.parametrize("unsure", [VAGUE, ODD, LOST])
def test_an_unsure_question_beside_a_sure_one_is_left_out(unsure):
    planned = plan(f"{unsure}?", f"{COST}?")
    assert outcomes(planned) == [(f"{COST}?", "answer", ("faq/cost",))]


def test_several_unsure_questions_are_read_as_one_message():
    planned = plan(f"{VAGUE}?", f"{ODD}?", passages=tuple(PASSAGES))
    assert [q.text for q in planned.questions] == [f"{VAGUE}? {ODD}?"]


@pytest.mark.parametrize(
    "sentences",
    [
        ("hello.", f"{COST}?"),
        (f"{COST}?", "thanks."),
        ("hello.", f"{COST}?", "thanks."),
    ],
)
def test_a_greeting_beside_a_question_leaves_the_question(sentences):
    planned = plan(*sentences)
    assert planned.intent == "faq"
    assert outcomes(planned) == [(f"{COST}?", "answer", ("faq/cost",))]


def test_a_greeting_beside_a_wish_leaves_the_wish():
    assert plan("hello.", "can i book a visit.").intent == "book_appointment"


def test_the_one_question_of_a_long_story_is_answered():
    planned = plan(f"{STORY}.", "it was wet.", f"{COST}?")
    assert outcomes(planned) == [(f"{COST}?", "answer", ("faq/cost",))]


ASKED = (f"{COST}?", f"{HOURS}?", f"{BOOK}?")
ASKED_WORDS = sum(len(sentence.split()) for sentence in ASKED)


@pytest.mark.parametrize(
    ("words", "needed", "answered"),
    [
        (STORY_WORDS, 0.85, ["faq/cost", "faq/hours", "book_appointment"]),
        (STORY_WORDS + 1, 0.85, ["faq/cost", "book_appointment"]),
        (STORY_WORDS + 1, 0.8, ["faq/cost", "faq/hours", "book_appointment"]),
    ],
)
def test_a_question_in_a_story_must_be_surer(words, needed, answered):
    told = " ".join(["bla"] * (words - ASKED_WORDS)) + "."

    planned = plan(told, *ASKED, answer_in_story=needed)

    assert [q.options[0] for q in planned.questions] == answered


@pytest.mark.parametrize(
    ("needed", "answered"),
    [(0.7, ["faq/cost", "faq/hours"]), (0.8, ["faq/cost", "faq/hours"])],
)
def test_a_question_beside_others_is_answered_from_its_threshold_on(needed, answered):
    planned = plan(f"{COST}?", f"{HOURS}?", answer_beside_others=needed)
    assert [q.options[0] for q in planned.questions] == answered


def test_a_question_below_the_threshold_beside_others_is_left_out():
    planned = plan(*ASKED, answer_beside_others=0.81)
    assert [q.options[0] for q in planned.questions] == ["faq/cost", "book_appointment"]


@pytest.mark.parametrize(
    ("words", "weight"),
    [(20, "whole_beside_question"), (STORY_WORDS + 10, "whole_in_story")],
)
def test_the_whole_message_counts_against_its_one_question(words, weight):
    told = " ".join(["bla"] * words) + " hello."

    alone = plan(told, f"{COST}?", **{weight: 0.0})
    whole = plan(told, f"{COST}?", **{weight: 1.0})

    assert alone.confidence == pytest.approx(0.9 / (0.9 + 0.05 + 0.05 + 4 * 0.02))
    assert outcomes(whole) == [(f"{COST}?", "choose", ("faq/cost",))]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            f"{BOOK} and {COST}",
            [(BOOK, "intent", ("book_appointment",)), (COST, "answer", ("faq/cost",))],
        ),
        (
            f"{COST} and {BOOK}",
            [(COST, "answer", ("faq/cost",)), (BOOK, "intent", ("book_appointment",))],
        ),
    ],
)
def test_a_request_beside_a_question_keeps_both(sentence, expected):
    planned = plan(sentence)
    assert (planned.intent, outcomes(planned)) == ("faq", expected)


def test_a_request_beside_an_unsure_question_is_the_intent():
    planned = plan(f"{BOOK}?", f"{ODD}?")
    assert (planned.intent, planned.questions) == ("book_appointment", ())


def test_no_more_than_three_questions_are_answered(monkeypatch):
    topics = [f"faq/topic_{number}" for number in range(5)]
    for topic in topics:
        sure = TopicScores(((topic, 0.9), ("greet", 0.1)), 1.0)
        monkeypatch.setitem(SAYS, f"what is {topic}", sure)
    monkeypatch.setattr(sys.modules[__name__], "LABELS", (*LABELS, *topics))

    planned = plan(*(f"what is {topic}?" for topic in topics))

    assert [q.options[0] for q in planned.questions] == topics[:3]


def test_vectors_that_are_known_are_not_computed_again():
    asked = []
    planner = Planner(lambda text: asked.append(text) or NOWHERE, score,
                      lambda text, encoded: [], Thresholds())  # fmt: skip

    planner.plan(ReadText(COST, (), (COST,)), NOWHERE)

    assert asked == []
