"""Words that ask for a call, and what is said of a request that was just sent."""

import pytest

from addons.understanding.afterwards import read_follow_up
from addons.understanding.wishes import desk_wish, read_wish


@pytest.mark.parametrize(
    "text",
    [
        "pls call me 0825550199", "call me back", "Please phone me on 082 555 0199",
        "can someone call me please", "call me back today", "I need a call back",
        "can somebody phone me back asap", "bel my asb 0825550199", "call me",
        "i want someone to call me back on my cell 0825550199 please",
        "my leg is sore, please call me on 082 555 0199 I am scared",
        "could you ring me back tomorrow after 3", "phone me now", "callback please",
        "my number is 0825550199 please call me", "request a call back",
        "please phone me, my neck is stiff", "can someone ring me about my neck",
        "can somebody give me a call",
    ],
)  # fmt: skip
def test_a_wish_for_a_call(text):
    assert read_wish(text) == "call_back"


@pytest.mark.parametrize(
    "text",
    [
        "call me Thandi", "phone me back to make a time", "how do I call you",
        "when will you call me back", "can I call you", "0825550199",
        "call an ambulance",
        "should I call my doctor", "is there a call-back fee",
    ],
)  # fmt: skip
def test_no_wish_for_a_call(text):
    assert read_wish(text) != "call_back"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("yes that suits me", "accept_visit"),
        ("that works for me thanks", "accept_visit"),
        ("I'll take it", "accept_visit"),
        ("what happens now?", "status"),
        ("what happens next", "status"),
        ("so what now", "status"),
        ("is it confirmed?", "status"),
        ("is it booked now", "status"),
        ("am I booked?", "status"),
        ("when will they call me", "status"),
        ("did it go through?", "status"),
        ("cancel it", "cancel_visit"),
        ("please cancel", "cancel_visit"),
        ("I dont need it anymore", "cancel_visit"),
        ("can I move it to friday", "move_visit"),
        ("move it", "move_visit"),
        ("make it friday rather", "move_visit"),
        ("change the day to friday", "move_visit"),
        ("change it to friday", "move_visit"),
        ("can I come on friday instead", "move_visit"),
        ("another day please", "move_visit"),
        ("change it", "change_visit"),
        ("can I change my number", "change_visit"),
        ("wrong number sorry", "change_visit"),
        ("what exercises help", ""),
        ("thanks", ""),
        ("can I move my neck", ""),
        ("is it normal that it hurts", ""),
    ],
)
def test_what_follows_a_request_is_about_it(text, wish):
    message = {"text": text, "intent": {"name": "faq"}}

    assert read_follow_up(text) == wish
    assert desk_wish(message, None, sent=True) == wish
    assert desk_wish(message, None) == ""
