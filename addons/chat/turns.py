"""One message at a time in each conversation, and not too many in all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from addons.chat.errors import BusyError


@dataclass
class _Line:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    people: int = 0


class Turns:
    """Lets the messages of a conversation wait for each other; others do not wait."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    @asynccontextmanager
    async def of(self, conversation: str) -> AsyncIterator[None]:
        """Waits until all earlier messages of the conversation are done."""
        line = self._lines.setdefault(conversation, _Line())
        line.people += 1
        try:
            async with line.lock:
                yield
        finally:
            line.people -= 1
            if not line.people:
                del self._lines[conversation]

    def waiting(self, conversation: str) -> int:
        """Returns how many messages are under way or wait."""
        line = self._lines.get(conversation)
        return line.people if line else 0


class Slots:
    """Lets a few messages be handled at once, so that the server keeps breathing.

    Without it a hundred times the load makes every message late and answers none.

    Args:
        most: how many at once.
        patience: seconds that a message waits for its slot.
    """

    def __init__(self, most: int, *, patience: float) -> None:
        self._free = asyncio.Semaphore(most)
        self._patience = patience

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Waits for a slot and keeps it.

        Raises:
            BusyError: there was none in time; nothing was handled.
        """
        try:
            await asyncio.wait_for(self._free.acquire(), self._patience)
        except asyncio.TimeoutError:
            raise BusyError("No slot was free in time.") from None
        try:
            yield
        finally:
            self._free.release()
