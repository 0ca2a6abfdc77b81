import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.whatsapp.choices import picked
from addons.whatsapp.cutting import cut, shortened, size
from addons.whatsapp.incoming import Address
from addons.whatsapp.marks import marked
from addons.whatsapp.meta_api import message
from addons.whatsapp.parts import META, TWILIO, Choice, Part, Reply, Words, render
from tests.standins.graph_rules import check

WORDS = Words("Choose one:", "Choose", "You can answer with a number.")
HER = Address("ZA.1102", "+27825550199")
ANY_TEXT = st.text(
    st.one_of(
        st.sampled_from(" .\n!?-*_#👍🏽\u200d\ufe0f🇿🇦ab"),
        st.characters(blacklist_categories=["Cs"]),
    ),
    max_size=300,
)
CHOICES = st.lists(
    st.builds(
        Choice, st.text(max_size=90), st.sampled_from([f"b:{n}" for n in range(15)])
    ),
    max_size=14,
)
REPLIES = st.lists(
    st.builds(
        Reply,
        st.builds(lambda text, times: text * times, ANY_TEXT, st.integers(0, 30)),
        CHOICES.map(tuple),
    ),
    max_size=4,
)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT, st.integers(10, 60), st.integers(1, 20))
def test_cutting_loses_nothing_and_keeps_the_limit(text, longest, times):
    whole = text * times

    pieces = cut(whole, longest)

    assert squeezed("".join(pieces)) == squeezed(whole)
    assert all(0 < size(piece) <= longest for piece in pieces)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("short", ["short"]),
        ("First one. Second one. Third", ["First one. Second one.", "Third"]),
        ("A paragraph.\n\nAnother. One", ["A paragraph.", "Another. One"]),
        ("no stops in this long line", ["no stops in this long", "line"]),
        ("x" * 30, ["x" * 24, "x" * 6]),
    ],
)
def test_cuts_at_the_best_place(text, pieces):
    assert cut(text, 24) == pieces


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=100), st.integers(5, 72))
def test_a_shortened_title_fits(text, longest):
    assert size(shortened(text, longest)) <= longest


@settings(max_examples=300, deadline=None)
@given(REPLIES)
def test_meta_takes_whatever_is_rendered(replies):
    made = render(replies, WORDS)

    for part in made.parts:
        assert check(message(HER, part, "reply:1"), {}) == "27825550199"


@settings(max_examples=200, deadline=None)
@given(REPLIES, st.sampled_from([META, TWILIO]))
def test_every_choice_can_be_tapped_or_typed_and_no_word_is_lost(replies, limits):
    made = render(replies, WORDS, limits)

    tapped = [choice.payload for part in made.parts for choice in part.choices]
    wanted = {
        choice.payload
        for reply in replies
        for choice in reply.choices
        if choice.title.split()
    }
    assert {*tapped, *made.offered} == wanted
    said = squeezed("".join(part.text for part in made.parts))
    for reply in replies:
        if not reply.choices:
            assert squeezed(marked(reply.text)) in said


@given(REPLIES)
@settings(max_examples=100, deadline=None)
def test_parts_survive_the_database(replies):
    for part in render(replies, WORDS).parts:
        assert Part.from_json(part.to_json()) == part


def test_an_emergency_is_one_message_also_when_it_is_long():
    text = "Call 112 now. " * 90
    (first, second) = render([Reply(text, (Choice("Yes", "y"),))], WORDS).parts

    assert first == Part("text", text.strip())
    assert (second.kind, second.text) == ("buttons", "Choose one:")


def test_a_title_that_is_too_long_stands_whole_in_the_list():
    choice = Choice("When a spasm turns into a strain", "button:section:x")
    (part,) = render([Reply("Which?", (choice,))], WORDS).parts

    body = message(HER, part, "r")
    (row,) = body["interactive"]["action"]["sections"][0]["rows"]
    assert row == {
        "id": "button:section:x",
        "title": "When a spasm turns into…",
        "description": "When a spasm turns into a strain",
    }


@pytest.mark.parametrize(
    ("count", "title", "kind"),
    [
        (1, "Yes", "buttons"),
        (3, "x" * 19, "buttons"),
        (3, "x" * 20, "list"),
        (4, "Yes", "list"),
        (10, "x" * 70, "list"),
        (11, "Yes", "text"),
        (2, "x" * 72, "text"),
    ],
)
def test_the_number_and_the_length_of_choices_decide(count, title, kind):
    choices = tuple(Choice(f"{title}{n % 10}", f"p{n}") for n in range(count))

    parts = render([Reply("Which?", choices)], WORDS).parts

    assert [part.kind for part in parts] == [kind]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**Bold** and __bold__", "*Bold* and *bold*"),
        ("## Title\n* one\n* two", "*Title*\n- one\n- two"),
        ("1) one", "1. one"),
        ("[our page](https://x.example/a)", "our page: https://x.example/a"),
        ("[012 555](tel:012555)", "012 555: 012555"),
        ("2 * 3 * 4 and a_b", "2 * 3 * 4 and a_b"),
    ],
)
def test_marks_are_those_of_whatsapp(text, shown):
    assert marked(text) == shown


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("2", "b"),
        (" 2. ", "b"),
        ("2)", "b"),
        ("option 2", "b"),
        ("#2", "b"),
        ("2️⃣", "b"),
        ("nr 2", "b"),
        ("0", ""),
        ("4", ""),
        ("2 days", ""),
        ("20", ""),
        ("082 555 0199", ""),
        ("two", ""),
        ("", ""),
    ],
)
def test_a_number_means_the_choice_that_was_shown(text, payload):
    assert picked(text, ["a", "b", "c"]) == payload
    assert picked(text, []) == ""
