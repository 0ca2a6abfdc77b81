"""What an appointment request is made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

from records.errors import InvalidRequestError

# From the most urgent: the place in this list is the rank in the database.
LEVELS = ("emergency", "urgent", "soon", "check", "card", "none")
# The type of visit of who wants to be called, and no visit yet.
CALL_BACK_VISIT = "call_back"
# What stands for a name that a patient would not give.
NO_NAME = "?"
FOR_WHOM = ("self", "child", "other")
PHONE = re.compile(r"\+[1-9][0-9]{5,14}")
EMAIL = re.compile(r"[^\s@<>,;:\"\\]+@[^\s@<>,;:\"\\]+\.[^\s@<>,;:\"\\]+")
LONGEST_NAME = 200
LONGEST_EMAIL = 254
LONGEST_TEXT = 4000
LONGEST_VISIT = timedelta(hours=12)


@dataclass(frozen=True)
class Contact:
    """How to reach the patient; the only place for name, phone and e-mail.

    Attributes:
        phone: in the international form, `+27825550142`.
        email: empty if the patient left none.
    """

    name: str
    phone: str
    email: str = ""

    def __post_init__(self) -> None:
        """Raises InvalidRequestError; the message does not repeat the value."""
        if not 0 < len(self.name.strip()) <= LONGEST_NAME:
            raise InvalidRequestError("The name is empty or too long. Ask again.")
        if not PHONE.fullmatch(self.phone):
            raise InvalidRequestError(
                "The phone number is not in the international form +27825550142. "
                "Convert it first."
            )
        if self.email and not (
            len(self.email) <= LONGEST_EMAIL and EMAIL.fullmatch(self.email)
        ):
            raise InvalidRequestError("The e-mail address is not one. Ask again.")


@dataclass(frozen=True)
class Wish:
    """When the patient would like to come: as typed, and as it was read.

    Attributes:
        preference: anything that day and part cannot say, as JSON.
    """

    day_typed: str = ""
    day: date | None = None
    part_typed: str = ""
    part: str = ""
    preference: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NewRequest:
    """What a patient asks for; it never holds name, phone or e-mail."""

    conversation: str
    channel: str
    for_whom: str
    visit_type: str
    consent_version: str
    consented_at: datetime
    wish: Wish = field(default_factory=Wish)
    level: str = "none"
    reason: str = ""
    flags: tuple[str, ...] = ()
    screening: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        """Raises InvalidRequestError."""
        _require_one_of("level", self.level, LEVELS)
        _require_one_of("for_whom", self.for_whom, FOR_WHOM)
        if not self.consent_version:
            raise InvalidRequestError("There is no consent. Ask for it first.")
        longest = max(map(len, (self.note, self.reason)))
        if longest > LONGEST_TEXT:
            raise InvalidRequestError(
                f"The note or the reason is longer than {LONGEST_TEXT} signs. Cut it."
            )


@dataclass(frozen=True)
class Visit:
    """A time with a practitioner."""

    practitioner: str
    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        """Raises InvalidRequestError."""
        if not 0 < len(self.practitioner.strip()) <= 80:
            raise InvalidRequestError("Name the practitioner, in 80 signs at most.")
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise InvalidRequestError("The time has no time zone. Give it one.")
        if not timedelta(0) < self.ends_at - self.starts_at <= LONGEST_VISIT:
            raise InvalidRequestError(
                "The end of a visit must be after its start, within twelve hours."
            )


@dataclass(frozen=True)
class Receipt:
    """What the patient is told.

    Attributes:
        is_new: false if the request had been stored before.
    """

    reference: str
    request_id: int
    is_new: bool


@dataclass(frozen=True)
class Appointment:
    """A stored request without contact details.

    Attributes:
        version: give it back with a change; it is refused if somebody was faster.
    """

    id: int
    reference: str
    conversation: str
    channel: str
    created_at: datetime
    state: str
    waiting_since: datetime
    level: str
    reason: str
    flags: list[str]
    screening: Mapping[str, Any]
    for_whom: str
    visit_type: str
    day_typed: str
    day: date | None
    part_typed: str
    part: str
    preference: Mapping[str, Any]
    note: str
    consent_version: str
    consented_at: datetime
    practitioner: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    claimed_by: str | None
    version: int

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Appointment":
        """Reads a row of the table."""
        return cls(**{f.name: row[f.name] for f in fields(cls)})


def rank(level: str) -> int:
    """Returns the place of a level in the lists, 0 for the most urgent."""
    return LEVELS.index(level)


def _require_one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InvalidRequestError(
            f"{name} is '{value[:20]}'. Known: {', '.join(known)}. Use one of them."
        )
