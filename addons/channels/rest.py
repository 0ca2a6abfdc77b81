"""Channel: JSON over HTTP for developers and tests, in Rasa's own format."""

from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from addons.channels.replies import Handler, WholeMessages, replies_to
from addons.rasa_speedups import apply_speedups

LONGEST_MESSAGE = 10_000
LONGEST_SENDER = 255


class RestInput(InputChannel):
    """Rasa's REST channel, without its silence, shared conversations and stream.

    `POST /webhooks/rest/webhook` with `{"sender": "id", "message": "text"}` returns the
    replies. Bad input gets status 400 and says what is wrong.
    """

    @classmethod
    def name(cls) -> str:
        """Part of the channel's address."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "RestInput":
        """Reads the settings in credentials.yml."""
        return cls(**(credentials or {}))

    def __init__(self, longest_message: int = LONGEST_MESSAGE) -> None:
        self._longest_message = longest_message

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Returns the routes of the channel."""
        apply_speedups()
        routes = Blueprint("clinic_rest")

        @routes.listener("after_server_start")
        async def require_model(app: Sanic, _: Any) -> None:
            agent = getattr(app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                raise RuntimeError(
                    "The assistant did not load; the error stands above. Correct it, "
                    "run `make train` if there is no model, and start again."
                )

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            problem = self._problem(request)
            if problem:
                return json({"error": problem}, status=400)
            body = request.json
            message = UserMessage(
                body["message"],
                WholeMessages(),
                body["sender"],
                input_channel=self.name(),
                metadata=body.get("metadata"),
            )
            agent = request.app.ctx.agent
            return json(await replies_to(message, on_new_message, agent))

        return routes

    def _problem(self, request: Request) -> str:
        """Returns what is wrong with a request, empty if nothing is."""
        try:
            body = request.json
        except Exception:  # Sanic raises different errors for bad bodies
            body = None
        if not isinstance(body, dict):
            return 'The body must be JSON such as {"sender": "id", "message": "text"}.'
        sender, message = body.get("sender"), body.get("message")
        if not isinstance(sender, str) or not 0 < len(sender) <= LONGEST_SENDER:
            return (
                '"sender" must be a text of 1 to 255 characters, one for each '
                "conversation."
            )
        if not isinstance(message, str):
            return '"message" must be a text.'
        if len(message) > self._longest_message:
            return f'"message" may have {self._longest_message} characters.'
        return ""
