"""What the network learns to say of a message, one number each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from addons.safety.learning.messages import CONTEXTS, Example
from addons.safety.opinion import LEVEL_STEPS, STEPS
from addons.safety.triage import rank

Array = npt.NDArray[np.float32]

OTHER_PERSON = "other_now"
QUESTION = "faq"
# The kinds of context are learned so that the layers know a denial from a sign; a
# conversation does not read these outputs.
KINDS = tuple(sorted(CONTEXTS))


@dataclass(frozen=True)
class Targets:
    """The order of the outputs: levels, somebody else, flags; then kinds of context."""

    flags: tuple[str, ...]

    @classmethod
    def from_examples(cls, examples: Sequence[Example]) -> "Targets":
        """Takes all flags that the examples name."""
        return cls(tuple(sorted({flag for e in examples for flag in e.flags})))

    @property
    def read(self) -> int:
        """How many outputs a conversation reads: all before the kinds of context."""
        return LEVEL_STEPS + 1 + len(self.flags)

    @property
    def size(self) -> int:
        """How many outputs there are."""
        return self.read + len(KINDS)

    def of(self, examples: Sequence[Example], questions: int) -> tuple[Array, Array]:
        """Returns what the outputs should be, and which of them count.

        An ordinary question about pain counts as quiet, but it may deserve the levels
        below urgent: there it teaches nothing.
        """
        aims = np.zeros((len(examples) + questions, self.size), np.float32)
        counts = np.ones_like(aims)
        counts[len(examples) :, : STEPS.index("urgent")] = 0
        counts[len(examples) :, LEVEL_STEPS] = 0
        aims[len(examples) :, self.read + KINDS.index(QUESTION)] = 1
        place = {flag: LEVEL_STEPS + 1 + i for i, flag in enumerate(self.flags)}
        for row, example in enumerate(examples):
            for column, step in enumerate(STEPS):
                aims[row, column] = rank(example.level) >= rank(step)
            aims[row, LEVEL_STEPS] = example.context == OTHER_PERSON
            aims[row, self.read + KINDS.index(example.context)] = 1
            if not example.quiet:
                for flag in example.flags:
                    aims[row, place[flag]] = 1
        return aims, counts
