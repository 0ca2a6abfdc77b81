"""Times the chat on the website: one patient, many at once, and the first paint."""

import argparse
import asyncio
import gzip
import itertools
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.fault_processes import ACTIONS, RASA, ROOT, System
from benchmarks.widget_client import ChatClient
from benchmarks.widget_paint import first_paints

SETTINGS = """\
addons.channels.rest.RestInput:

addons.channels.website.WebsiteInput:
  demo_page: true
  messages_burst: 100000
  address_burst: 1000000
  connections_burst: 10000
"""
# Of an article, of the clinic, two at once, a refusal: as they come.
QUESTIONS = (
    "is it a spasm or a strain", "should I stretch", "how much is a visit",
    "how long until a back spasm is better", "what are your opening hours",
    "should I use heat or ice", "who won the rugby", "hello",
)  # fmt: skip
WARM_UP = 40
ALONE = 200
PAINTS = 15
KEPT_FOR = 20
# Longer than the fallback takes, so that an overload shows as slow and not as lost.
LONGEST_ANSWER_SECONDS = 120


class ChatSystem(System):
    """The Rasa server and the action server, with limits out of the way."""

    def commands(self) -> dict[str, list[str]]:
        """Returns two of all commands."""
        every = super().commands()
        return {name: every[name] for name in (ACTIONS, RASA)}

    @property
    def port(self) -> int:
        """Where the chat is."""
        return self.ports[RASA]

    def processor_seconds(self) -> float:
        """Returns how long the Rasa server has kept a processor busy."""
        times = psutil.Process(self._running[RASA].pid).cpu_times()
        return float(times.user + times.system)

    def megabytes(self) -> float:
        """Returns the resident memory of the Rasa server."""
        return float(psutil.Process(self._running[RASA].pid).memory_info().rss) / 1e6


