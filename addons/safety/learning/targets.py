"""What the network learns to say of a message, one number each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from addons.safety.learning.messages import Example
from addons.safety.opinion import LEVEL_STEPS, STEPS
from addons.safety.triage import rank

Array = npt.NDArray[np.float32]

OTHER_PERSON = "other_now"


@dataclass(frozen=True)
class Targets:
    """The order of the outputs: levels, whether it is about somebody else, flags."""

    flags: tuple[str, ...]

    @classmethod
    def from_examples(cls, examples: Sequence[Example]) -> "Targets":
        """Takes all flags that the examples name."""
        return cls(tuple(sorted({flag for e in examples for flag in e.flags})))

    @property
    def size(self) -> int:
        """How many outputs there are."""
        return LEVEL_STEPS + 1 + len(self.flags)

    def of(self, examples: Sequence[Example], questions: int) -> tuple[Array, Array]:
        """Returns what the outputs should be, and which of them count.

        An ordinary question about pain counts as quiet, but it may deserve the levels
        below urgent: there it teaches nothing.
        """
        aims = np.zeros((len(examples) + questions, self.size), np.float32)
        counts = np.ones_like(aims)
        counts[len(examples) :, : STEPS.index("urgent")] = 0
        counts[len(examples) :, LEVEL_STEPS] = 0
        place = {flag: LEVEL_STEPS + 1 + i for i, flag in enumerate(self.flags)}
        for row, example in enumerate(examples):
            for column, step in enumerate(STEPS):
                aims[row, column] = rank(example.level) >= rank(step)
            aims[row, LEVEL_STEPS] = example.context == OTHER_PERSON
            if not example.quiet:
                for flag in example.flags:
                    aims[row, place[flag]] = 1
        return aims, counts
