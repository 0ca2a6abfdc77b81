"""What a question is answered with; follow-ups are in test_answering_follow_ups.py."""

import pytest

from actions.answering import QUICK_START, Answerer
from actions.replies import Button, Reply, Turn, Unanswered
from actions.thread import Thread

BOOK, CALL_BACK, NONE = "button:book", "button:call_back", "button:none"
MORE_HEAT = "button:more:back#heat:1"
HEAT, REST = "button:section:back#heat", "button:section:back#rest"
MOVING, COST = "button:section:back#moving", "button:section:back#cost"

HEAT_REPLY = Reply(
    "utter_answer",
    {
        "answer": "Warmth can ease it. Phone 012 555 0142.",
        "article": "Back",
        "title": "Heat",
        "address": "back#heat",
        "next_part": "1",
    },
    (Button("Rest", REST), Button("Moving", MOVING)),
)
HEAT_TURN = Turn(
    (HEAT_REPLY,),
    Thread(section="back#heat", offered=(MORE_HEAT, BOOK, REST, MOVING), yes=MORE_HEAT),
    source="back#heat",
)
REST_REPLY = Reply(
    "utter_answer_complete",
    {
        "answer": "Rest as you need to.",
        "article": "Back",
        "title": "Rest",
        "address": "back#rest",
        "next_part": "1",
    },
)
REST_TURN = Turn(
    (REST_REPLY,), Thread(section="back#rest", offered=(BOOK,)), source="back#rest"
)
BOOKING = Thread(offered=("button:book",), yes="button:book")


@pytest.fixture
def answer(library):
    """Returns a function that answers questions from an empty thread."""

    def reply(*questions, intent="faq"):
        message = {"intent": {"name": intent}, "questions": list(questions)}
        return Answerer(library).reply(message, Thread())

    return reply


@pytest.mark.parametrize(
    ("topic", "turn"),
    [("faq/heat", HEAT_TURN), ("faq/warm_bath", HEAT_TURN), ("faq/rest", REST_TURN)],
)
def test_answers_with_the_section_of_the_topic(answer, question, topic, turn):
    assert answer(question("answer", topic)) == turn


def test_answers_with_the_section_that_search_found(answer, question):
    found = question("search", passages=("back#rest", "back#heat"))

    assert answer(found) == REST_TURN


def test_leaves_out_passages_that_are_no_longer_in_the_articles(answer, question):
    found = question("search", passages=("back#ice", "back#rest"))

    assert answer(found) == REST_TURN


@pytest.mark.parametrize(
    ("outcome", "topics", "passages"),
    [
        ("answer", ("faq/ice",), ("back#rest",)),
        ("search", (), ("back#ice",)),
        ("choose", ("faq/ice",), ("back#rest",)),
        ("unknown", (), ()),
    ],
)
def test_says_plainly_that_no_article_answers(
    answer, question, outcome, topics, passages
):
    asked = question(outcome, *topics, passages=passages, text="ice?")

    assert answer(asked) == Turn(
        (Reply("utter_cannot_answer"),),
        Thread(offered=(BOOK, CALL_BACK), yes=BOOK, question="ice?"),
        unanswered=(Unanswered("ice?", "unknown"),),
    )


@pytest.mark.parametrize(
    ("intent", "response", "outcome"),
    [
        ("out_of_scope_near", "utter_cannot_answer", "out_of_scope_near"),
        ("out_of_scope_far", "utter_off_topic", "out_of_scope_far"),
        ("", "utter_cannot_answer", "unknown"),
    ],
)
def test_unknown_question_near_and_far(answer, question, intent, response, outcome):
    asked = question("unknown", text="petrol?")

    turn = answer(asked, intent=intent)

    assert turn == Turn(
        (Reply(response),),
        Thread(offered=(BOOK, CALL_BACK), yes=BOOK, question="petrol?"),
        unanswered=(Unanswered("petrol?", outcome),),
    )


