"""Meta as it is on a bad day, and somebody who is not Meta."""

import copy
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import requests

from tests.standins.graph import Graph, signature
from tests.standins.payloads import Person, every_kind

DUPLICATES, OUT_OF_ORDER = 0.3, 0.05
MESSAGES_EACH = 10
LONGEST_RETRY_SECONDS = 600
NONSENSE: tuple[Any, ...] = (
    None, True, -1, 1e308, "", "x" * 300, "\ud800", "\0", [], [[]], {}, {"id": []},
    "edit", "system",
)  # fmt: skip


@dataclass(frozen=True)
class Stream:
    """What one patient writes, and how it is brought: some twice, some too early."""

    person: Person
    texts: tuple[str, ...]
    deliveries: tuple[dict[str, Any], ...]

    @classmethod
    def several(cls, deliveries: int, chance: random.Random) -> "list[Stream]":
        """Returns streams with so many deliveries in all."""
        unique = round(deliveries * (1 - DUPLICATES))
        people = max(1, unique // MESSAGES_EACH)
        return [cls.of(number, chance) for number in range(people)]

    @classmethod
    def of(cls, number: int, chance: random.Random) -> "Stream":
        """Returns the stream of one patient."""
        person = Person(f"2783{number:07d}", f"ZA.2{number}")
        texts = tuple(f"hello {number} {turn}" for turn in range(MESSAGES_EACH))
        begin = int(time.time()) - 3600
        bodies = [person.says(text, at=begin + turn) for turn, text in enumerate(texts)]
        for turn in range(len(bodies) - 1):
            if chance.random() < OUT_OF_ORDER:
                bodies[turn], bodies[turn + 1] = bodies[turn + 1], bodies[turn]
        brought: list[dict[str, Any]] = []
        for body in bodies:
            brought.append(body)
            # So that three of ten deliveries are repetitions.
            if chance.random() < DUPLICATES / (1 - DUPLICATES):
                brought.append(chance.choice(brought))
        return cls(person, texts, tuple(brought))


def expected(stream: Stream) -> list[str]:
    """Returns what the assistant must hear, in order."""
    return list(stream.texts)


class Sender:
    """Brings messages as Meta does: again and again until the answer is 200.

    Attributes:
        brought: how many were taken.
        refused: how many had to be brought again.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._local = threading.local()
        self._lock = threading.Lock()
        self.brought = 0
        self.refused = 0

    def timed(self, body: dict[str, Any]) -> tuple[int, float]:
        """Brings a message once; returns status and seconds."""
        self._graph.note(body)
        raw = json.dumps(body).encode()
        headers = {"X-Hub-Signature-256": signature(raw)}
        begin = time.monotonic()
        status = self._post(raw, headers)
        return status, time.monotonic() - begin

    def bring_all(self, stream: Stream) -> None:
        """Brings what a patient writes, one after the other."""
        for body in stream.deliveries:
            end = time.monotonic() + LONGEST_RETRY_SECONDS
            while self.timed(body)[0] != 200:
                with self._lock:
                    self.refused += 1
                if time.monotonic() > end:
                    raise TimeoutError("The webhook does not come back.")
                time.sleep(0.2)
            with self._lock:
                self.brought += 1

    def _post(self, raw: bytes, headers: dict[str, str]) -> int:
        session = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
        try:
            reply = session.post(self._graph.webhook, raw, headers=headers, timeout=30)
        except requests.RequestException:
            return 0
        return int(reply.status_code)


class Forger:
    """Sends what must not get in."""

    def __init__(self, graph: Graph, chance: random.Random) -> None:
        self._graph = graph
        self._chance = chance
        self._session = requests.Session()
        self._person = Person("27849999999", "ZA.666")
        # Caught on its way long ago, with a signature that is right.
        month = 30 * 86_400
        self._caught = self._person.says("let me in", at=time.time() - month)

    def attack(self, attempts: int) -> Counter[tuple[str, int]]:
        """Returns how many of each kind got which status."""
        found: Counter[tuple[str, int]] = Counter()
        for number in range(attempts):
            kind = ("forged", "replayed", "malformed")[number % 3]
            found[kind, self._send(kind)] += 1
        return found

    def _send(self, kind: str) -> int:
        if kind == "malformed":
            raw = self._malformed()
            header = signature(raw)
        elif kind == "replayed":
            raw = json.dumps(self._caught).encode()
            header = signature(raw)
        else:
            raw = json.dumps(self._person.says("let me in")).encode()
            header = self._chance.choice(
                [
                    "",
                    "sha256=",
                    signature(raw, "guess"),
                    signature(raw + b" "),
                    "x" * 71,
                ]
            )
        headers = {"X-Hub-Signature-256": header}
        try:
            reply = self._session.post(
                self._graph.webhook, raw, headers=headers, timeout=30
            )
        except requests.RequestException:
            return 0
        return int(reply.status_code)

    def _malformed(self) -> bytes:
        """Returns a webhook that is broken where it would be heard."""
        rows = every_kind(self._person)
        row = copy.deepcopy(rows[self._chance.choice(sorted(rows))])
        whole = self._person.sends(row)
        value = whole["entry"][0]["changes"][0]["value"]
        nonsense = self._chance.choice(NONSENSE)
        way = self._chance.randrange(6)
        if way == 0:
            raw = json.dumps(whole).encode()
            return raw[: self._chance.randrange(len(raw))]
        if way == 1:
            value["messages"] = nonsense
        elif way == 2:
            row["id"] = self._chance.choice((None, "", [], {}, True))
        elif way == 3:
            whole["entry"] = self._chance.choice((nonsense, [nonsense], [{}]))
        elif way == 4:
            value["metadata"] = nonsense
        else:
            whole["object"] = nonsense
        return json.dumps(whole).encode()
