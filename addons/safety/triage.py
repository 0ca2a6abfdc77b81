"""What a message says about danger: flags, their status, and the level."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

LEVELS = ("none", "card", "check", "soon", "urgent", "emergency")

Status = Literal[
    "present", "uncertain", "negated", "hypothetical", "past", "other_person"
]
Via = Literal["rule", "model"]

RAISING = frozenset({"present", "uncertain"})


@dataclass(frozen=True)
class Flag:
    """A red flag found in one message, with its place in the original text.

    `level` is what it counts for here: a denied flag counts as a card.
    """

    id: str
    level: str
    status: Status
    start: int
    end: int
    text: str
    via: Via
    family: str


@dataclass(frozen=True)
class Triage:
    """What one message says about danger, judged by itself.

    `signs` are the signs and facts in it that are neither denied nor somebody else's.
    `about_other` says that the danger is somebody else's, such as a mother's.
    `failed` says that nothing could be judged: then the card is shown in any case.
    """

    level: str
    flags: tuple[Flag, ...] = ()
    signs: tuple[str, ...] = ()
    about_other: bool = False
    failed: bool = False

    @property
    def raised(self) -> tuple[Flag, ...]:
        """The flags that count for more than a card, the gravest first."""
        found = [flag for flag in self.flags if rank(flag.level) > rank("card")]
        return tuple(sorted(found, key=lambda flag: -rank(flag.level)))


def rank(level: str) -> int:
    """Returns the place of a level, from 0 for none to 5 for emergency."""
    return LEVELS.index(level)


def highest(levels: Iterable[str]) -> str:
    """Returns the gravest of some levels; none if there are none."""
    return max(levels, key=rank, default=LEVELS[0])
