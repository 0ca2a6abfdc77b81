import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.booking.visits import people, visits


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("me", ("self",)),
        ("myself please", ("self",)),
        ("vir my", ("self",)),
        ("my son", ("child",)),
        ("I want it for my little boy", ("child",)),
        ("vir my seun", ("child",)),
        ("my wife", ("someone_else",)),
        ("it's for my mother", ("someone_else",)),
        ("someone else", ("someone_else",)),
        ("not for me, my husband", ("someone_else",)),
        ("me and my son", ("child", "self")),
        ("my son or my wife", ("child", "someone_else")),
        ("what does it cost", ()),
        ("", ()),
    ],
)
def test_reads_for_whom_a_visit_is(text, found):
    assert people(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("first visit", ("first",)),
        ("I am new", ("first",)),
        ("never been there before", ("first",)),
        ("eerste keer", ("first",)),
        ("follow-up", ("follow_up",)),
        ("not my first time", ("follow_up",)),
        ("I've been to you before", ("follow_up",)),
        ("a home visit please", ("home",)),
        ("can we do it by video", ("online",)),
        ("first or follow up?", ("follow_up", "first")),
        ("hello", ()),
    ],
)
def test_reads_the_kind_of_visit(text, found):
    assert visits(text) == found


@given(st.text(max_size=300))
def test_never_fails(text):
    people(text)
    visits(text)
