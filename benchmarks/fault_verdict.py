"""What is wrong after a trial: requests lost or doubled, silence, messages amiss."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

REQUESTED, CONFIRMED = "appointment.requested", "appointment.confirmed"


@dataclass(frozen=True)
class Told:
    """What one patient met.

    Attributes:
        references: each one that was told, in order.
        silences: answers without a sentence.
        unanswered: attempts on which no answer came.
        gave_up: no reference was told in the end.
    """

    conversation: str
    references: tuple[str, ...]
    silences: int
    unanswered: int
    gave_up: bool


@dataclass(frozen=True)
class Verdict:
    """Numbers of one trial; all but `requests` and `retried` must be 0."""

    requests: int = 0
    retried: int = 0
    lost: int = 0
    doubled: int = 0
    silent: int = 0
    gave_up: int = 0

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.doubled or self.silent or self.gave_up)

    def __add__(self, other: "Verdict") -> "Verdict":
        """Adds number by number."""
        return Verdict(
            self.requests + other.requests,
            self.retried + other.retried,
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.silent + other.silent,
            self.gave_up + other.gave_up,
        )


def judge(
    told: Sequence[Told], stored: Sequence[tuple[str, str]], *, rasa_was_killed: bool
) -> Verdict:
    """Compares what patients were told with what is stored.

    Args:
        told: what the patients met.
        stored: conversation and reference of each row.
        rasa_was_killed: only then may an attempt get no answer at all.
    """
    rows = Counter(conversation for conversation, _ in stored)
    kept = set(stored)
    verdict = Verdict()
    for patient in told:
        name, references = patient.conversation, set(patient.references)
        silent = patient.silences + (0 if rasa_was_killed else patient.unanswered)
        verdict += Verdict(
            requests=1,
            retried=patient.unanswered,
            lost=sum((name, reference) not in kept for reference in references),
            doubled=max(rows[name] - 1, 0) + max(len(references) - 1, 0),
            silent=silent,
            gave_up=int(patient.gave_up),
        )
    return verdict


@dataclass(frozen=True)
class Delivery:
    """Numbers of all messages; all but `messages` and `repeats` must be 0.

    Attributes:
        messages: how many the outbox was given.
        repeats: came once more, with the same id: the receiver drops them.
        missing: not received, or not ended as delivered.
        unknown: received, and not in the outbox.
        wrong: requests about which not exactly the right messages came.
    """

    messages: int
    repeats: int
    missing: int
    unknown: int
    wrong: int

    @property
    def is_good(self) -> bool:
        """Whether each message arrived exactly once for who tells ids apart."""
        return not (self.missing or self.unknown or self.wrong)


def judge_delivery(
    outbox: Mapping[str, str],
    received: Mapping[str, tuple[str, str]],
    *,
    references: Sequence[str],
    repeats: int,
) -> Delivery:
    """Compares the outbox with what arrived.

    Args:
        outbox: result of each message by its key.
        received: event and reference by the id that came with them.
        references: requests that were stored and confirmed.
        repeats: how many came once more.
    """
    events = Counter(received.values())
    once = {(event, r): 1 for r in references for event in (REQUESTED, CONFIRMED)}
    webhooks = {e: n for e, n in events.items() if e[0] != "mail"}
    different = webhooks.keys() ^ once.keys()
    doubled = {event for event, number in webhooks.items() if number > 1}
    return Delivery(
        messages=len(outbox),
        repeats=repeats,
        missing=sum(
            key not in received or result != "delivered"
            for key, result in outbox.items()
        ),
        unknown=len(received.keys() - outbox.keys()),
        wrong=len(different | doubled),
    )
