import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.chat.frames import (
    Greeting,
    Rating,
    Spoken,
    read_greeting,
    read_rating,
    read_spoken,
)

ID = "0123456789abcdef"
NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["id", "text", "button", "token", "last", "helpful"]), inner
        )
    ),
    max_leaves=6,
)


def test_a_message_is_read():
    assert read_spoken({"id": ID, "text": "hello"}) == Spoken(ID, "hello")
    frame = {"id": ID, "text": "More", "button": f"{ID}.1:0", "again": True}
    assert read_spoken(frame) == Spoken(ID, "More", f"{ID}.1:0", again=True)


@pytest.mark.parametrize(
    "frame",
    [
        None,
        "text",
        [],
        {},
        {"text": "no id"},
        {"id": "short", "text": ""},
        {"id": ID + " ", "text": ""},
        {"id": ID + "\n", "text": ""},
        {"id": f"{ID}.1", "text": ""},
        {"id": "x" * 65, "text": ""},
        {"id": 12345678, "text": ""},
        {"id": ID, "text": None},
        {"id": ID, "text": "a", "button": "button:book"},
        {"id": ID, "text": "a", "button": None},
    ],
)
def test_a_malformed_message_is_refused(frame):
    assert read_spoken(frame) is None


def test_a_rating_is_read_or_refused():
    assert read_rating({"id": f"{ID}.1", "helpful": False}) == Rating(f"{ID}.1", False)
    for wrong in (None, {}, {"id": ID}, {"id": ID, "helpful": 1}, {"helpful": True}):
        assert read_rating(wrong) is None


def test_a_malformed_greeting_is_that_of_somebody_new():
    assert read_greeting({"token": "t", "last": f"{ID}.1"}) == Greeting("t", f"{ID}.1")
    assert read_greeting({"token": 5, "last": ["x"]}) == read_greeting(7) == Greeting()


@given(NONSENSE)
def test_no_nonsense_raises(data):
    read_greeting(data)
    read_spoken(data)
    read_rating(data)
