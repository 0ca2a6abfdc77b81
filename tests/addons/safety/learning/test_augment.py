import numpy as np
import pytest

from addons.safety.learning.augment import (
    JOINTS,
    LONGEST_PART,
    MIXTURES,
    Lessons,
    mistyped,
    varied,
)

KINDS = 2
# Two levels, then two kinds of context.
SIGN, QUIET = [1, 1, 1, 0], [0, 0, 0, 1]


def lessons(*texts: str, aims: list[list[int]], counts: list[list[int]] | None = None):
    taught = np.array(aims, np.float32)
    counted = np.ones_like(taught) if counts is None else np.array(counts, np.float32)
    return Lessons(texts, taught, counted)


def mixtures(some: Lessons, seed: int = 1) -> Lessons:
    """The lessons beyond those that were written."""
    made, count = varied(some, KINDS, np.random.default_rng(seed)), len(some.texts)
    return Lessons(made.texts[count:], made.aims[count:], made.counts[count:])


@pytest.mark.parametrize("seed", range(20))
def test_a_slip_changes_one_longer_word_a_little(seed):
    typed = ["I", "am", "numb", "between"]
    slipped = mistyped(" ".join(typed), np.random.default_rng(seed)).split(" ")

    changed = [(a, b) for a, b in zip(typed, slipped, strict=True) if a != b]
    assert len(changed) <= 1
    assert all(len(a) >= 4 and abs(len(a) - len(b)) <= 1 for a, b in changed)


def test_a_text_of_short_words_has_no_slip():
    assert mistyped("i am ill", np.random.default_rng(0)) == "i am ill"


def test_every_message_stays_and_mixtures_are_added():
    some = lessons(*["a sign", "a day"] * 50, aims=[SIGN, QUIET] * 50)
    made = varied(some, KINDS, np.random.default_rng(1))
    assert len(made.texts) == len(made.aims) == len(made.counts)
    assert len(made.texts) == 100 + int(100 * MIXTURES)
    np.testing.assert_array_equal(made.aims[:100], some.aims)


def test_a_mixture_reaches_what_the_graver_of_its_parts_reaches():
    made = mixtures(lessons(*["bit", "day"] * 50, aims=[SIGN, QUIET] * 50))
    for text, aims in zip(made.texts, made.aims, strict=True):
        assert any(len(text.split(joint)) == 2 for joint in JOINTS)
        assert aims[:2].max() == ("bit" in text)


def test_a_mixture_is_of_no_kind():
    made = mixtures(lessons(*["bit", "day"] * 50, aims=[SIGN, QUIET] * 50))
    assert made.counts[:, -KINDS:].max() == 0
    assert made.counts[:, :-KINDS].min() == 1


def test_what_a_part_leaves_open_the_mixture_leaves_open_unless_the_other_reaches_it():
    open_ = [0, 1, 1, 1]
    some = lessons(*["bit", "day"] * 50, aims=[SIGN, QUIET] * 50,
                   counts=[[1] * 4, open_] * 50)  # fmt: skip
    made = mixtures(some)
    for text, counts in zip(made.texts, made.counts, strict=True):
        assert counts[0] == ("bit" in text)


def test_a_long_message_is_no_part_of_a_mixture():
    long = "word " * LONGEST_PART
    made = mixtures(lessons(*[long, "day"] * 50, aims=[SIGN, QUIET] * 50))
    assert made.aims[:, :2].max() == 0


def test_there_is_no_mixture_if_all_messages_are_long():
    some = lessons(*["word " * LONGEST_PART] * 20, aims=[QUIET] * 20)
    assert len(varied(some, KINDS, np.random.default_rng(1)).texts) == 20
