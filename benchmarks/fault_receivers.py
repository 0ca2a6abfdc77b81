"""Receivers of the fault test: a real web server and a real mail server."""

import json
import random
import threading
from collections import Counter
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from deploy.development.ports import HOST, free_port

# So often the answer says "failed" although the message was taken.
SHARE_OF_LIES = 0.05


class Received:
    """What arrived, by the id that the receiver tells repetitions by."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self.arrived = threading.Event()
        self.times: Counter[str] = Counter()
        self.events: dict[str, tuple[str, str]] = {}

    def take(self, message_id: str, event: tuple[str, str]) -> bool:
        """Keeps a message; false if the sender is told that it failed."""
        self.arrived.set()
        with self._lock:
            self.times[message_id] += 1
            self.events[message_id] = event
            is_first = self.times[message_id] == 1
            return not (is_first and self._chance.random() < SHARE_OF_LIES)

    @property
    def repeats(self) -> int:
        """How many messages came once more than needed."""
        return self.times.total() - len(self.times)


class WebReceiver(Received):
    """Takes signed webhooks."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                event = (body["type"], body["data"]["reference"])
                told = receiver.take(str(self.headers["webhook-id"]), event)
                self.send_response(204 if told else 500)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        self.url = f"http://{HOST}:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Takes no more."""
        self._server.shutdown()
        self._server.server_close()


class MailReceiver(Received):
    """Takes mails."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._controller = Controller(self, hostname=HOST, port=free_port())
        self._controller.start()
        self.url = f"smtp://{HOST}:{self._controller.port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Takes one mail; aiosmtpd calls this by its name."""
        mail = message_from_bytes(envelope.content)
        key = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        told = self.take(key, ("mail", str(mail["Subject"])))
        return "250 OK" if told else "451 try again"

    def stop(self) -> None:
        """Takes no more."""
        self._controller.stop()
