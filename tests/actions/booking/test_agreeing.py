"""Words that accept or refuse what was offered."""

import pytest

from actions.booking.agreeing import Agreement, read_agreement


@pytest.mark.parametrize(
    "text",
    [
        "yes", "yes please", "Yes please!", "ok that works", "perfect",
        "Perfect thanks",
        "that works for me", "ok", "okay great", "sounds good", "that's perfect",
        "thats fine", "it suits me", "I'll take it", "i will be there", "see you then",
        "yebo", "ja dankie", "no problem", "yes that suits me fine",
        "lovely, thank you",
        "ok I accept", "I can make it", "👍", "that will be fine", "works for me",
        "yes I can come then", "book it", "that time suits me", "fine with me",
        "ok cool", "sharp", "yes i accept that time", "that day is fine",
    ],
)  # fmt: skip
def test_a_yes_in_any_words(text):
    assert read_agreement(text).plain == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "no", "no thanks", "no that doesn't suit me", "that doesnt work for me",
        "it does not suit", "I can't make it", "i cant come then", "not good for me",
        "no sorry i cannot do that", "another time please", "too early", "not really",
        "no that time doesn't work", "nee dankie", "im working then", "thats too late",
        "no that won't work for me", "doesn't suit me at all", "not possible for me",
    ],
)  # fmt: skip
def test_a_no_in_any_words(text):
    assert read_agreement(text).plain == "no"


@pytest.mark.parametrize(
    ("text", "answer", "rest"),
    [
        ("yes Tuesday is fine", "yes", "tuesday"),
        ("ok Tuesday at 10 works", "yes", "tuesday at 10"),
        ("the first one is fine", "yes", "first one"),
        ("no, Wednesday rather", "no", "wednesday rather"),
        ("no, can we do Friday instead", "no", "can we do friday instead"),
        ("yes but it must be after 4", "", "but it must be after 4"),
        ("no that's fine", "", ""),
        ("is that ok?", "", "is that ok?"),
        ("my back hurts", "", "back hurts"),
    ],
)
def test_what_else_is_said_is_kept(text, answer, rest):
    assert read_agreement(text) == Agreement(answer, rest)


def test_thanks_alone_accept_nothing():
    assert read_agreement("thank you").answer == ""
