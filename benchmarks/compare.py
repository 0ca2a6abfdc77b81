"""Compares with Rasa's default pipeline and policies, side by side: `make bench`."""

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import projects, servers
from benchmarks.baseline_actions.answer import selected_topic
from benchmarks.held_out import QUESTIONS_FILE, Case, read_cases
from benchmarks.projects import Project
from documents.library import Library

CLIENTS = (1, 8)
MESSAGES = 400
TURNS = 5
# Rasa's default pipeline needs hours for all examples.
EXAMPLES = 12
WARM_UP = 30
ROUNDS = 2


@dataclass(frozen=True)
class Load:
    """What one round of messages took."""

    p50: float
    p95: float
    per_second: float


@dataclass(frozen=True)
class Figures:
    """Everything that is compared, for one project."""

    accuracy: float
    train_seconds: float
    model_megabytes: float
    start_seconds: float
    memory_megabytes: float
    loads: dict[int, Load]


def main() -> int:
    """Trains and measures both; prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--examples",
        type=int,
        default=EXAMPLES,
        help="examples of each intent that both learn from; 0: all (takes hours)",
    )
    parser.add_argument(
        "--trained", action="store_true", help="use the models of the last run"
    )
    arguments = parser.parse_args()
    library = Library.from_folder()
    cases = [c for c in read_cases(QUESTIONS_FILE, library) if c.group == "topics"]
    both = [projects.ours(arguments.examples), projects.baseline(arguments.examples)]
    seconds = {p.name: _trained(p, keep=arguments.trained) for p in both}
    mine, default = (_measure(p, cases, seconds[p.name]) for p in both)
    _table(mine, default)
    return 0


def _trained(project: Project, *, keep: bool) -> float:
    """Returns how long training took, now or in the run that is kept."""
    marker = project.folder / "train-seconds"
    if not (keep and marker.exists() and project.model.exists()):
        print(f"training {project.name} ...", flush=True)
        marker.write_text(str(projects.train(project)))
    return float(marker.read_text())


def _measure(project: Project, cases: Sequence[Case], trained: float) -> Figures:
    print(f"measuring {project.name} ...", flush=True)
    with servers.started(project) as running:
        texts = [case.text for case in cases]
        _load(texts[:WARM_UP], 1)
        loads = {clients: _best(texts, clients) for clients in CLIENTS}
        return Figures(
            accuracy=_accuracy(cases),
            train_seconds=trained,
            model_megabytes=project.model.stat().st_size / 1e6,
            start_seconds=running.start_seconds,
            memory_megabytes=running.megabytes(),
            loads=loads,
        )


def _accuracy(cases: Sequence[Case]) -> float:
    """Returns how many held-out questions have the right section ranked first."""
    library = Library.from_folder()
    connection = servers.connect()
    right = 0
    for case in cases:
        parsed = servers.post("/model/parse", {"text": case.text}, connection)
        topic = selected_topic(parsed) or ""
        questions = parsed.get("questions") or []
        if questions and questions[0]["options"]:
            topic = questions[0]["options"][0]
        is_faq = parsed["intent"]["name"] == "faq"
        right += is_faq and library.section_of_topic(topic) == case.sections[0]
    return right / len(cases)


def _best(texts: Sequence[str], clients: int) -> Load:
    """Returns the round with the higher rate, so that a disturbed one is left out."""
    rounds = [_load(texts[:MESSAGES], clients) for _ in range(ROUNDS)]
    return max(rounds, key=lambda load: load.per_second)


def _load(texts: Sequence[str], clients: int) -> Load:
    """Sends the texts, five to a conversation, from a number of clients at once."""
    times: list[float] = []
    begin = time.monotonic()
    share = [texts[index::clients] for index in range(clients)]
    threads = [
        threading.Thread(target=_converse, args=(part, f"{begin}-{index}", times))
        for index, part in enumerate(share)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begin
    ranked = statistics.quantiles(times, n=100)
    return Load(ranked[49] * 1000, ranked[94] * 1000, len(times) / seconds)


def _converse(texts: Sequence[str], name: str, times: list[float]) -> None:
    connection = servers.connect()
    for index, text in enumerate(texts):
        begin = time.monotonic()
        replies = servers.say(text, f"{name}-{index // TURNS}", connection)
        times.append(time.monotonic() - begin)
        if not replies:
            print(f"no reply to: {text}", file=sys.stderr)


def _table(mine: Figures, default: Figures) -> None:
    print("| | ours | Rasa's default | ours / default |\n|---|---|---|---|")
    for (title, a, unit), (_, b, _) in zip(_rows(mine), _rows(default), strict=True):
        ratio = f"{a / b:.2f}" if b else ""
        print(f"| {title} | {a:.1f} {unit} | {b:.1f} {unit} | {ratio} |")


def _rows(figures: Figures) -> list[tuple[str, float, str]]:
    rows = [
        ("right section first, held out", figures.accuracy * 100, "%"),
        ("training", figures.train_seconds, "s"),
        ("model file", figures.model_megabytes, "MB"),
        ("start to first reply", figures.start_seconds, "s"),
        ("resident memory of the server", figures.memory_megabytes, "MB"),
    ]
    for clients, load in figures.loads.items():
        name = f"{clients} client{'s' if clients > 1 else ''}"
        rows += [
            (f"reply, {name}: p50", load.p50, "ms"),
            (f"reply, {name}: p95", load.p95, "ms"),
            (f"replies a second, {name}", load.per_second, ""),
        ]
    return rows


if __name__ == "__main__":
    sys.exit(main())
