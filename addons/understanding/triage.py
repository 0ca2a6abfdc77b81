"""What a message says about danger: flags, their status, and the level."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from addons.understanding.red_flag_rules import LEVELS

Status = Literal[
    "present", "uncertain", "negated", "hypothetical", "past", "other_person"
]

RAISING = frozenset({"present", "uncertain"})


@dataclass(frozen=True)
class Flag:
    """A red flag found in one message, with its place in the original text."""

    id: str
    level: str
    status: Status
    start: int
    end: int
    text: str
    via: Literal["rule", "model"]
    family: str


@dataclass(frozen=True)
class Triage:
    """What one message says about danger, judged by itself."""

    level: str
    flags: tuple[Flag, ...]

    @property
    def raised(self) -> tuple[Flag, ...]:
        """The flags that count, the gravest first."""
        found = [flag for flag in self.flags if flag.status in RAISING]
        return tuple(sorted(found, key=lambda flag: -LEVELS.index(flag.level)))


def level_of(flags: Sequence[Flag]) -> str:
    """Returns the highest level; a flag that is not raised counts as a card."""
    if not flags:
        return "none"
    levels = [flag.level if flag.status in RAISING else "card" for flag in flags]
    return max(levels, key=LEVELS.index)
