"""Times the understanding of one message, part by part: `make speed`."""

import asyncio
import logging
import statistics
import time
import warnings
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import structlog

from benchmarks.held_out import QUESTIONS_FILE, read_cases
from documents.library import Library

MODEL = "models/front-desk.tar.gz"
MESSAGES = 400
WARM_UP = 30
LONG = 5000


def main() -> None:
    """Parses held-out questions in this process and prints milliseconds."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR)
    )
    from rasa.core.agent import Agent  # slow, and only needed here

    agent = Agent.load(MODEL)
    cases = read_cases(QUESTIONS_FILE, Library.from_folder())
    texts = [case.text for case in cases if case.group == "topics"]
    spent: dict[str, list[float]] = defaultdict(list)
    for node in agent.processor.graph_runner._instantiated_nodes.values():
        if node._component_class.__module__.startswith("addons."):
            name = node._component_class.__name__
            node._fn = _timed(node._fn, spent[name])
    asyncio.run(_parse(agent, texts[:WARM_UP]))
    for times in spent.values():
        times.clear()
    spent["whole message"] = asyncio.run(_parse(agent, texts[-MESSAGES:]))
    print("| part | p50 ms | p95 ms |\n|---|---|---|")
    for name, times in spent.items():
        ranked = statistics.quantiles(times, n=100)
        print(f"| {name} | {ranked[49]:.2f} | {ranked[94]:.2f} |")
    long = (" ".join(texts))[:LONG]
    seconds = statistics.median(asyncio.run(_parse(agent, [long] * 5)))
    print(f"\n{LONG} characters: {seconds:.0f} ms")


async def _parse(agent: Any, texts: list[str]) -> list[float]:
    times = []
    for text in texts:
        begin = time.perf_counter()
        await agent.parse_message(text)
        times.append((time.perf_counter() - begin) * 1000)
    return times


def _timed(function: Callable[..., Any], times: list[float]) -> Callable[..., Any]:
    def timed(*args: Any, **kwargs: Any) -> Any:
        begin = time.perf_counter()
        result = function(*args, **kwargs)
        times.append((time.perf_counter() - begin) * 1000)
        return result

    return timed


if __name__ == "__main__":
    main()
