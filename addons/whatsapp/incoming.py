"""What a webhook brings, whichever way it came: messages, and what became of ours."""

from dataclasses import dataclass
from datetime import datetime

TEXT, MEDIA, SILENT, REVOKED = "text", "media", "silent", "revoked"
# What a message can be that holds no words, and the response that says so.
PICTURE, VOICE, FILE, STICKER = "picture", "voice", "file", "sticker"
LOCATION, CONTACT, OTHER = "location", "contact", "other"


@dataclass(frozen=True)
class Address:
    """Where a patient is reached.

    Attributes:
        user_id: who it is for this clinic, also when the number is hidden; may be "".
        phone: in the form +27825550142; "" if it is hidden.
    """

    user_id: str = ""
    phone: str = ""

    @property
    def name(self) -> str:
        """The one that identifies the patient."""
        return self.user_id or self.phone


@dataclass(frozen=True)
class Incoming:
    """One message of a patient.

    Attributes:
        id: the same each time the message is brought.
        sent_at: by the sender's server; None if it does not say.
        kind: `text`, `media` (nothing to read), `silent` (nothing to answer) or
            `revoked` (the patient took a message back).
        text: words, or the id of the button that was tapped.
        holds: what came that cannot be read, such as `voice`; "" for nothing.
        about: the id of the message that is taken back.
    """

    id: str
    sender: Address
    sent_at: datetime | None
    kind: str
    text: str = ""
    holds: str = ""
    about: str = ""


@dataclass(frozen=True)
class Failure:
    """One of our messages did not arrive, or the account has a trouble.

    Attributes:
        ref: what we called the message; "" for the account itself.
        code: the code of Meta or Twilio.
    """

    code: str
    ref: str = ""


@dataclass(frozen=True)
class Renamed:
    """A patient has another number or user id; `before` may name only one of both."""

    before: Address
    after: Address


@dataclass(frozen=True)
class Delivery:
    """Everything that one call of the webhook brings."""

    messages: tuple[Incoming, ...] = ()
    failures: tuple[Failure, ...] = ()
    renamed: tuple[Renamed, ...] = ()
