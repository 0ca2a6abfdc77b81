import pytest

from addons.understanding.wishes import desk_wish, read_wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("cancel my appointment", "cancel_visit"),
        ("I need to cancel my appointment sorry", "cancel_visit"),
        ("pls cancel the booking", "cancel_visit"),
        ("move my booking to friday", "move_visit"),
        ("Can you reschedule my visit?", "move_visit"),
        ("What is happening with my request?", "status"),
        ("any news on my booking", "status"),
        ("K7Q-4MD", "status"),
        ("my ref is k7q 4md", "status"),
        ("delete my data", "forget"),
        ("Please delete everything you have about me", "forget"),
        ("what do you know about me?", "known"),
        ("what info do you have on me", "known"),
        # The articles answer these.
        ("how do I cancel my appointment", ""),
        ("how late can i still cancel", ""),
        ("cancel", ""),
        ("what happens if I cancel my appointment", ""),
        ("do you keep my data", ""),
        ("is this chat confidential", ""),
        ("how do I delete my data", ""),
        # None of these is a reference.
        ("the man can eat", ""),
        ("082 555 0142", ""),
        ("my back is sore", ""),
        ("", ""),
    ],
)
def test_a_wish_is_a_request_to_do_it(text, wish):
    assert read_wish(text) == wish


def understood(intent="faq", **more):
    return {"intent": {"name": intent}, **more}


def button(name, number=0):
    return {"name": name, "address": "", "number": number}


THREAD = {"offered": ["button:more:back#heat:1", "button:book"], "yes": "button:book"}


@pytest.mark.parametrize(
    ("message", "thread", "wish"),
    [
        (understood("book_appointment"), None, "book"),
        (understood("ask_request_status"), None, "status"),
        (understood(wish="cancel_visit"), None, "cancel_visit"),
        (understood("choose_option", command=button("book")), None, "book"),
        (understood("choose_option", command=button("book_send")), None, "book_send"),
        (understood("choose_option", command=button("more")), None, ""),
        (understood("choose_option", command=button("pick", 2)), THREAD, "book"),
        (understood("choose_option", command=button("pick", -1)), THREAD, "book"),
        (understood("choose_option", command=button("pick", 1)), THREAD, ""),
        (understood("choose_option", command=button("pick", 9)), THREAD, ""),
        (understood("choose_option", command=button("pick", 2)), None, ""),
        (understood("affirm"), THREAD, "book"),
        (understood("affirm"), None, ""),
        (understood("deny"), THREAD, ""),
        (understood(), THREAD, ""),
        ({}, None, ""),
    ],
)
def test_a_button_a_number_a_yes_and_an_intent_may_ask_the_desk(message, thread, wish):
    assert desk_wish(message, thread) == wish
