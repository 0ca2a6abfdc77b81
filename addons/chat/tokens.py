"""Signed, expiring tokens: the only key to a conversation on the website."""

import hashlib
import os
import secrets
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

import jwt

from addons.chat.errors import ChatSettingsError

VARIABLE = "CLINIC_CHAT_SECRET"
SECRET_FILE = Path("var/chat-secret")
SHORTEST_SECRET = 32
ALGORITHM = "HS256"
# So that no other token that is signed with the same secret opens a conversation.
AUDIENCE = "clinic-chat"
PREFIX = "website-"


class ConversationTokens:
    """Makes conversations, and knows them again.

    Args:
        secret: signs the tokens; who has it can read every conversation.
        hours: how long a token lasts; each connection gets a new one.
        clock: returns the seconds since 1970.
    """

    def __init__(
        self, secret: str, *, hours: float, clock: Callable[[], float] = time.time
    ) -> None:
        self._secret = secret
        self._seconds = hours * 3600
        self._clock = clock

    def new_conversation(self) -> str:
        """Returns the id of a conversation that nobody can guess."""
        return PREFIX + uuid.uuid4().hex

    def public_name(self, conversation: str) -> str:
        """Returns what tabs tell conversations apart by; it opens nothing."""
        return hashlib.sha256(conversation.encode()).hexdigest()[:16]

    def issue(self, conversation: str) -> str:
        """Returns a token for a conversation."""
        claims = {
            "sub": conversation,
            "aud": AUDIENCE,
            "exp": self._clock() + self._seconds,
        }
        return jwt.encode(claims, self._secret, ALGORITHM)

    def read(self, token: object) -> str | None:
        """Returns the conversation of a token, or None if it is not ours or is old."""
        if not isinstance(token, str):
            return None
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                # The time is compared below, with our own clock.
                options={"require": ["sub", "exp"], "verify_exp": False},
            )
        except jwt.InvalidTokenError:
            return None
        conversation, until = claims["sub"], claims["exp"]
        is_ours = isinstance(conversation, str) and conversation.startswith(PREFIX)
        return conversation if is_ours and until > self._clock() else None


def read_secret(
    environment: Mapping[str, str] = os.environ, file: Path = SECRET_FILE
) -> str:
    """Returns the secret of the environment, or one that is made and kept in a file.

    Raises:
        ChatSettingsError: it is too short to be a secret, or cannot be kept.
    """
    secret = environment.get(VARIABLE) or _kept(file)
    if len(secret) < SHORTEST_SECRET:
        raise ChatSettingsError(
            f"{VARIABLE} must have {SHORTEST_SECRET} characters at least. Make one: "
            "openssl rand -base64 48"
        )
    return secret


def _kept(file: Path) -> str:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # A name of its own first: another process must never read half a secret.
        own = file.with_name(f"{file.name}.{os.getpid()}")
        own.touch(mode=0o600)
        own.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        try:
            os.link(own, file)
        except FileExistsError:
            pass  # another start was first, or an earlier one
        finally:
            own.unlink()
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ChatSettingsError(
            f"{file} cannot be written ({error.strerror}). Set {VARIABLE}, or let this "
            "process write there."
        ) from error
