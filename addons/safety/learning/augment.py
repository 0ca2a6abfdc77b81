"""More messages from those that were written: with a slip, or beside other talk."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from addons.safety.learning.messages import Example
from addons.safety.phrases import Phrase

SHORTEST_WORD = 4
LETTERS = "abcdefghijklmnopqrstuvwxyz"
JOINTS = (". ", " ", ", ", "? ", " and ", "\n")


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


def augmented(
    examples: Sequence[Example],
    questions: Sequence[str],
    random: np.random.Generator,
    *,
    slips: int,
    mixtures: int,
) -> list[Example]:
    """Returns further examples of the same meaning.

    Args:
        examples: what was written.
        questions: what people ask about the articles, to stand beside a message.
        random: the source of chance.
        slips: how many messages get a typing error.
        mixtures: how many messages get a question before or after them.
    """
    more = []
    for index in random.choice(len(examples), slips):
        example = examples[index]
        more.append(replace(example, text=mistyped(example.text, random)))
    for index in random.choice(len(examples), mixtures):
        example = examples[index]
        parts = [example.text, str(random.choice(questions))]
        if random.integers(2):
            parts.reverse()
        more.append(replace(example, text=str(random.choice(JOINTS)).join(parts)))
    return more
