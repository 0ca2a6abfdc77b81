import pytest

from addons.understanding.questions import (
    MOST_SEGMENTS,
    Segment,
    asks,
    split_questions,
)


def texts(*sentences: str) -> list[str]:
    return [segment.text for segment in split_questions(sentences)]


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("how much is it", True),
        ("and can i pay by card", True),
        ("hello, where are you", True),
        ("my back hurts, should i rest", True),
        ("opening hours?", True),
        ("Ok so WHEN do you open", True),
        ("opening hours", False),
        ("tell me about the fees", True),
        ("let me know the fees", True),
        ("i would like to know the fees", True),
        ("i was wondering about the fees", True),
        ("explain the fees", True),
        ("please cancel my visit", True),
        ("i told my wife about the fees", False),
        ("please", False),
        ("i do not know how it happened", False),
        ("whatever you say", False),
        ("", False),
    ],
)
def test_knows_the_form_of_a_question(text, asking):
    assert asks(text) is asking


def test_a_single_question_stays_whole():
    assert split_questions(("how much is a visit?",)) == [
        Segment("how much is a visit?", asks=True)
    ]


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        (
            "how much is it and can i pay by card",
            ["how much is it", "can i pay by card"],
        ),
        ("are you open, also where are you", ["are you open", "where are you"]),
        ("can i walk or should i rest", ["can i walk", "should i rest"]),
        ("is it far plus is there parking", ["is it far", "is there parking"]),
        ("how much is it, can i pay by card", ["how much is it", "can i pay by card"]),
        ("how much is it; where are you", ["how much is it", "where are you"]),
        ("is it far btw is there parking", ["is it far", "is there parking"]),
        ("my back, neck and leg hurt", ["my back, neck and leg hurt"]),
        ("does heat and cold help", ["does heat and cold help"]),
        ("can my son and i come", ["can my son and i come"]),
    ],
)
def test_splits_at_a_joint_only_before_another_question(sentence, parts):
    assert texts(sentence) == parts


def test_marks_joined_segments_as_parallel():
    assert split_questions(("it is my neck and can i drive",)) == [
        Segment("it is my neck", asks=False, parallel=True),
        Segment("can i drive", asks=True, parallel=True),
    ]


def test_a_long_part_beside_a_question_is_a_story_and_not_parallel():
    story = "i fell off my bike on the way to work last week on a wet road"

    first, second = split_questions((f"{story} and can i still run",))

    assert (first.text, first.parallel) == (story, False)
    assert (second.text, second.parallel) == ("can i still run", True)


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        (
            "how long does it take how much does it cost",
            ["how long does it take", "how much does it cost"],
        ),
        (
            "my back is very sore how do i book",
            ["my back is very sore", "how do i book"],
        ),
        (
            "what does it cost for two how do i book",
            ["what does it cost for two", "how do i book"],
        ),
        ("tell me how much it is", ["tell me how much it is"]),
    ],
)
def test_splits_questions_that_run_together(sentence, parts):
    assert texts(sentence) == parts


@pytest.mark.issue("a question word is cut from its verb")
@pytest.mark.parametrize(
    "question",
    [
        "how many times a day should i stretch",
        "what kind of exercise can i do",
        "how long after a spasm can i run",
        "which of these pills may i take",
        "what sort of shoes should i wear",
        "how many weeks after it can i run",
    ],
)
def test_keeps_a_question_word_and_its_verb_together(question):
    assert texts(question) == [question]


@pytest.mark.issue("a question word is cut from its verb")
@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("i have pain, how do i book", "how do i book"),
        ("when my back hurts what should i do", "what should i do"),
    ],
)
def test_keeps_the_question_behind_a_statement_whole(sentence, question):
    assert texts(sentence)[-1].endswith(question)


@pytest.mark.parametrize(
    ("sentences", "asking"),
    [
        (("what is a spasm?", "how long does it last?"), [True, True]),
        (("i fell.", "it is sore.", "should i come?"), [False, False, True]),
        (("hello.", "my back hurts."), [False, False]),
    ],
)
def test_a_story_tells_and_a_question_asks(sentences, asking):
    assert [segment.asks for segment in split_questions(sentences)] == asking


@pytest.mark.parametrize("sentences", [(), ("",), ("?",), (" , ; - ",), ("...", "!")])
def test_finds_nothing_where_nothing_is_said(sentences):
    assert split_questions(sentences) == []


def test_a_very_long_message_keeps_both_ends():
    told = tuple(f"day {number} was bad." for number in range(50))

    kept = texts("how do i book?", *told, "and what does it cost?")

    assert len(kept) == MOST_SEGMENTS
    assert kept[0] == "how do i book?"
    assert kept[-1] == "and what does it cost?"


def test_a_message_of_the_longest_length_is_kept_whole():
    told = tuple(f"day {number} was bad." for number in range(MOST_SEGMENTS))
    assert texts(*told) == list(told)
