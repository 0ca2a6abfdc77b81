"""Answers the held-out questions and compares with the targets: `make evaluate`."""

import asyncio
import logging
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Sequence

import structlog

from benchmarks.held_out import QUESTIONS_FILE, Case, Result, read_cases, result_of
from benchmarks.intervals import wilson
from documents.library import Library

MODEL = "models/front-desk.tar.gz"
RIGHT_FIRST_TARGET = 0.92
REFUSED_TARGET = 0.90
KEPT_TARGET = 0.95

Judged = Sequence[tuple[Case, Result]]


async def _parse_all(cases: Sequence[Case], library: Library) -> list[Result]:
    from rasa.core.agent import Agent  # slow, and not needed to show usage

    agent = Agent.load(MODEL)
    parsed = [await agent.parse_message(case.text) for case in cases]
    return [result_of(message, library) for message in parsed]


def main(arguments: list[str]) -> int:
    """Prints the figures; returns 1 if a target is missed."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR)
    )
    library = Library.from_folder()
    cases = read_cases(QUESTIONS_FILE, library)
    judged = list(zip(cases, asyncio.run(_parse_all(cases, library)), strict=True))
    if "--list" in arguments:
        _list_misses(judged)
    return _report(judged)


def _report(judged: Judged) -> int:
    topics = [(c, r) for c, r in judged if c.group == "topics"]
    outside = [(c, r) for c, r in judged if not c.sections]
    first = sum(r.sections[:1] == c.sections for c, r in topics)
    kept = sum(bool(r.sections) for c, r in topics)
    refused = sum(not r.sections for c, r in outside)
    at_once = sum(
        r.kind == "answered" and r.sections[:1] == c.sections for c, r in topics
    )
    offered = sum(
        r.kind == "offered" and c.sections[0] in r.sections for c, r in topics
    )
    wrong = sum(
        r.kind == "answered" and r.sections[:1] != c.sections for c, r in topics
    )
    print(f"{len(topics)} questions on {len(Library.from_folder().topics)} topics")
    passed = [
        _line("right section first", first, len(topics), RIGHT_FIRST_TARGET),
        _line("answered or offered", kept, len(topics), KEPT_TARGET),
    ]
    _line("  right answer at once", at_once, len(topics))
    _line("  right one among the options", offered, len(topics))
    _line("  wrong answer", wrong, len(topics))
    print(f"{len(outside)} messages out of scope")
    passed.append(_line("not answered", refused, len(outside), REFUSED_TARGET))
    for group in sorted({c.group for c, _ in outside}):
        of_group = [r for c, r in outside if c.group == group]
        _line(f"  {group}", sum(not r.sections for r in of_group), len(of_group))
    for group, title in (
        ("long_story", "long stories: right section first"),
        ("several", "two or three questions: all answered, in order"),
    ):
        of_group2 = [(c, r) for c, r in judged if c.group == group]
        whole = group == "several"
        right = sum(
            (r.sections == c.sections) if whole else (r.sections[:1] == c.sections)
            for c, r in of_group2
        )
        _line(title, right, len(of_group2))
    return 0 if all(passed) else 1


def _line(title: str, count: int, total: int, target: float | None = None) -> bool:
    low, high = wilson(count, total)
    share = count / total
    verdict = ""
    if target is not None:
        verdict = f"  target {target:.0%}: {'reached' if share >= target else 'MISSED'}"
    print(
        f"  {title:<48} {share:6.1%} ({count}/{total}, {low:.1%} to {high:.1%})"
        f"{verdict}"
    )
    return target is None or share >= target


def _list_misses(judged: Judged) -> None:
    by_pair: dict[str, Counter[str]] = defaultdict(Counter)
    for case, result in judged:
        if result.sections[:1] != case.sections[:1]:
            wanted = " + ".join(case.sections) or "nothing"
            print(f"{case.group}: wanted {wanted}, {result.kind} {result.sections}")
            print(f"    {case.text}")
            by_pair[wanted][str(result.sections[:1])] += 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
