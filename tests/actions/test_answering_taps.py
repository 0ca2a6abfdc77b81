"""What taps and typed numbers do; each situation is what the patient has just read."""

from dataclasses import replace

import pytest

from actions.answering import QUICK_START, Answerer
from actions.replies import Button, Reply, Turn, Unanswered
from actions.thread import Thread

BOOK, CALL_BACK, NONE = "button:book", "button:call_back", "button:none"
HEAT, REST = "button:section:back#heat", "button:section:back#rest"
MORE, MOVING = "button:more:back#heat:1", "button:section:back#moving"

EMPTY = Thread()
ANSWERED = Thread(section="back#heat", offered=(MORE, BOOK, REST, MOVING), yes=MORE)
ALL_READ = Thread(section="back#heat", part=2, offered=(BOOK, REST, MOVING))
ONE_OPTION = Thread(offered=(HEAT, NONE), yes=HEAT, question="warm?")
TWO_OPTIONS = Thread(
    offered=(HEAT, REST, NONE), question="warm?", passages=("back#heat", "back#cost")
)
UNKNOWN = Thread(offered=(BOOK, CALL_BACK), yes=BOOK, question="ice?")
COMPLAINED = Thread(offered=("button:person", BOOK), question="wrong!")

WHAT_ELSE = Turn((Reply("utter_what_would_you_like"),), Thread(offered=QUICK_START))


@pytest.fixture
def tap(library):
    """Returns a function that replies to a command in a situation."""

    def reply(name, thread=EMPTY, *, address="", number=0):
        command = {"name": name, "address": address, "number": number}
        intent = {"name": "choose_option"}
        return Answerer(library).reply({"intent": intent, "command": command}, thread)

    return reply


@pytest.mark.parametrize(
    ("name", "response", "thread"),
    [
        ("book", "utter_book_appointment", Thread(offered=(BOOK,), yes=BOOK)),
        ("person", "utter_ask_for_human", Thread(offered=(CALL_BACK,))),
    ],
)
def test_button_without_address_gets_its_response(tap, name, response, thread):
    assert tap(name, ANSWERED) == Turn((Reply(response),), thread)


@pytest.mark.parametrize("name", ["none", "section", "more", "dance"])
def test_button_that_says_nothing_asks_what_is_wanted(tap, name):
    assert tap(name, ANSWERED) == WHAT_ELSE


@pytest.mark.parametrize("name", ["section", "more"])
def test_button_with_unknown_address_asks_what_is_wanted(tap, name):
    assert tap(name, ANSWERED, address="back#ice", number=1) == WHAT_ELSE


def test_button_of_a_section_answers_with_it(tap):
    labels = {"article": "Back", "title": "Rest", "address": "back#rest"}
    values = {"answer": "Rest as you need to.", **labels, "next_part": "1"}

    assert tap("section", ANSWERED, address="back#rest") == Turn(
        (Reply("utter_answer_complete", values),),
        Thread(section="back#rest", offered=(BOOK,)),
        source="back#rest",
    )


@pytest.mark.parametrize(
    ("thread", "turn_of"),
    [
        (TWO_OPTIONS, {"name": "section", "address": "back#cost"}),
        (ANSWERED, {"name": "dance"}),
        (EMPTY, {"name": "dance"}),
    ],
)
def test_button_none_of_these_goes_on_to_what_search_found(tap, thread, turn_of):
    assert tap("none", thread) == tap(**turn_of)


def test_button_none_of_these_gives_up_when_search_found_nothing(tap):
    assert tap("none", ONE_OPTION) == Turn(
        (Reply("utter_cannot_answer"),),
        Thread(offered=(BOOK, CALL_BACK), yes=BOOK, question="warm?"),
        unanswered=(Unanswered("warm?", "none_of_these"),),
    )


