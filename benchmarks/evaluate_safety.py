"""Judges the held-out messages and fails below the goals: `make evaluate-safety`."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

from addons.safety.learning.messages import Example
from addons.safety.opinion import Thresholds
from addons.safety.triage import Triage, rank
from benchmarks.intervals import wilson
from benchmarks.other_opinions import other_opinions
from benchmarks.safety_messages import HELD_OUT, Bench, read_passes

CONFIG_FILE = Path("config.yml")
DETECTOR = "addons.components.red_flag_detector.RedFlagDetector"
QUIET = ("none", "card")


@dataclass(frozen=True)
class Goal:
    """A share of some messages that must reach a level, or must not."""

    name: str
    of: Callable[[Example], bool]
    level: str
    least: float = 0.0
    most: float = 1.0


GOALS = (
    Goal("emergency as emergency", lambda e: e.level == "emergency", "emergency", 0.97),
    Goal("emergency at least check", lambda e: e.level == "emergency", "check", 0.995),
    Goal("urgent at least urgent", lambda e: e.level == "urgent", "urgent", 0.92),
    Goal("quiet at least urgent", lambda e: e.quiet, "urgent", most=0.02),
    Goal("quiet at least check", lambda e: e.quiet, "check", most=0.08),
    Goal(
        "alarming questions at least urgent",
        lambda e: e.quiet and e.context == "faq",
        "urgent",
        most=0.02,
    ),
)


def read_thresholds() -> Thresholds:
    """Returns the thresholds of `config.yml`."""
    pipeline = YAML(typ="safe").load(CONFIG_FILE)["pipeline"]
    (detector,) = (part for part in pipeline if part["name"] == DETECTOR)
    return Thresholds(**detector["thresholds"])


def row(name: str, hits: Sequence[bool]) -> str:
    """Returns a line with a share and its 95 % interval."""
    low, high = wilson(sum(hits), len(hits))
    share = sum(hits) / len(hits) if hits else 0
    counts = f"{sum(hits)}/{len(hits)}"
    return f"{name:38}{counts:>10}{share:8.1%}   {low:6.1%} to {high:6.1%}"


Outcome = tuple[Example, Triage]


def print_goals(outcomes: Sequence[Outcome]) -> bool:
    """Prints each goal and says whether all are reached."""
    reached = True
    for goal in GOALS:
        hits = [rank(t.level) >= rank(goal.level) for e, t in outcomes if goal.of(e)]
        share = sum(hits) / len(hits)
        is_reached = goal.least <= share <= goal.most
        reached = reached and is_reached
        wanted = f"least {goal.least:.1%}" if goal.least else f"most {goal.most:.1%}"
        print(f"{row(goal.name, hits)}   at {wanted}: {'yes' if is_reached else 'NO'}")
    return reached


def print_groups(outcomes: Sequence[Outcome]) -> None:
    """Prints what is caught by flag, and what is raised by kind of context."""
    print("\nBy flag: at its level or above")
    flags = sorted({f for e, _ in outcomes if not e.quiet for f in e.flags})
    for flag in flags:
        hits = [
            rank(t.level) >= rank(e.level)
            for e, t in outcomes
            if flag in e.flags and not e.quiet
        ]
        print(row(flag, hits))
    contexts = sorted({e.context for e, _ in outcomes})
    print("\nBy context: at its level or above")
    for context in contexts:
        some = [(e, t) for e, t in outcomes if e.context == context and not e.quiet]
        if some:
            print(row(context, [rank(t.level) >= rank(e.level) for e, t in some]))
    print("\nBy context: quiet messages at urgent or above")
    for context in contexts:
        some = [(e, t) for e, t in outcomes if e.context == context and e.quiet]
        if some:
            print(row(context, [rank(t.level) >= rank("urgent") for _, t in some]))
    print("\nBy pass: emergencies at emergency, and quiet messages at urgent or above")
    for source in sorted({e.source for e, _ in outcomes}):
        own = [(e, t.level) for e, t in outcomes if e.source == source]
        caught = [level == "emergency" for e, level in own if e.level == "emergency"]
        print(row(f"{source}: caught", caught))
        raised = [rank(level) >= rank("urgent") for e, level in own if e.quiet]
        print(row(f"{source}: false alarms", raised))
    print("\nGraver than meant")
    for meant in ("urgent", "soon", "check"):
        hits = [t.level == "emergency" for e, t in outcomes if e.level == meant]
        print(row(f"{meant} as emergency", hits))


def print_speed(
    bench: Bench, thresholds: Thresholds, examples: Sequence[Example]
) -> None:
    """Prints how long the whole detector takes for one message."""
    judge = bench.detector(thresholds)
    times = []
    for example in examples:
        start = time.perf_counter()
        judge.judge(example.text)
        times.append(1000 * (time.perf_counter() - start))
    print(f"\nWhole detector: p50 {np.median(times):.1f} ms, p95 "
          f"{np.quantile(times, 0.95):.1f} ms")  # fmt: skip
    story = " ".join(example.text for example in examples if example.quiet)
    for length in (500, 1000, 2500, 5000):
        start = time.perf_counter()
        for _ in range(5):
            judge.judge(story[:length])
        print(f"{length:5} characters: {200 * (time.perf_counter() - start):6.1f} ms")


def main() -> int:
    """Prints everything; returns 1 if a goal is missed."""
    bench = Bench()
    thresholds = read_thresholds()
    examples = read_passes(HELD_OUT)
    judged = bench.judged(examples)
    outcomes = [(j.example, bench.triage(j, thresholds)) for j in judged]
    print(f"{len(examples)} held-out messages\n")
    reached = print_goals(outcomes)
    print_groups(outcomes)
    print("\nOthers on the same messages: emergencies at emergency, quiet at urgent")
    for name, levels in other_opinions(bench, judged, thresholds).items():
        pairs = list(zip(examples, levels, strict=True))
        caught = [level == "emergency" for e, level in pairs if e.level == "emergency"]
        raised = [rank(level) >= rank("urgent") for e, level in pairs if e.quiet]
        print(row(f"{name}: caught", caught))
        print(row(f"{name}: false alarms", raised))
    print_speed(bench, thresholds, examples[::5])
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
