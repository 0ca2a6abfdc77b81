"""One message at a time in each conversation, in the order they came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


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