@dataclass
class Talk:
    """One open conversation and what was said in it."""

    client: ChatClient
    token: str
    sent: list[str] = field(default_factory=list)
    # The widget sends the next message when the one before is answered.
    line: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Load:
    """What became of the messages."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    lost: int = 0
    doubled: int = 0
    reordered: int = 0
    late: int = 0
    waits: int = 0
    processor: float = 0
    megabytes: list[float] = field(default_factory=list)


async def _talk(port: int) -> Talk:
    client = ChatClient(port)
    await client.connect()
    begun = await client.ask("begin", {})
    return Talk(client, begun["token"])


async def _say(talk: Talk, number: int, load: Load) -> None:
    message = f"message-{number:08d}"
    frame = {"id": message, "text": QUESTIONS[number % len(QUESTIONS)]}
    begin = time.perf_counter()
    async with talk.line:
        talk.sent.append(message)
        try:
            answer = await _until_read(talk.client, frame, load)
        except (asyncio.TimeoutError, ConnectionError):
            load.failed += 1
            return
    load.seconds.append(time.perf_counter() - begin)
    ids = [entry["id"] for entry in answer.get("entries", ())]
    if not ids or ids[0] != f"{message}.1":
        load.failed += 1


async def _until_read(client: ChatClient, frame: dict[str, Any], load: Load) -> Any:
    """Sends a message again as long as it is told to wait, as the widget does."""
    while True:
        answer = await client.ask("say", frame, seconds=LONGEST_ANSWER_SECONDS)
        if "wait" not in answer:
            return answer
        load.waits += 1
        frame = {**frame, "again": True}
        await asyncio.sleep(answer["wait"])


async def one_alone(port: int) -> list[float]:
    """Returns how long each of many messages of one patient takes."""
    load = Load()
    for start in range(0, WARM_UP + ALONE, KEPT_FOR):
        talk = await _talk(port)
        for number in range(start, start + KEPT_FOR):
            await _say(talk, number, load)
        await talk.client.close()
    return load.seconds[WARM_UP:]


async def many(system: ChatSystem, people: int, rate: float, seconds: float) -> Load:
    """Lets many patients talk at the same time."""
    load = Load()
    talks = [await _talk(system.port) for _ in range(people)]
    turn = itertools.cycle(talks)
    running: set[asyncio.Task[None]] = set()
    begin, used = time.perf_counter(), system.processor_seconds()
    total = int(rate * seconds)
    for number in range(total):
        await asyncio.sleep(max(0.0, begin + number / rate - time.perf_counter()))
        talk = next(turn)
        if talk.line.locked():
            load.late += 1
        task = asyncio.create_task(_say(talk, number, load))
        running.add(task)
        task.add_done_callback(running.discard)
        if number % max(1, total // 6) == 0:
            load.megabytes.append(system.megabytes())
    await asyncio.gather(*running)
    load.processor = 1000 * (system.processor_seconds() - used) / total
    load.megabytes.append(system.megabytes())
    for talk in talks:
        await talk.client.close()
        await _compare(system.port, talk, load)
    return load


async def _compare(port: int, talk: Talk, load: Load) -> None:
    """Reads the conversation as a browser does that comes back."""
    client = ChatClient(port)
    await client.connect()
    begun = await client.ask("begin", {"token": talk.token})
    await client.close()
    kept = [e["id"] for e in begun["entries"] if e["who"] == "patient"]
    answered = {e["id"].rpartition(".")[0] for e in begun["entries"]}
    load.lost += sum(i not in kept or i not in answered for i in talk.sent)
    load.doubled += len(kept) - len(set(kept))
    load.reordered += kept != sorted(kept)


def _line(name: str, value: str, goal: str = "") -> None:
    print(f"{name:<46} {value:>14} {goal:>10}", flush=True)


def _at(share: float, values: Sequence[float]) -> float:
    return 1000 * sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _report_times(name: str, values: Sequence[float], goal: str) -> None:
    _line(f"{name}: p50", f"{_at(0.5, values):.1f} ms")
    _line(f"{name}: p95", f"{_at(0.95, values):.1f} ms", goal)


def _report(load: Load, people: int, rate: float) -> None:
    name = f"{people} conversations, {rate:g} messages a second"
    _report_times(name, load.seconds, "300 ms")
    _line("messages answered", str(len(load.seconds)))
    for kind in ("failed", "lost", "doubled", "reordered"):
        _line(kind, str(getattr(load, kind)), "0")
    _line("still busy with their message before", str(load.late))
    _line("told to send it again later", str(load.waits))
    _line("processor time of the server, a message", f"{load.processor:.1f} ms")
    used = ", ".join(f"{value:.0f}" for value in load.megabytes)
    print(f"memory of the server, MB: {used}")


def _kilobytes(name: str) -> float:
    return len(gzip.compress((ROOT / "web/dist" / name).read_bytes(), mtime=0)) / 1000


def main(arguments: list[str]) -> int:
    """Measures, prints, and returns 1 if a message was lost, doubled or reordered."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.widget")
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=300)
    given = parser.parse_args(arguments)
    _line("", "measured", "goal")
    scripts = {name: _kilobytes(name) for name in ("widget.js", "chat.js")}
    _line("loader, gzipped", f"{scripts['widget.js']:.1f} kB", "2 kB")
    _line("loader and chat, gzipped", f"{sum(scripts.values()):.1f} kB", "25 kB")
    with tempfile.TemporaryDirectory(prefix="clinic-widget-") as folder:
        system = _system(Path(folder))
        try:
            system.start()
            paints = first_paints(f"http://127.0.0.1:{system.port}/", PAINTS)
            if paints:
                median = f"{sorted(paints)[len(paints) // 2]:.0f} ms"
                _line("first paint of the opened panel: median", median, "100 ms")
            alone = asyncio.run(one_alone(system.port))
            _report_times("one patient", alone, "60 ms")
            load = asyncio.run(many(system, given.people, given.rate, given.seconds))
        finally:
            system.stop()
    _report(load, given.people, given.rate)
    return int(any((load.failed, load.lost, load.doubled, load.reordered)))


def _system(folder: Path) -> Any:
    system = ChatSystem(folder, {})
    (folder / "credentials.yml").write_text(SETTINGS, "utf-8")
    return system


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
