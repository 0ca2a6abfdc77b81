"""Signs and flags that raise a flag if they come together."""

from collections.abc import Collection, Iterable, Iterator

from addons.safety.rules import Combination, Rule
from addons.safety.triage import rank


def met(
    rules: Iterable[Rule], names: Collection[str]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yields each flag that these signs and flags raise together.

    Yields:
        The flag, its level, and the names that met. A flag comes once, at the highest
        level that it reaches.
    """
    for rule in rules:
        best = max(
            (
                (rank(level), level, meeting)
                for level, combination in _combinations(rule)
                if (meeting := _meeting(combination, names))
            ),
            default=None,
        )
        if best:
            yield rule.id, best[1], best[2]


def _combinations(rule: Rule) -> Iterator[tuple[str, Combination]]:
    for combination in rule.together:
        yield rule.level, combination
    for upgrade in rule.upgrades:
        for combination in upgrade.together:
            yield upgrade.level, combination


def _meeting(combination: Combination, known: Collection[str]) -> tuple[str, ...]:
    """Returns one known name of each part, or nothing if a part has none."""
    found = [next((n for n in part if n in known), "") for part in combination]
    return tuple(found) if all(found) else ()
