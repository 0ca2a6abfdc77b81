"""A client of the website chat without a browser, for load and for hostile tests."""

import asyncio
import itertools
import json
from typing import Any

import websockets.client
from websockets.typing import Origin

# python-socketio's own client needs a newer aiohttp than Rasa allows.
OPEN, PING, PONG, MESSAGE = "0", "2", "3", "4"
CONNECT, EVENT, ACK = "0", "2", "3"


class ChatClient:
    """Speaks Socket.IO (protocol 5) over one websocket.

    Attributes:
        events: what the server has told by itself: name and value.
    """

    def __init__(self, port: int, *, origin: str | None = None) -> None:
        self._address = f"ws://127.0.0.1:{port}/chat/socket.io/"
        self._origin = Origin(origin) if origin else None
        self._ids = itertools.count()
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self.events: list[tuple[str, Any]] = []

    async def connect(self) -> None:
        """Opens the socket; raises what `websockets` raises if it is refused."""
        self._socket = await websockets.client.connect(
            f"{self._address}?EIO=4&transport=websocket",
            origin=self._origin,
            max_size=None,
            ping_interval=None,
        )
        await self._socket.recv()
        await self._socket.send(MESSAGE + CONNECT)
        answer = await self._socket.recv()
        if not str(answer).startswith(MESSAGE + CONNECT):
            raise ConnectionRefusedError(answer)
        self._reader = asyncio.create_task(self._read())

    async def ask(self, name: str, value: object, *, seconds: float = 30) -> Any:
        """Sends an event and returns the answer to it."""
        number = next(self._ids)
        answer = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        frame = json.dumps([name, value])
        await self._socket.send(f"{MESSAGE}{EVENT}{number}{frame}")
        return await asyncio.wait_for(answer, seconds)

    async def send_raw(self, frame: str) -> None:
        """Sends any frame."""
        await self._socket.send(frame)

    async def close(self) -> None:
        """Ends the connection."""
        await self._socket.close()
        await self._reader

    async def _read(self) -> None:
        try:
            async for frame in self._socket:
                await self._handle(str(frame))
        except websockets.exceptions.ConnectionClosed:
            pass
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(ConnectionResetError())

    async def _handle(self, frame: str) -> None:
        if frame == PING:
            await self._socket.send(PONG)
        elif frame.startswith(MESSAGE + EVENT):
            name, *values = json.loads(frame[2:])
            self.events.append((name, values[0] if values else None))
        elif frame.startswith(MESSAGE + ACK):
            number, bracket, rest = frame[2:].partition("[")
            (value,) = json.loads(bracket + rest)
            answer = self._answers.pop(int(number), None)
            if answer and not answer.done():
                answer.set_result(value)
