"""Chooses the thresholds on the tuning passes: `make safety-thresholds`."""

import itertools
from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np
import numpy.typing as npt

from addons.safety.opinion import STEPS, Thresholds
from addons.safety.triage import rank
from benchmarks.safety_messages import TUNING, Bench, Judged, read_passes

# What the quiet messages may cost at most; a little below the goals, as the choice is
# made on these very messages.
QUIET_URGENT = 0.016
QUIET_CHECK = 0.07
# An alarm that is graver than it need be is a false one too.
SOON_AS_EMERGENCY = 0.05
URGENT_AS_EMERGENCY = 0.30
LIMIT_WEIGHT = 20
# Below which score words of context are believed, a rule is doubted or taken back, or a
# sentence prevents nothing: by the share of alarming or quiet messages that lie below.
ALARMING_BELOW_QUIET = (0.005, 0.015, 0.03)
ALARMING_BELOW_DOUBTFUL = (0.005, 0.015)
ALARMING_BELOW_SILENT = (0.0, 0.002)
QUIET_BELOW_SENTENCE = (0.95, 0.98, 1.0)
ROUNDS = 2
NEVER = 1e9


def candidates(judged: Sequence[Judged], step: int) -> list[float]:
    """Returns thresholds that let through from 0.2 to 12 % of the quiet messages."""
    quiet = [j.scores.steps[step] for j in judged if j.example.quiet]
    return [
        float(np.quantile(quiet, 1 - part))
        for part in (0.002, 0.005, 0.008, 0.012, 0.016, 0.02, 0.03, 0.05, 0.07, 0.09)
    ]


def context_candidates(judged: Sequence[Judged]) -> list[dict[str, float]]:
    """Returns what may stop a rule: see `Thresholds`."""
    checks = [(j.scores.steps[0], j.example.quiet) for j in judged]
    alarming = [score for score, quiet in checks if not quiet]
    harmless = [score for score, quiet in checks if quiet]
    return [
        {"quiet": quiet, "doubtful": doubt, "silent": silent, "sentence": sentence}
        for quiet in np.quantile(alarming, ALARMING_BELOW_QUIET).tolist()
        for doubt in np.quantile(alarming, ALARMING_BELOW_DOUBTFUL).tolist()
        for silent in np.quantile(alarming, ALARMING_BELOW_SILENT).tolist()
        for sentence in np.quantile(harmless, QUIET_BELOW_SENTENCE).tolist()
    ]


Levels = npt.NDArray[np.int64]


def figures(meant: Levels, found: Levels) -> dict[str, float]:
    """Returns the shares that the goals are about; levels by their rank."""
    quiet = meant <= rank("card")

    def at_least(chosen: npt.NDArray[np.bool_], level: str) -> float:
        return float(np.mean(found[chosen] >= rank(level)))

    return {
        "emergency as emergency": at_least(meant == rank("emergency"), "emergency"),
        "emergency at least check": at_least(meant == rank("emergency"), "check"),
        "urgent at least urgent": at_least(meant == rank("urgent"), "urgent"),
        "soon at least check": at_least(meant == rank("soon"), "check"),
        "soon at least soon": at_least(meant == rank("soon"), "soon"),
        "check at least check": at_least(meant == rank("check"), "check"),
        "check as check": float(
            np.mean(found[meant == rank("check")] == rank("check"))
        ),
        "quiet at least urgent": at_least(quiet, "urgent"),
        "quiet at least check": at_least(quiet, "check"),
        "urgent as emergency": at_least(meant == rank("urgent"), "emergency"),
        "soon as emergency": at_least(meant == rank("soon"), "emergency"),
    }


def value(found: dict[str, float]) -> float:
    """Returns how good a choice is: what is caught, less what breaks a limit."""
    caught = (
        4 * found["emergency as emergency"]
        + 4 * found["emergency at least check"]
        + 2 * found["urgent at least urgent"]
        + 0.5 * found["soon at least check"]
        + 0.5 * found["soon at least soon"]
        + 0.5 * found["check at least check"]
        + 0.5 * found["check as check"]
    )
    limits = {
        "quiet at least urgent": QUIET_URGENT,
        "quiet at least check": QUIET_CHECK,
        "soon as emergency": SOON_AS_EMERGENCY,
        "urgent as emergency": URGENT_AS_EMERGENCY,
    }
    broken = sum(max(0.0, found[name] - most) for name, most in limits.items())
    return caught - LIMIT_WEIGHT * broken


def by_rules(bench: Bench, judged: Sequence[Judged], thresholds: Thresholds) -> Levels:
    """Returns the levels that the rules alone reach with these thresholds."""
    closed = replace(thresholds, check=NEVER, soon=NEVER, urgent=NEVER, emergency=NEVER)
    return np.array([rank(bench.triage(j, closed).level) for j in judged])


def together(rules: Levels, scores: npt.NDArray[np.float64], t: Thresholds) -> Levels:
    """Returns the levels of rules and statistical layer, as the detector does."""
    found = rules
    for column, step in enumerate(STEPS):
        reached = scores[:, column] >= getattr(t, step)
        found = np.maximum(found, np.where(reached, rank(step), 0))
    return found


def choose(bench: Bench, judged: Sequence[Judged]) -> Thresholds:
    """Returns the best thresholds of a grid, refined one or two at a time."""
    meant = np.array([rank(j.example.level) for j in judged])
    scores = np.array([j.scores.steps for j in judged])
    options = {step: candidates(judged, i) for i, step in enumerate(STEPS)}
    best, best_value = Thresholds(), -np.inf
    for context in context_candidates(judged):
        base = replace(best, **context)
        rules = by_rules(bench, judged, base)
        for _ in range(ROUNDS):
            for names in itertools.combinations(STEPS, 2):
                for numbers in itertools.product(*(options[name] for name in names)):
                    tried = replace(base, **dict(zip(names, numbers, strict=True)))
                    found = figures(meant, together(rules, scores, tried))
                    tried_value = value(found)
                    if tried_value > best_value:
                        best, best_value = tried, tried_value
                base = replace(best, **context)
    return best


def main() -> None:
    """Prints the thresholds for `config.yml` and what they do."""
    bench = Bench()
    judged = bench.judged(read_passes(TUNING))
    best = choose(bench, judged)
    print(f"{len(judged)} tuning messages")
    for name, number in asdict(best).items():
        print(f"      {name}: {number:.2f}")
    meant = np.array([rank(j.example.level) for j in judged])
    rules, both = (
        figures(meant, np.array([rank(bench.triage(j, t).level) for j in judged]))
        for t in (None, best)
    )
    print(f"{'':28}{'rules':>9}{'together':>10}")
    for name in both:
        print(f"{name:28}{rules[name]:9.1%}{both[name]:10.1%}")


if __name__ == "__main__":
    main()
