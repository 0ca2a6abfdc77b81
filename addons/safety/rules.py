"""The clinical rules as data: red flags, and the signs that they combine."""

from dataclasses import dataclass, field

GAP = "..."

# Names of signs or flags: one of each inner row must be there.
Combination = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Sign:
    """A finding or a fact that raises nothing by itself, such as a fever.

    Attributes:
        history: it counts even if it is long past, such as a cancer.
    """

    name: str
    meaning: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    history: bool = False


@dataclass(frozen=True)
class Upgrade:
    """What raises a flag to a higher level."""

    level: str
    together: tuple[Combination, ...]


@dataclass(frozen=True)
class Rule:
    """One red flag of the specification and what raises it.

    Attributes:
        patterns: wordings that raise it alone.
        doubtful: wordings that raise `check` only.
        together: signs and other flags that raise it if they come together.
        resolved: its level if the sign was there and has gone by itself.
        asks: the yes/no question about it, the end of a response's name.
        history: it counts even if it is long past.
    """

    id: str
    level: str
    condition: str
    family: str = "general"
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    together: tuple[Combination, ...] = ()
    upgrades: tuple[Upgrade, ...] = ()
    resolved: str = "card"
    asks: str = ""
    history: bool = False
    source: str = ""
    reviewer: str = ""


@dataclass(frozen=True)
class RuleBook:
    """All rules and all signs, in the order of their files."""

    rules: tuple[Rule, ...]
    signs: tuple[Sign, ...] = field(default=())

    def rule(self, name: str) -> Rule:
        """Returns the rule of a flag."""
        return next(rule for rule in self.rules if rule.id == name)
