import numpy as np
import pytest

from addons.safety.learning.messages import Example
from addons.safety.learning.targets import Targets
from addons.safety.opinion import LEVEL_STEPS, STEPS

FLAGS = ("CHEST", "SADDLE", "WEAK")
OTHER = LEVEL_STEPS


def example(level: str, *flags: str, context: str = "plain") -> Example:
    return Example(level, flags, context, "some words", "pass-1")


def of(*examples: Example, questions: int = 0) -> tuple[np.ndarray, np.ndarray]:
    return Targets(FLAGS).of(examples, questions)


def test_the_flags_of_all_examples_stand_in_order_and_once():
    examples = (example("urgent", "WEAK", "CHEST"), example("none", "SADDLE"),
                example("check", "CHEST"))  # fmt: skip
    assert Targets.from_examples(examples) == Targets(FLAGS)


def test_there_is_an_output_for_each_step_each_flag_and_somebody_else():
    aims, counts = of(example("none"), questions=2)
    assert Targets(FLAGS).size == LEVEL_STEPS + 1 + len(FLAGS)
    assert aims.shape == counts.shape == (3, Targets(FLAGS).size)


@pytest.mark.parametrize(
    ("level", "steps"),
    [
        ("none", [0, 0, 0, 0]),
        ("card", [0, 0, 0, 0]),
        ("check", [1, 0, 0, 0]),
        ("soon", [1, 1, 0, 0]),
        ("urgent", [1, 1, 1, 0]),
        ("emergency", [1, 1, 1, 1]),
    ],
)
def test_a_level_reaches_its_step_and_all_below(level, steps):
    (row,), _ = of(example(level))
    assert row[:LEVEL_STEPS].tolist() == steps


@pytest.mark.parametrize(
    ("level", "flags"),
    [("none", [0, 0, 0]), ("card", [0, 0, 0]), ("check", [1, 0, 1]),
     ("emergency", [1, 0, 1])],
)  # fmt: skip
def test_the_flags_of_a_quiet_message_are_no_aim(level, flags):
    (row,), _ = of(example(level, "WEAK", "CHEST"))
    assert row[OTHER + 1 :].tolist() == flags


@pytest.mark.parametrize(
    ("context", "other"), [("other_now", 1), ("other_past", 0), ("plain", 0)]
)
def test_only_somebody_else_of_today_is_about_another_person(context, other):
    (row,), _ = of(example("urgent", "WEAK", context=context))
    assert row[OTHER] == other


def test_every_aim_of_a_message_counts():
    _, counts = of(example("none"), example("emergency", "CHEST"))
    assert counts.min() == 1


def test_a_question_is_quiet_but_teaches_nothing_of_lesser_levels_and_persons():
    aims, counts = of(example("emergency", "CHEST"), questions=1)
    names = [*STEPS, "other", *FLAGS]
    taught = {name for name, count in zip(names, counts[1], strict=True) if count}
    assert taught == {"urgent", "emergency", *FLAGS}
    assert aims[1].max() == 0
