"""Receivers of messages: a real mail server and a real web server."""

import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.postgresql import free_port


class MailServer:
    """Keeps the mails it takes; `answers` are given first, one a mail."""

    def __init__(self, **options):
        self.mails = []
        self.recipients = []
        self.answers = []
        self.recipient_answers = []
        self.logins = []
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=free_port(),
            authenticator=self._authenticate,
            **options,
        )

    def _authenticate(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"pass/word")

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.recipient_answers:
            return self.recipient_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"

    @property
    def port(self):
        return self._controller.port

    def start(self):
        self._controller.start()
        return self

    def stop(self):
        self._controller.stop()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver = self.server.receiver
        code = receiver.answers.pop(0) if receiver.answers else 204
        receiver.posts.append((dict(self.headers), body))
        if code == 204:
            receiver.taken.add(self.headers["webhook-id"])
        self.send_response(code)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *arguments):
        pass


class WebServer:
    """Keeps what is posted; `answers` are given first, one a post."""

    def __init__(self):
        self.posts = []
        self.answers = []
        self.taken = set()


@contextmanager
def web_server():
    receiver = WebServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.receiver = receiver
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()
