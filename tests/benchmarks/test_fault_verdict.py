"""The fault test notices what it is there to notice."""

import pytest

from benchmarks.fault_verdict import (
    CONFIRMED,
    REQUESTED,
    Delivery,
    Told,
    Verdict,
    judge,
    judge_delivery,
)

GOOD = Told("p1", ("K7Q-4MD",), silences=0, unanswered=0, gave_up=False)
ROW = ("p1", "K7Q-4MD")


def told(**changes):
    return Told(**{**vars(GOOD), **changes})


@pytest.mark.parametrize(
    ("patient", "rows", "rasa", "expected"),
    [
        (GOOD, [ROW], False, Verdict(1)),
        (told(references=("K7Q-4MD", "K7Q-4MD")), [ROW], False, Verdict(1)),
        (GOOD, [], False, Verdict(1, lost=1)),
        (GOOD, [("p2", "K7Q-4MD")], False, Verdict(1, lost=1)),
        (GOOD, [("p1", "XXX-999")], False, Verdict(1, lost=1)),
        (GOOD, [ROW, ("p1", "XXX-999")], False, Verdict(1, doubled=1)),
        (
            told(references=("K7Q-4MD", "XXX-999")),
            [ROW, ("p1", "XXX-999")],
            False,
            Verdict(1, doubled=2),
        ),
        (told(silences=2), [ROW], False, Verdict(1, silent=2)),
        (told(unanswered=3), [ROW], False, Verdict(1, retried=3, silent=3)),
        (told(unanswered=3), [ROW], True, Verdict(1, retried=3)),
        (told(references=(), gave_up=True), [], False, Verdict(1, gave_up=1)),
    ],
)
def test_a_trial_is_judged(patient, rows, rasa, expected):
    verdict = judge([patient], rows, rasa_was_killed=rasa)

    assert verdict == expected
    alarming = Verdict(1, retried=verdict.retried)
    assert verdict.is_good == (verdict == alarming)


def test_trials_add_up():
    assert Verdict(1, 2, 3, 4, 5, 6) + Verdict(1, 1, 1, 1, 1, 1) == Verdict(
        2, 3, 4, 5, 6, 7
    )


SENT = {"a": "delivered", "b": "delivered", "m": "delivered"}
CAME = {
    "a": (REQUESTED, "K7Q-4MD"),
    "b": (CONFIRMED, "K7Q-4MD"),
    "m": ("mail", "A request"),
}


@pytest.mark.parametrize(
    ("outbox", "received", "expected"),
    [
        (SENT, CAME, Delivery(3, 1, 0, 0, 0)),
        ({**SENT, "m": "failed"}, CAME, Delivery(3, 1, 1, 0, 0)),
        (SENT, {"a": CAME["a"], "b": CAME["b"]}, Delivery(3, 1, 1, 0, 0)),
        (SENT, {"a": CAME["a"], "m": CAME["m"]}, Delivery(3, 1, 1, 0, 1)),
        (
            {**SENT, "c": "delivered"},
            {**CAME, "c": (CONFIRMED, "K7Q-4MD")},
            Delivery(4, 1, 0, 0, 1),
        ),
        (SENT, {**CAME, "x": ("mail", "Another")}, Delivery(3, 1, 0, 1, 0)),
        (SENT, {**CAME, "x": (REQUESTED, "XXX-999")}, Delivery(3, 1, 0, 1, 1)),
    ],
)
def test_the_messages_are_judged(outbox, received, expected):
    found = judge_delivery(outbox, received, references=["K7Q-4MD"], repeats=1)

    assert found == expected
    assert found.is_good == (expected == Delivery(3, 1, 0, 0, 0))
