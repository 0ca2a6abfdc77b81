import json

import pytest

from actions.thread import Thread

FULL = Thread(
    section="back#heat",
    part=2,
    offered=("button:book", "button:none"),
    yes="button:book",
    question="warm?",
    passages=("back#rest",),
)


def test_slot_value_is_plain_json():
    assert FULL.to_slot() == {
        "section": "back#heat",
        "part": 2,
        "offered": ["button:book", "button:none"],
        "yes": "button:book",
        "question": "warm?",
        "passages": ["back#rest"],
    }


@pytest.mark.parametrize("thread", [Thread(), FULL])
def test_thread_survives_the_slot(thread):
    stored = json.loads(json.dumps(thread.to_slot()))

    assert Thread.from_slot(stored) == thread


@pytest.mark.parametrize(
    ("value", "thread"),
    [
        (None, Thread()),
        ("", Thread()),
        ("none", Thread()),
        ("back#heat", Thread()),
        ([], Thread()),
        (3, Thread()),
        ({}, Thread()),
        ({"colour": "red"}, Thread()),
        ({"section": "back#heat", "colour": "red"}, Thread(section="back#heat")),
        ({"offered": None, "passages": None}, Thread()),
        ({"offered": ["button:book"]}, Thread(offered=("button:book",))),
    ],
)
def test_reads_what_it_can_of_a_slot(value, thread):
    assert Thread.from_slot(value) == thread
