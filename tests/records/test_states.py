import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import IllegalMoveError
from records.references import SIGNS, is_mixed, new_reference, read_reference
from records.states import STATES, STEPS, after

ALL_STEPS = sorted({step for steps in STEPS.values() for step in steps})
ENDED = ("declined", "cancelled", "expired")


@pytest.mark.parametrize(
    ("state", "step", "next_state"),
    [
        ("requested", "propose", "proposed"),
        ("requested", "confirm", "confirmed"),
        ("proposed", "confirm", "confirmed"),
        ("proposed", "move", "requested"),
        ("confirmed", "confirm", "confirmed"),
        ("confirmed", "move", "requested"),
        ("confirmed", "attend", "attended"),
        ("attended", "miss", "no_show"),
        ("no_show", "attend", "attended"),
    ],
)
def test_a_step_leads_to_the_next_state(state, step, next_state):
    assert after(state, step) == next_state


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("requested", "attend"),
        ("proposed", "miss"),
        ("confirmed", "propose"),
        ("confirmed", "decline"),
        ("confirmed", "expire"),
        ("attended", "cancel"),
        ("no_show", "move"),
        ("requested", "fly"),
        ("nowhere", "confirm"),
        *((state, step) for state in ENDED for step in ALL_STEPS),
    ],
)
def test_an_illegal_step_is_refused(state, step):
    with pytest.raises(IllegalMoveError, match=step):
        after(state, step)


def test_every_state_that_a_step_leads_to_is_known():
    assert {to for steps in STEPS.values() for to in steps.values()} <= set(STATES)


def test_references_hold_no_sign_that_looks_like_another():
    assert not set(SIGNS) & set("01258ILOSZBUVAE")


def test_references_differ():
    assert len({new_reference() for _ in range(1000)}) > 990


def test_every_reference_has_letters_and_digits_so_that_it_is_known_in_a_sentence():
    assert all(is_mixed(new_reference()) for _ in range(1000))


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("K7Q-4MD", "K7Q-4MD"),
        (" k7q 4md. ", "K7Q-4MD"),
        ("k7q4md", "K7Q-4MD"),
        ("K7Q–4MD", "K7Q-4MD"),
        ("K7Q-4M", ""),
        ("K7Q-4MDX", ""),
        ("K7Q-4M0", ""),
        ("", ""),
        ("ﬁ7Q-4MD", ""),
    ],
)
def test_a_typed_reference_is_read_as_it_is_stored(typed, reference):
    assert read_reference(typed) == reference


@given(st.text(max_size=40))
def test_nonsense_is_never_read_as_something_else_than_a_reference(typed):
    read = read_reference(typed)
    assert read == "" or read_reference(read) == read