@pytest.mark.parametrize(
    ("number", "thread", "same_as"),
    [
        (1, ANSWERED, {"name": "more", "address": "back#heat", "number": 1}),
        (2, ANSWERED, {"name": "book"}),
        (3, ANSWERED, {"name": "section", "address": "back#rest"}),
        (4, ANSWERED, {"name": "section", "address": "back#moving"}),
        (-1, ANSWERED, {"name": "section", "address": "back#moving"}),
        (1, ALL_READ, {"name": "book"}),
        (1, TWO_OPTIONS, {"name": "section", "address": "back#heat"}),
        (2, TWO_OPTIONS, {"name": "section", "address": "back#rest"}),
        (3, TWO_OPTIONS, {"name": "none"}),
        (-1, TWO_OPTIONS, {"name": "section", "address": "back#rest"}),
        (-1, ONE_OPTION, {"name": "section", "address": "back#heat"}),
        (2, ONE_OPTION, {"name": "none"}),
        (1, UNKNOWN, {"name": "book"}),
        (1, COMPLAINED, {"name": "person"}),
    ],
)
def test_number_does_what_the_button_in_that_place_does(tap, number, thread, same_as):
    assert tap("pick", thread, number=number) == tap(thread=thread, **same_as)


@pytest.mark.parametrize(
    ("number", "address"),
    [
        (1, "back-muscle-spasm#spasm-or-strain"),
        (2, "back-muscle-spasm#what-to-do"),
        (3, "back-muscle-spasm#recovery-time"),
        (4, "our-clinic#opening-hours"),
        (-1, "our-clinic#opening-hours"),
    ],
)
@pytest.mark.parametrize(
    "thread", [EMPTY, Thread(section="back-muscle-spasm#heat"), WHAT_ELSE.thread]
)
def test_number_means_the_quick_start_when_nothing_else_was_offered(
    shipped, thread, number, address
):
    answerer = Answerer(shipped)

    turn = answerer.reply({"command": {"name": "pick", "number": number}}, thread)

    assert turn.source == address
    assert turn == answerer.reply(
        {"command": {"name": "section", "address": address}}, EMPTY
    )


@pytest.mark.parametrize("number", [5, 9, 999])
@pytest.mark.parametrize("thread", [EMPTY, Thread(section="back#heat")])
def test_number_beyond_the_quick_start_asks_what_is_wanted(tap, thread, number):
    assert tap("pick", thread, number=number) == WHAT_ELSE


@pytest.mark.parametrize("number", [1, 4, -1])
def test_quick_start_of_a_clinic_without_these_sections_asks_again(tap, number):
    assert tap("pick", EMPTY, number=number) == WHAT_ELSE


def test_number_beyond_the_quick_start_shows_it_again(shipped):
    command = {"name": "pick", "number": 5}

    turn = Answerer(shipped).reply({"command": command}, WHAT_ELSE.thread)

    (reply,) = turn.replies
    assert reply.response == "utter_which_one"
    assert tuple(button.payload for button in reply.buttons) == QUICK_START
    assert turn.thread == WHAT_ELSE.thread


@pytest.mark.parametrize("number", [4, 5, 999])
def test_number_that_is_too_large_shows_the_options_again(tap, number):
    turn = tap("pick", TWO_OPTIONS, number=number)

    buttons = (Button("Heat", HEAT), Button("Rest", REST))
    shown = replace(TWO_OPTIONS, offered=(HEAT, REST))
    assert turn == Turn((Reply("utter_which_one", {}, buttons),), shown)


@pytest.mark.issue("after an answer, a number that is too large renumbers the buttons")
def test_numbers_mean_the_buttons_shown_again(tap):
    again = tap("pick", ANSWERED, number=9)

    assert again.thread == replace(ANSWERED, offered=(REST, MOVING))
    assert [button.payload for button in again.replies[0].buttons] == [REST, MOVING]
    chosen = tap("pick", again.thread, number=1)
    assert chosen == tap("section", address="back#rest")


@pytest.mark.parametrize("thread", [UNKNOWN, COMPLAINED])
@pytest.mark.issue("'Which one?' is asked without anything to choose from")
def test_options_shown_again_are_not_empty(tap, thread):
    assert tap("pick", thread, number=9) == WHAT_ELSE
