"""The messages as they are learned in one round: with slips, and beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from addons.safety.learning.messages import Example
from addons.safety.phrases import Phrase

Array = npt.NDArray[np.float32]

SHORTEST_WORD = 4
LETTERS = "abcdefghijklmnopqrstuvwxyz"
JOINTS = (". ", " ", ", ", "? ", " and ", "\n")
# The share of messages with a slip, and how many mixtures there are beside them.
SLIPS = 0.15
MIXTURES = 0.15
# A longer message is no part of a mixture.
LONGEST_PART = 220


@dataclass(frozen=True)
class Lessons:
    """Texts, what the outputs should be for each, and which of them count."""

    texts: Sequence[str]
    aims: Array
    counts: Array


def mistyped(text: str, random: np.random.Generator) -> str:
    """Returns a text with one slip of a finger in one of its longer words."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) >= SHORTEST_WORD]
    if not long:
        return text
    index = int(random.choice(long))
    word = words[index]
    place = int(random.integers(1, len(word) - 1))
    kind = int(random.integers(4))
    if kind == 0:
        word = word[:place] + word[place + 1 :]
    elif kind == 1:
        word = word[:place] + word[place] + word[place:]
    elif kind == 2:
        word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    else:
        word = word[:place] + str(random.choice(list(LETTERS))) + word[place + 1 :]
    words[index] = word
    return " ".join(words)


def from_phrases(phrases: Sequence[Phrase]) -> list[Example]:
    """Returns the phrases of the specification as examples."""
    return [
        Example(p.level, (p.flag,) if not p.is_trap else (), "plain", p.text, "phrases")
        for p in phrases
    ]


def varied(lessons: Lessons, kinds: int, random: np.random.Generator) -> Lessons:
    """Returns the lessons of one round: some with slips, and mixtures of two.

    A mixture deserves what the graver of its parts deserves: this teaches that one
    clause counts in a long story.

    Args:
        lessons: what was written.
        kinds: how many of the last outputs say nothing of a mixture.
        random: the source of chance.
    """
    texts = [
        mistyped(text, random) if random.random() < SLIPS else text
        for text in lessons.texts
    ]
    short = [i for i, text in enumerate(texts) if len(text) < LONGEST_PART]
    mixtures = int(MIXTURES * len(texts)) if short else 0
    first, second = random.choice(short or [0], (2, mixtures))
    texts += [
        str(random.choice(JOINTS)).join((texts[i], texts[j]))
        for i, j in zip(first, second, strict=True)
    ]
    aims = np.maximum(lessons.aims[first], lessons.aims[second])
    counts = np.minimum(lessons.counts[first], lessons.counts[second])
    # What a part surely reaches, the whole reaches too.
    for part in (first, second):
        counts = np.maximum(counts, lessons.aims[part] * lessons.counts[part])
    counts[:, counts.shape[1] - kinds :] = 0
    return Lessons(
        texts,
        np.concatenate([lessons.aims, aims]),
        np.concatenate([lessons.counts, counts]),
    )
