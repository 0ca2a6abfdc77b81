"""Replies that lead to the desk or to a person."""

from dataclasses import replace

from actions.replies import Reply, Turn
from actions.sections import BOOK
from actions.thread import Thread

BUTTON_RESPONSES = {
    "book": "utter_book_appointment",
    "person": "utter_ask_for_human",
}
CALL_BACK = "button:call_back"
REQUEST_RESPONSES = {
    "book_appointment": "utter_book_appointment",
    "ask_for_human": "utter_ask_for_human",
}
# What the desk can do about a topic, offered after its answer: see actions/booking.
OFFERS = {
    "faq/cancel_or_move": (
        "utter_manage_offer",
        ("button:cancel_visit", "button:move_visit", "button:status"),
    ),
    "faq/privacy": ("utter_privacy_offer", ("button:known", "button:forget")),
}


def request(response: str) -> Turn:
    """Returns the reply to a wish; a yes to the one for a booking begins it."""
    books = response == BUTTON_RESPONSES["book"]
    calls = Thread(offered=(CALL_BACK,))
    thread = Thread(offered=(BOOK,), yes=BOOK) if books else calls
    return Turn((Reply(response),), thread)


def with_offer(turn: Turn, topic: str) -> Turn:
    """Adds what the desk can do about the topic of an answer."""
    if topic not in OFFERS:
        return turn
    response, offered = OFFERS[topic]
    thread = replace(turn.thread, offered=(*offered, *turn.thread.offered), yes="")
    return replace(turn, replies=(*turn.replies, Reply(response)), thread=thread)
