"""What a conversation has said about danger so far, and what was asked."""

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

NO_TURN = -1000


@dataclass(frozen=True)
class OpenQuestion:
    """A yes/no question that waits for its answer.

    Attributes:
        kind: `flag`, `help`, `checked_by_doctor`, `offer` or `screening`.
        flag: the flag that a yes raises, for kind `flag`.
        asked: the turn in which it was asked.
        about_other: the sign was somebody else's.
    """

    kind: str
    flag: str = ""
    asked: int = 0
    about_other: bool = False


@dataclass(frozen=True)
class SafetyState:
    """The safety memory of one conversation.

    Attributes:
        turn: how many messages the person has written.
        facts: signs and flags that were said and not denied.
        question: the question that waits for an answer.
        denied: the flag that was asked about last and answered with no.
        asked: flags that were asked about already.
        card: the turn in which the card was shown last.
        screening: answers so far, by the name of the question.
        screened: `offered`, `refused`, `running` or `done`; empty if not yet offered.
        held: what the safety check has interrupted: an action, a section, or questions.
        before, after: actions of this turn that come before or after the normal reply.
        replaces: the normal reply is left out in this turn.
    """

    turn: int = 0
    facts: tuple[str, ...] = ()
    question: OpenQuestion | None = None
    denied: str = ""
    asked: tuple[str, ...] = ()
    card: int = NO_TURN
    screening: dict[str, str] = field(default_factory=dict)
    screened: str = ""
    held: dict[str, Any] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    replaces: bool = False

    def to_slot(self) -> dict[str, Any]:
        """Returns what the slot holds."""
        return asdict(self)

    @classmethod
    def from_slot(cls, value: Any) -> "SafetyState":
        """Reads the slot; anything that is not a state is an empty one."""
        if not isinstance(value, dict):
            return cls()
        known = {f.name for f in fields(cls)}
        try:
            state = cls(**{key: row for key, row in value.items() if key in known})
            question: Any = state.question
            return replace(
                state,
                facts=tuple(state.facts),
                asked=tuple(state.asked),
                before=tuple(state.before),
                after=tuple(state.after),
                question=OpenQuestion(**question) if question else None,
            )
        except TypeError:  # written by another version
            return cls()
