import numpy as np
import pytest

from addons.safety.learning.messages import Example
from addons.safety.learning.targets import KINDS, Targets
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


def test_steps_flags_and_somebody_else_are_read_and_kinds_of_context_only_learned():
    aims, counts = of(example("none"), questions=2)
    assert Targets(FLAGS).read == LEVEL_STEPS + 1 + len(FLAGS)
    assert Targets(FLAGS).size == Targets(FLAGS).read + len(KINDS)
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
    assert row[OTHER + 1 : Targets(FLAGS).read].tolist() == flags


@pytest.mark.parametrize("context", ["plain", "denied", "faq"])
def test_a_message_is_of_one_kind(context):
    (row,), _ = of(example("card", context=context))
    assert [*KINDS].index(context) == row[Targets(FLAGS).read :].argmax()
    assert row[Targets(FLAGS).read :].sum() == 1


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
    names = [*STEPS, "other", *FLAGS, *KINDS]
    taught = {name for name, count in zip(names, counts[1], strict=True) if count}
    assert taught == {"urgent", "emergency", *FLAGS, *KINDS}
    assert aims[1, : Targets(FLAGS).read].max() == 0
    assert KINDS[aims[1, Targets(FLAGS).read :].argmax()] == "faq"