@pytest.mark.parametrize(
    ("topics", "addresses", "titles", "yes"),
    [
        (("faq/heat",), ("back#heat",), ("Heat",), HEAT),
        (("faq/heat", "faq/rest"), ("back#heat", "back#rest"), ("Heat", "Rest"), ""),
        (
            ("faq/cost", "faq/rest", "faq/moving"),
            ("back#cost", "back#rest", "back#moving"),
            ("Cost", "Rest", "Moving"),
            "",
        ),
        (("faq/ice", "faq/rest"), ("back#rest",), ("Rest",), REST),
    ],
)
def test_close_call_offers_the_sections(
    answer, question, topics, addresses, titles, yes
):
    asked = question("choose", *topics, passages=("back#cost",), text="warm?")

    turn = answer(asked)

    payloads = [f"button:section:{address}" for address in addresses]
    values = {f"option_{i}": title for i, title in enumerate(titles, start=1)}
    values |= {f"payload_{i}": payload for i, payload in enumerate(payloads, start=1)}
    assert turn == Turn(
        (Reply(f"utter_did_you_mean_{len(titles)}", values),),
        Thread(
            offered=(*payloads, NONE),
            yes=yes,
            question="warm?",
            passages=("back#cost",),
        ),
        unanswered=(Unanswered("warm?", "choose", addresses),),
    )


def test_two_topics_of_one_section_are_one_option(answer, question):
    turn = answer(question("choose", "faq/heat", "faq/warm_bath", text="warm?"))

    assert turn == Turn(
        (
            Reply(
                "utter_did_you_mean_1",
                {"option_1": "Heat", "payload_1": HEAT},
            ),
        ),
        Thread(offered=(HEAT, NONE), yes=HEAT, question="warm?"),
        unanswered=(Unanswered("warm?", "choose", ("back#heat", "back#heat")),),
    )


@pytest.mark.parametrize(
    ("request_intent", "response", "thread"),
    [
        ("book_appointment", "utter_book_appointment", BOOKING),
        ("ask_for_human", "utter_ask_for_human", Thread(offered=(CALL_BACK,))),
    ],
)
def test_question_that_is_a_request_gets_its_response(
    answer, question, request_intent, response, thread
):
    turn = answer(question("intent", request_intent))

    assert turn == Turn((Reply(response),), thread)


def test_several_questions_are_answered_in_order(answer, question):
    turn = answer(question("answer", "faq/rest"), question("answer", "faq/heat"))

    assert turn == Turn((REST_REPLY, HEAT_REPLY), HEAT_TURN.thread, source="back#rest")


def test_several_questions_with_a_request_keep_the_source(answer, question):
    turn = answer(
        question("answer", "faq/rest"), question("intent", "book_appointment")
    )

    assert turn == Turn(
        (REST_REPLY, Reply("utter_book_appointment")), BOOKING, source="back#rest"
    )


def test_several_questions_record_what_is_not_answered(answer, question):
    turn = answer(
        question("unknown", text="ice?"), question("answer", "faq/rest"), intent="faq"
    )

    assert turn == Turn(
        (Reply("utter_cannot_answer"), REST_REPLY),
        REST_TURN.thread,
        source="back#rest",
        unanswered=(Unanswered("ice?", "unknown"),),
    )


def test_several_questions_without_a_request_may_have_no_source(answer, question):
    turn = answer(
        question("intent", "ask_for_human"), question("intent", "book_appointment")
    )

    assert turn == Turn(
        (Reply("utter_ask_for_human"), Reply("utter_book_appointment")), BOOKING
    )


@pytest.mark.parametrize(
    "message",
    [{}, {"intent": None}, {"intent": {"name": "faq"}, "questions": []}],
)
def test_message_that_asks_nothing_is_met_with_a_question(library, message):
    turn = Answerer(library).reply(message, Thread())

    what_else = Reply("utter_what_would_you_like")
    assert turn == Turn((what_else,), Thread(offered=QUICK_START))
