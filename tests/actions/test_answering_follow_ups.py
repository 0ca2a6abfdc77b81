"""What "tell me more", "yes", "no" and complaints do in each situation."""

from dataclasses import replace

import pytest

from actions.answering import QUICK_START, Answerer
from actions.replies import Button, Reply, Turn, Unanswered
from actions.thread import Thread

BOOK, CALL_BACK, NONE = "button:book", "button:call_back", "button:none"
PERSON = "button:person"
HEAT, REST = "button:section:back#heat", "button:section:back#rest"
MOVING = "button:section:back#moving"
RELATED = (Button("Rest", REST), Button("Moving", MOVING))
LABELS = {"article": "Back", "title": "Heat", "address": "back#heat"}

# Situations: what the patient has just read.
EMPTY = Thread()
ANSWERED = Thread(
    section="back#heat",
    offered=("button:more:back#heat:1", BOOK, REST, MOVING),
    yes="button:more:back#heat:1",
)
ALL_READ = Thread(section="back#heat", part=2, offered=(BOOK, REST, MOVING))
ONE_OPTION = Thread(
    offered=(HEAT, NONE), yes=HEAT, question="warm?", passages=("back#heat",)
)
TWO_OPTIONS = Thread(
    offered=(HEAT, REST, NONE), question="warm?", passages=("back#heat", "back#cost")
)
UNKNOWN = Thread(offered=(BOOK, CALL_BACK), yes=BOOK, question="ice?")
COMPLAINED = Thread(offered=(PERSON, BOOK), question="wrong!")

WHAT_ELSE = Turn((Reply("utter_what_would_you_like"),), Thread(offered=QUICK_START))
BOOKING = Turn((Reply("utter_book_appointment"),), Thread(offered=(BOOK,), yes=BOOK))
MORE_1 = Turn(
    (
        Reply(
            "utter_more",
            {"part": " ".join(["Use a beanbag."] * 20), **LABELS, "next_part": "2"},
        ),
    ),
    Thread(
        section="back#heat",
        part=1,
        offered=("button:more:back#heat:2",),
        yes="button:more:back#heat:2",
    ),
    source="back#heat",
)
MORE_2 = Turn(
    (
        Reply(
            "utter_more_last",
            {"part": " ".join(["Not too hot."] * 30), **LABELS, "next_part": "3"},
            RELATED,
        ),
    ),
    ALL_READ,
    source="back#heat",
)
NO_MORE = Turn((Reply("utter_no_more", LABELS, RELATED),), ALL_READ, source="back#heat")


def not_answered(question):
    """Returns the turn after "none of these", when search has nothing either."""
    return Turn(
        (Reply("utter_cannot_answer"),),
        Thread(offered=(BOOK, CALL_BACK), yes=BOOK, question=question),
        unanswered=(Unanswered(question, "none_of_these"),),
    )


def section_turn(library, address):
    """Returns the turn that answers with a section."""
    asked = {"command": {"name": "section", "address": address}}
    return Answerer(library).reply(asked, EMPTY)


@pytest.fixture
def say(library):
    """Returns a function that replies to an intent in a situation."""
    return lambda intent, thread: Answerer(library).reply(
        {"intent": {"name": intent}, "text": "wrong!"}, thread
    )


@pytest.mark.parametrize(
    ("number", "turn"), [(1, MORE_1), (2, MORE_2), (3, NO_MORE), (99, NO_MORE)]
)
def test_button_more_sends_that_part(library, number, turn):
    command = {"name": "more", "address": "back#heat", "number": number}

    assert Answerer(library).reply({"command": command}, ALL_READ) == turn


def test_tell_more_goes_on_to_the_end(say):
    first = say("tell_more", ANSWERED)
    second = say("tell_more", first.thread)
    third = say("tell_more", second.thread)
    fourth = say("tell_more", third.thread)

    assert [first, second, third, fourth] == [MORE_1, MORE_2, NO_MORE, NO_MORE]


@pytest.mark.parametrize("thread", [EMPTY, UNKNOWN, Thread(section="back#ice")])
def test_tell_more_of_nothing_asks_what_is_wanted(say, thread):
    assert say("tell_more", thread) == WHAT_ELSE


@pytest.mark.parametrize(
    ("thread", "turn"),
    [
        (TWO_OPTIONS, "back#cost"),
        (ONE_OPTION, not_answered("warm?")),
        (Thread(offered=(HEAT, NONE), question="warm?"), not_answered("warm?")),
        (Thread(question="warm?", passages=("back#ice",)), not_answered("warm?")),
        (UNKNOWN, not_answered("ice?")),
        (ANSWERED, WHAT_ELSE),
        (EMPTY, WHAT_ELSE),
    ],
)
def test_none_of_these_goes_on_to_search_and_then_gives_up(library, say, thread, turn):
    expected = section_turn(library, turn) if isinstance(turn, str) else turn

    assert say("none_of_these", thread) == expected


@pytest.mark.parametrize(
    ("thread", "turn"),
    [
        (ANSWERED, MORE_1),
        (ONE_OPTION, "back#heat"),
        (UNKNOWN, BOOKING),
        (ALL_READ, WHAT_ELSE),
        (COMPLAINED, WHAT_ELSE),
        (EMPTY, WHAT_ELSE),
        (WHAT_ELSE.thread, WHAT_ELSE),
        (Thread(yes="not a button"), WHAT_ELSE),
        (Thread(offered=("button:section:back#ice", NONE)), WHAT_ELSE),
    ],
)
def test_yes_means_what_was_asked(library, say, thread, turn):
    expected = section_turn(library, turn) if isinstance(turn, str) else turn

    assert say("affirm", thread) == expected


def test_yes_to_several_options_asks_which_one(say):
    turn = say("affirm", TWO_OPTIONS)

    buttons = (Button("Heat", HEAT), Button("Rest", REST))
    shown = replace(TWO_OPTIONS, offered=(HEAT, REST))
    assert turn == Turn((Reply("utter_which_one", {}, buttons),), shown)


@pytest.mark.parametrize(
    ("thread", "turn"),
    [
        (TWO_OPTIONS, "back#cost"),
        (ONE_OPTION, not_answered("warm?")),
        (ANSWERED, Turn((Reply("utter_no_problem"),), Thread(section="back#heat"))),
        (UNKNOWN, Turn((Reply("utter_no_problem"),), EMPTY)),
        (EMPTY, Turn((Reply("utter_no_problem"),), EMPTY)),
        (WHAT_ELSE.thread, Turn((Reply("utter_no_problem"),), EMPTY)),
    ],
)
def test_no_declines_what_was_asked(library, say, thread, turn):
    expected = section_turn(library, turn) if isinstance(turn, str) else turn

    assert say("deny", thread) == expected


@pytest.mark.parametrize(("thread", "about"), [(ANSWERED, ("back#heat",)), (EMPTY, ())])
def test_complaint_is_recorded_with_what_it_is_about(say, thread, about):
    assert say("complain", thread) == Turn(
        (Reply("utter_complaint"),),
        COMPLAINED,
        unanswered=(Unanswered("wrong!", "complain", about),),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("can you click it", "neck-muscle-spasm#neck-clicking"),
        (
            "should I let someone click the lower part of my back for me",
            "back-muscle-spasm#alignment",
        ),
    ],
)
def test_short_question_takes_its_subject_from_the_conversation(
    shipped, question, text, expected
):
    asked = {**question("answer", "faq/alignment"), "text": text}
    about_the_neck = Thread(section="neck-muscle-spasm#neck-spasm")

    turn = Answerer(shipped).reply({"questions": [asked]}, about_the_neck)

    assert turn.source == expected
